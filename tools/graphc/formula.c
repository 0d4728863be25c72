/*
 * tools/graphc/formula.c: see formula.h.
 *
 *   sum     = product { (+|-) product }
 *   product = term { (*|/) term }
 *   term    = DIGITS | width | height | ( sum )
 *
 * The first failure is kept; everything after it only returns.
 */
#include "tools/graphc/formula.h"

#include <string.h>

#include "tools/graphc/limits.h"

struct reader {
	const char *text, *at;
	int64_t width, height;
	uint32_t parens;
	enum formula_status status;
	uint32_t offset;
};

static int64_t sum(struct reader *r);

static int64_t fail(struct reader *r, enum formula_status status,
		    const char *at)
{
	if (r->status == FORMULA_OK) {
		r->status = status;
		r->offset = (uint32_t)(at - r->text);
	}
	return 0;
}

/* The next character that is no space, not taken. */
static char peek(struct reader *r)
{
	while (*r->at == ' ')
		r->at++;
	return *r->at;
}

static int64_t number(struct reader *r)
{
	const char *start = r->at;
	int64_t value = 0;

	for (; *r->at >= '0' && *r->at <= '9'; r->at++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *r->at - '0', &value))
			return fail(r, FORMULA_OVERFLOW, start);
	return value;
}

static int64_t word(struct reader *r)
{
	const char *start = r->at;
	size_t bytes = strspn(start, "abcdefghijklmnopqrstuvwxyz_"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	r->at += bytes;
	if (bytes == 5 && !memcmp(start, "width", 5))
		return r->width;
	if (bytes == 6 && !memcmp(start, "height", 6))
		return r->height;
	return fail(r, FORMULA_SYNTAX, start);
}

static int64_t parenthesis(struct reader *r)
{
	const char *start = r->at++;
	int64_t value;

	if (++r->parens > LIMIT_PARENS)
		return fail(r, FORMULA_SYNTAX, start);
	value = sum(r);
	r->parens--;
	if (peek(r) != ')')
		return fail(r, FORMULA_SYNTAX, r->at);
	r->at++;
	return value;
}

static int64_t term(struct reader *r)
{
	char next = peek(r);

	if (next >= '0' && next <= '9')
		return number(r);
	if (next == '(')
		return parenthesis(r);
	return word(r);
}

static int64_t product(struct reader *r)
{
	int64_t right, value = term(r);
	const char *start;

	while (r->status == FORMULA_OK && (peek(r) == '*' || *r->at == '/')) {
		start = r->at++;
		right = term(r);
		if (r->status != FORMULA_OK)
			return 0;
		if (*start == '/' && !right)
			return fail(r, FORMULA_DIVISION, start);
		/* Neither INT64_MIN nor -1 can come from a sum of positive
		 * terms and both at once, but be sure of it. */
		if (*start == '/' && right == -1 && value == INT64_MIN)
			return fail(r, FORMULA_OVERFLOW, start);
		if (*start == '/')
			value /= right;
		else if (__builtin_mul_overflow(value, right, &value))
			return fail(r, FORMULA_OVERFLOW, start);
	}
	return value;
}

static int64_t sum(struct reader *r)
{
	int64_t right, value = product(r);
	const char *start;

	while (r->status == FORMULA_OK && (peek(r) == '+' || *r->at == '-')) {
		start = r->at++;
		right = product(r);
		if (*start == '+'
			    ? __builtin_add_overflow(value, right, &value)
			    : __builtin_sub_overflow(value, right, &value))
			return fail(r, FORMULA_OVERFLOW, start);
	}
	return value;
}

enum formula_status formula_value(const char *text, uint32_t width,
				  uint32_t height, uint64_t *value,
				  uint32_t *offset)
{
	struct reader r = {
		.text = text, .at = text, .width = width, .height = height};
	int64_t result = sum(&r);

	if (r.status == FORMULA_OK && peek(&r))
		fail(&r, FORMULA_SYNTAX, r.at);
	if (r.status == FORMULA_OK && result < 0)
		fail(&r, FORMULA_NEGATIVE, text);
	*value = r.status == FORMULA_OK ? (uint64_t)result : 0;
	*offset = r.offset;
	return r.status;
}

const char *formula_problem(enum formula_status status)
{
	static const char *const problems[FORMULA_STATUS_COUNT] = {
		[FORMULA_OK] = "it is right",
		[FORMULA_SYNTAX] = "write integers, width, height, + - * / ( )",
		[FORMULA_OVERFLOW] = "it overflows 64 bits",
		[FORMULA_DIVISION] = "it divides by zero",
		[FORMULA_NEGATIVE] = "it is negative",
	};

	return problems[status];
}
