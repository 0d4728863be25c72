/*
 * tools/graphc/binding_param.c: parameters of a binding, and values for them.
 *
 * The C layout computed here is only a promise: the generated file asserts it
 * against the real struct foo_params.
 */
#include "tools/graphc/binding_param.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/text.h"
#include "tools/bakefont/faces.h"
#include "tools/graphc/number.h"

static const struct tree_key keys[] = {
	{"type", TREE_SCALAR, true},	   {"min", TREE_SCALAR, false},
	{"max", TREE_SCALAR, false},	   {"default", TREE_KIND_COUNT, false},
	{"unit", TREE_SCALAR, false},	   {"doc", TREE_SCALAR, false},
	{"choices", TREE_SEQUENCE, false}, {"font", TREE_SCALAR, false},
	{"kind", TREE_SCALAR, false},
};

/* Those of values, then those that name something. */
static const char *const type_names[] = {"int",	 "float",  "color",
					 "bool", "choice", "rgba",
					 "string", "file", "source"};

#define TYPE_FILE   GRAPH_PARAM_TYPE_COUNT
#define TYPE_SOURCE (GRAPH_PARAM_TYPE_COUNT + 1)
#define TYPE_COUNT  (GRAPH_PARAM_TYPE_COUNT + 2)

_Static_assert(sizeof(type_names) / sizeof(type_names[0]) == TYPE_COUNT,
	       "a name for each parameter type");

const char *binding_param_type_name(const struct binding_param *param)
{
	if (param->reference == REFERENCE_SOURCE)
		return type_names[TYPE_SOURCE];
	return type_names[param->reference ? TYPE_FILE : param->type];
}

uint32_t binding_element_bytes(enum graph_param_type type)
{
	return type == GRAPH_PARAM_FLOAT ? 8
	       : type == GRAPH_PARAM_STRING ? 1
					    : 4;
}

static bool is_number(enum graph_param_type type)
{
	return type == GRAPH_PARAM_INT || type == GRAPH_PARAM_FLOAT;
}

/* "[2]" of "float[2]" or "string[40]", from `least` on. */
static bool read_count(const char *text, uint32_t least, uint32_t *count)
{
	char ending[16];

	for (*count = least; *count <= LIMIT_ELEMENTS; ++*count) {
		snprintf(ending, sizeof(ending), "[%u]", *count);
		if (!strcmp(text, ending))
			return true;
	}
	return false;
}

static int read_reference(struct binding_param *param,
			  const struct tree *value, uint32_t type,
			  struct diag *diag)
{
	param->type = GRAPH_PARAM_CHOICE;
	param->reference =
		type == TYPE_SOURCE ? REFERENCE_SOURCE : REFERENCE_IMAGE;
	if (!strcmp(value->text, type_names[type]))
		return 0;
	return diag_refuse(diag, value->at, RULE_BINDING_PARAM,
			   "'%s': type %s is no array",
			   diag_quote(diag, value->text), type_names[type]);
}

/* "float", "float[2]", "string[40]", "file". */
static int param_read_type(struct binding_param *param, const struct tree *value,
		     struct diag *diag)
{
	size_t bytes = strcspn(value->text, "[");
	uint32_t type;

	for (type = 0; type < TYPE_COUNT; type++)
		if (bytes == strlen(type_names[type]) &&
		    !memcmp(value->text, type_names[type], bytes))
			break;
	if (type == TYPE_COUNT)
		return diag_refuse(diag, value->at, RULE_BINDING_PARAM,
				   "no parameter type '%s'%s",
				   diag_quote(diag, value->text),
				   diag_hint(diag, value->text, type_names,
					     TYPE_COUNT));
	param->count = 1;
	if (type >= TYPE_FILE)
		return read_reference(param, value, type, diag);
	param->type = (enum graph_param_type)type;
	if (param->type == GRAPH_PARAM_STRING) {
		if (read_count(value->text + bytes, 1, &param->count)) {
			param->count++;
			return 0;
		}
		return diag_refuse(diag, value->at, RULE_BINDING_PARAM,
				   "'%s': a string is string[N], N bytes at "
				   "most, 1 to %d",
				   diag_quote(diag, value->text),
				   LIMIT_ELEMENTS);
	}
	if (!value->text[bytes] ||
	    read_count(value->text + bytes, 2, &param->count))
		return 0;
	return diag_refuse(diag, value->at, RULE_BINDING_PARAM,
			   "'%s': an array is TYPE[N], N from 2 to %d",
			   diag_quote(diag, value->text), LIMIT_ELEMENTS);
}

