/* tools/graphc/number.c: see number.h. */
#include "tools/graphc/number.h"

#include <float.h>
#include <string.h>

#include "runtime/base/text.h"
#include "tools/graphc/limits.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t number_digits(const char *text)
{
	size_t count = 0;

	while (is_digit(text[count]))
		count++;
	return count;
}

bool number_int(const char *text, int64_t *value)
{
	const int64_t most = 999999999999999999;

	return text_to_int(text, strlen(text), -most, most, value);
}

bool number_float(const char *text, double *value)
{
	return text_to_float(text, strlen(text), -DBL_MAX, DBL_MAX, value);
}

bool number_color(const char *text, uint32_t *value)
{
	return text_to_color(text, strlen(text), value);
}

bool number_rgba(const char *text, uint32_t *value)
{
	return text_to_rgba(text, strlen(text), value);
}

bool number_bytes(const char *text, uint64_t *value)
{
	static const struct {
		const char *unit;
		uint32_t shift;
	} units[] = {{"", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
	size_t i, j, count = number_digits(text);
	uint64_t sum = 0;

	if (!count || count > 15)
		return false;
	for (j = 0; j < count; j++)
		sum = sum * 10 + (uint64_t)(text[j] - '0');
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(text + count, units[i].unit))
			continue;
		*value = sum << units[i].shift;
		return *value >> units[i].shift == sum;
	}
	return false;
}

static bool take_uint(const char **text, uint32_t *value)
{
	size_t i, count = number_digits(*text);

	if (!count || count > 9)
		return false;
	*value = 0;
	for (i = 0; i < count; i++)
		*value = *value * 10 + (uint32_t)((*text)[i] - '0');
	*text += count;
	return true;
}

bool number_pair(const char *text, char separator, bool optional,
		 uint32_t *first, uint32_t *second)
{
	if (!take_uint(&text, first))
		return false;
	if (optional && !*text)
		return true;
	return *text++ == separator && take_uint(&text, second) && !*text;
}

/* Words that cannot be names in C11 or C++ (CUDA), and macros of gnu11. */
/* clang-format off */
static const char *const reserved[] = {
	"alignas", "alignof", "and", "asm", "auto", "bool",
	"break", "case", "catch", "char", "class", "const",
	"continue", "default", "delete", "do", "double", "else",
	"enum", "explicit", "export", "extern", "false", "float",
	"for", "friend", "goto", "if", "inline", "int",
	"linux", "long", "mutable", "namespace", "new", "not",
	"NULL", "operator", "or", "private", "protected", "public",
	"register", "restrict", "return", "short", "signed", "sizeof",
	"static", "struct", "switch", "template", "this", "throw",
	"true", "try", "typedef", "typeid", "typename", "typeof",
	"union", "unix", "unsigned", "using", "virtual", "void",
	"volatile", "while", "xor",
};
/* clang-format on */

int name_check(const char *name, bool strict, const char *what, struct where at,
	       struct diag *diag)
{
	size_t i, bytes = strlen(name);

	if (bytes > LIMIT_NAME)
		return diag_refuse(diag, at, RULE_NAME_LENGTH,
				   "%s name '%s' has %zu characters; the limit "
				   "is %d",
				   what, diag_quote(diag, name), bytes,
				   LIMIT_NAME);
	for (i = 0; i < bytes; i++)
		if (!is_letter(name[i]) &&
		    (!i || (!is_digit(name[i]) && name[i] != '_' &&
			    (strict || name[i] != '-'))))
			break;
	if (!bytes || i < bytes || name[bytes - 1] == '-')
		return diag_refuse(diag, at, RULE_NAME_SYNTAX,
				   "%s name '%s' is not a letter followed by "
				   "letters, digits%s",
				   what, diag_quote(diag, name),
				   strict ? " and '_'" : ", '_' and inner '-'");
	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!strcmp(name, reserved[i]))
			return diag_refuse(diag, at, RULE_NAME_RESERVED,
					   "'%s' is a word of C; give the %s "
					   "another name",
					   name, what);
	return 0;
}

static char folded(char c)
{
	if (c == '-')
		return '_';
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool name_same(const char *a, const char *b)
{
	while (*a && folded(*a) == folded(*b)) {
		a++;
		b++;
	}
	return folded(*a) == folded(*b);
}