static int read_limit(const struct binding_param *param,
		      const struct tree *tree, const char *key, double *limit,
		      struct diag *diag)
{
	const struct tree *value = tree_get(tree, key);
	int64_t whole;

	if (!value)
		return 0;
	if (!is_number(param->type))
		return diag_refuse(diag, value->key_at, RULE_BINDING_PARAM,
				   "type %s has no '%s'",
				   binding_param_type_name(param), key);
	if (param->type == GRAPH_PARAM_FLOAT && value->plain &&
	    number_float(value->text, limit))
		return 0;
	if (param->type == GRAPH_PARAM_INT && value->plain &&
	    number_int(value->text, &whole) && whole >= INT32_MIN &&
	    whole <= INT32_MAX) {
		*limit = (double)whole;
		return 0;
	}
	return diag_refuse(diag, value->at, RULE_BINDING_PARAM,
			   "'%s' of type %s cannot be '%s'", key,
			   type_names[param->type],
			   diag_quote(diag, value->text));
}

static int read_limits(struct binding_param *param, const struct tree *tree,
		       struct diag *diag)
{
	bool whole = param->type == GRAPH_PARAM_INT;

	if (is_number(param->type)) {
		param->min = whole ? INT32_MIN : -DBL_MAX;
		param->max = whole ? INT32_MAX : DBL_MAX;
	}
	if (read_limit(param, tree, "min", &param->min, diag) ||
	    read_limit(param, tree, "max", &param->max, diag))
		return -1;
	if (param->min > param->max)
		return diag_refuse(diag, tree->at, RULE_BINDING_PARAM,
				   "min is above max");
	return 0;
}

static int read_choice(struct binding_param *param, const char **choices,
		       const struct tree *choice, struct diag *diag)
{
	uint32_t i;

	if (choice->kind != TREE_SCALAR || !*choice->text)
		return diag_refuse(diag, choice->at, RULE_BINDING_PARAM,
				   "a choice is a word");
	if (binding_text(choice, &choices[param->choice_count], diag))
		return -1;
	for (i = 0; i < param->choice_count; i++)
		if (!strcmp(choices[i], choice->text))
			return diag_refuse(diag, choice->at, RULE_BINDING_PARAM,
					   "choice '%s' is there twice",
					   choice->text);
	param->choice_count++;
	return 0;
}

static int read_choices(struct binding_param *param, const struct tree *tree,
			struct arena *arena, struct diag *diag)
{
	const struct tree *choice, *list = tree_get(tree, "choices");
	bool wanted = param->type == GRAPH_PARAM_CHOICE && !param->reference;
	const char **choices;

	if (!list && !wanted)
		return 0;
	if (!list || !wanted)
		return diag_refuse(diag, list ? list->key_at : tree->at,
				   RULE_BINDING_PARAM,
				   "type choice needs 'choices', and no other "
				   "has them");
	if (!list->count || list->count > LIMIT_CHOICES)
		return diag_refuse(diag, list->at, RULE_BINDING_PARAM,
				   "%u choices; 1 to %d are possible",
				   list->count, LIMIT_CHOICES);
	choices = arena_alloc(arena, list->count + 1, sizeof(*choices));
	for (choice = list->first; choice; choice = choice->next)
		if (read_choice(param, choices, choice, diag))
			return -1;
	param->choices = choices;
	return 0;
}

/* Is the number a size of a font, in which graphc bakes one? */
static int read_font(struct binding_param *param, const struct tree *tree,
		     struct diag *diag)
{
	const struct tree *font = tree_get(tree, "font");

	if (!font)
		return 0;
	if (strcmp(font->text, "true") || param->type != GRAPH_PARAM_INT ||
	    param->count != 1 || param->min < FACES_SIZE_MIN ||
	    param->max > FACES_SIZE_MAX)
		return diag_refuse(diag, font->at, RULE_BINDING_PARAM,
				   "'font: true' says that an int within %d "
				   "and %d is a font's size",
				   FACES_SIZE_MIN, FACES_SIZE_MAX);
	param->font = true;
	return 0;
}

/* What a file holds; read_reference has made it an image. */
static int param_read_kind(struct binding_param *param, const struct tree *tree,
		     struct diag *diag)
{
	static const char *const kinds[] = {"image", "grid"};
	const struct tree *kind = tree_get(tree, "kind");
	bool file = param->reference && param->reference != REFERENCE_SOURCE;

	if (!kind && !file)
		return 0;
	if (!kind || !file)
		return diag_refuse(diag, kind ? kind->key_at : tree->at,
				   RULE_BINDING_PARAM,
				   "type file needs 'kind', and no other has "
				   "it");
	if (!strcmp(kind->text, kinds[1]))
		param->reference = REFERENCE_GRID;
	else if (strcmp(kind->text, kinds[0]) != 0)
		return diag_refuse(diag, kind->at, RULE_BINDING_PARAM,
				   "no kind of file '%s'%s",
				   diag_quote(diag, kind->text),
				   diag_hint(diag, kind->text, kinds, 2));
	return 0;
}

/* A reference has none but "", for nothing; without it the graph must name one. */
static int read_default(struct binding_param *param, const struct tree *tree,
			double *defaults, struct diag *diag)
{
	const struct tree *value = tree_get(tree, "default");

	if (!param->reference && !value)
		return diag_refuse(diag, tree->at, RULE_MISSING_KEY,
				   "parameter '%s' needs the key 'default'",
				   param->name);
	if (!param->reference)
		return binding_value(param, value, defaults, diag);
	param->required = !value;
	if (!value || (value->kind == TREE_SCALAR && !*value->text))
		return 0;
	return diag_refuse(diag, value->at, RULE_BINDING_PARAM,
			   "the default of type %s is \"\", nothing; without "
			   "one a graph has to say which",
			   binding_param_type_name(param));
}

static int read_param(struct binding_param *param, const struct tree *tree,
		      struct arena *arena, struct diag *diag)
{
	const struct tree *unit, *doc;
	double *defaults;
	char what[LIMIT_NAME + 16];

	if (name_check(tree->key, true, "parameter", tree->key_at, diag))
		return -1;
	param->name = tree->key;
	param->unit = "";
	param->doc = "";
	snprintf(what, sizeof(what), "parameter '%s'", param->name);
	if (tree_check_keys(tree, keys, sizeof(keys) / sizeof(keys[0]), what,
			    diag) ||
	    param_read_type(param, tree_get(tree, "type"), diag) ||
	    read_limits(param, tree, diag) ||
	    param_read_kind(param, tree, diag) ||
	    read_choices(param, tree, arena, diag) ||
	    read_font(param, tree, diag))
		return -1;
	unit = tree_get(tree, "unit");
	doc = tree_get(tree, "doc");
	if ((unit && binding_text(unit, &param->unit, diag)) ||
	    (doc && binding_text(doc, &param->doc, diag)))
		return -1;
	defaults = arena_alloc(arena, param->count, sizeof(*defaults));
	param->defaults = defaults;
	return read_default(param, tree, defaults, diag);
}

int binding_params(struct binding *binding, const struct tree *params,
		   struct arena *arena, struct diag *diag)
{
	uint32_t bytes, align = 1, end = 0;
	const struct tree *tree;
	struct binding_param *param;

	if (params && params->count > LIMIT_PARAMS)
		return diag_refuse(diag, params->at, RULE_BINDING_PARAM,
				   "%u parameters; the limit is %d",
				   params->count, LIMIT_PARAMS);
	for (tree = params ? params->first : NULL; tree; tree = tree->next) {
		param = &binding->params[binding->param_count++];
		if (read_param(param, tree, arena, diag))
			return -1;
		bytes = binding_element_bytes(param->type);
		end = (end + bytes - 1) / bytes * bytes;
		param->offset = end;
		end += bytes * param->count;
		align = bytes > align ? bytes : align;
	}
	binding->params_bytes = (end + align - 1) / align * align;
	return 0;
}

static int refuse_type(const struct binding_param *param,
		       const struct tree *value, struct diag *diag)
{
	static const char *const wanted[] = {
		[GRAPH_PARAM_INT] = "a whole number",
		[GRAPH_PARAM_FLOAT] = "a number",
		[GRAPH_PARAM_COLOR] = "a colour, written \"#rrggbb\" in quotes",
		[GRAPH_PARAM_BOOL] = "true or false",
		[GRAPH_PARAM_CHOICE] = "one of its choices",
		[GRAPH_PARAM_RGBA] =
			"a colour, written \"#rrggbb\" or \"#rrggbbaa\" in quotes",
		[GRAPH_PARAM_STRING] = "a text",
	};

	return diag_refuse(
		diag, value->at, RULE_PARAM_TYPE, "'%s' is %s, not %s%s%s",
		param->name, wanted[param->type],
		value->kind == TREE_SCALAR ? (value->plain ? "'" : "the text '")
					   : tree_kind_name(value->kind),
		value->kind == TREE_SCALAR ? diag_quote(diag, value->text) : "",
		value->kind == TREE_SCALAR ? "'" : "");
}

static int read_number(const struct binding_param *param,
		       const struct tree *value, double *number,
		       struct diag *diag)
{
	int64_t whole;

	if (!value->plain)
		return refuse_type(param, value, diag);
	if (param->type == GRAPH_PARAM_INT) {
		if (!number_int(value->text, &whole))
			return refuse_type(param, value, diag);
		*number = (double)whole;
	} else if (!number_float(value->text, number)) {
		return refuse_type(param, value, diag);
	}
	if (*number < param->min || *number > param->max)
		return diag_refuse(diag, value->at, RULE_PARAM_RANGE,
				   "'%s' is %s; its range is %.9g to %.9g%s%s",
				   param->name, diag_quote(diag, value->text),
				   param->min, param->max,
				   *param->unit ? " " : "", param->unit);
	return 0;
}

static int read_choice_value(const struct binding_param *param,
			     const struct tree *value, double *number,
			     struct diag *diag)
{
	uint32_t i;

	for (i = 0; i < param->choice_count; i++)
		if (!strcmp(value->text, param->choices[i]))
			break;
	if (i == param->choice_count)
		return diag_refuse(diag, value->at, RULE_UNKNOWN_CHOICE,
				   "'%s' cannot be '%s'%s", param->name,
				   diag_quote(diag, value->text),
				   diag_hint(diag, value->text, param->choices,
					     param->choice_count));
	*number = i;
	return 0;
}

static int read_element(const struct binding_param *param,
			const struct tree *value, double *number,
			struct diag *diag)
{
	uint32_t color;

	if (value->kind != TREE_SCALAR)
		return refuse_type(param, value, diag);
	switch (param->type) {
	case GRAPH_PARAM_COLOR:
		if (!number_color(value->text, &color))
			return refuse_type(param, value, diag);
		*number = color;
		return 0;
	case GRAPH_PARAM_RGBA:
		if (!number_rgba(value->text, &color))
			return refuse_type(param, value, diag);
		*number = color;
		return 0;
	case GRAPH_PARAM_BOOL:
		*number = !strcmp(value->text, "true");
		if (!value->plain ||
		    (*number == 0 && strcmp(value->text, "false")))
			return refuse_type(param, value, diag);
		return 0;
	case GRAPH_PARAM_CHOICE:
		return read_choice_value(param, value, number, diag);
	default:
		return read_number(param, value, number, diag);
	}
}

static int read_string(const struct binding_param *param,
		       const struct tree *value, double *values,
		       struct diag *diag)
{
	enum text_fault fault;
	size_t i, bytes;
	uint32_t code;

	if (value->kind != TREE_SCALAR)
		return refuse_type(param, value, diag);
	bytes = strlen(value->text);
	if (bytes >= param->count)
		return diag_refuse(diag, value->at, RULE_PARAM_TEXT,
				   "'%s' has %zu bytes; %u are possible",
				   param->name, bytes, param->count - 1);
	fault = text_check(value->text, bytes, &code);
	if (fault == TEXT_NOT_UTF8)
		return diag_refuse(diag, value->at, RULE_PARAM_TEXT, "'%s' %s",
				   param->name, text_fault_words(fault));
	if (fault)
		return diag_refuse(diag, value->at, RULE_PARAM_TEXT,
				   "'%s': U+%04X %s", param->name, code,
				   text_fault_words(fault));
	for (i = 0; i < param->count; i++)
		values[i] = i < bytes ? (unsigned char)value->text[i] : 0;
	return 0;
}

int binding_value(const struct binding_param *param, const struct tree *value,
		  double *values, struct diag *diag)
{
	const struct tree *element;
	uint32_t i = 0;

	if (param->type == GRAPH_PARAM_STRING)
		return read_string(param, value, values, diag);
	if (param->count == 1)
		return read_element(param, value, values, diag);
	if (value->kind != TREE_SEQUENCE || value->count != param->count)
		return diag_refuse(diag, value->at, RULE_PARAM_COUNT,
				   "'%s' is a list of %u values, like [a, b]",
				   param->name, param->count);
	for (element = value->first; element; element = element->next)
		if (read_element(param, element, &values[i++], diag))
			return -1;
	return 0;
}
