/*
 * tools/graphc/rules.h: the rules a description can break, by stable name.
 *
 * A message is `file:line:column: error: RULE: what, and the way out`. The
 * names are an interface: scripts match them and tests/graph/bad/ has at least
 * one file for each. Never reuse a name for another rule.
 */
#ifndef GRAPHC_RULES_H
#define GRAPHC_RULES_H

/* clang-format off */
#define RULES(X) \
	X(FILE_OPEN, "file-open", "the file can be opened and read") \
	X(FILE_TYPE, "file-type", "the file is a regular file") \
	X(FILE_SIZE, "file-size", "the file is not empty and not too long") \
	X(TEXT_NUL, "text-nul", "no NUL characters, not even as \"\\0\"") \
	X(TEXT_BOM, "text-bom", "no byte order mark") \
	X(TEXT_UTF8, "text-utf8", "the text is UTF-8") \
	X(TEXT_CONTROL, "text-control", "no control characters but tab and line ends") \
	X(YAML_SYNTAX, "yaml-syntax", "the text is YAML") \
	X(YAML_ANCHOR, "yaml-anchor", "no anchors") \
	X(YAML_ALIAS, "yaml-alias", "no aliases") \
	X(YAML_TAG, "yaml-tag", "no tags") \
	X(YAML_DIRECTIVE, "yaml-directive", "no % directives") \
	X(YAML_DOCUMENTS, "yaml-documents", "exactly one document") \
	X(YAML_DEPTH, "yaml-depth", "collections are not nested too deep") \
	X(YAML_VALUES, "yaml-values", "not too many values in a file or a collection") \
	X(YAML_KEY, "yaml-key", "keys are names") \
	X(DUPLICATE_KEY, "duplicate-key", "a key appears once in its mapping") \
	X(UNKNOWN_KEY, "unknown-key", "only the documented keys") \
	X(MISSING_KEY, "missing-key", "required keys are there") \
	X(WRONG_SHAPE, "wrong-shape", "a value, list or mapping where one belongs") \
	X(NAME_SYNTAX, "name-syntax", "names are letters, digits, _ and -") \
	X(NAME_LENGTH, "name-length", "names are not too long") \
	X(NAME_RESERVED, "name-reserved", "names are not words of C") \
	X(DUPLICATE_NAME, "duplicate-name", "names differ in C, whatever their case") \
	X(SIZE_SYNTAX, "size-syntax", "a size is WIDTHxHEIGHT") \
	X(SIZE_RANGE, "size-range", "width and height are within limits") \
	X(UNKNOWN_FORMAT, "unknown-format", "the pixel format exists") \
	X(RATE_SYNTAX, "rate-syntax", "a rate is N or N/D, integers") \
	X(RATE_RANGE, "rate-range", "the rate is one the board can hold") \
	X(PIPELINE_VALUE, "pipeline-value", "the pipeline is 0 or 1 ticks long") \
	X(CHARACTERS_RANGE, "characters-range", "characters are ranges that there are") \
	X(FONT_SIZES, "font-sizes", "the fonts of a graph are few and small enough") \
	X(FONT_BAKE, "font-bake", "the font can be read and rendered") \
	X(NODE_COUNT, "node-count", "some nodes, and not too many") \
	X(LINK_COUNT, "link-count", "some links, and not too many") \
	X(LINK_SYNTAX, "link-syntax", "a link is node[.port] -> node[.port] ...") \
	X(UNKNOWN_TYPE, "unknown-type", "the node type has a binding") \
	X(DUPLICATE_TYPE, "duplicate-type", "one node directory defines the type") \
	X(UNKNOWN_PARAM, "unknown-param", "the type has the parameter") \
	X(PARAM_TYPE, "param-type", "a value has its parameter's type") \
	X(PARAM_COUNT, "param-count", "a list has its parameter's length") \
	X(PARAM_RANGE, "param-range", "a value is in its parameter's range") \
	X(PARAM_TEXT, "param-text", "a string fits and can be drawn") \
	X(PARAM_FILE, "param-file", "a file that a parameter names can be read") \
	X(FILE_IMAGE, "file-image", "an image is a PNG, and not too large") \
	X(FILE_GRID, "file-grid", "a grid is a table of points") \
	X(PARAM_SOURCE, "param-source", "a source that a parameter names is one") \
	X(UNKNOWN_CHOICE, "unknown-choice", "a choice is one of those offered") \
	X(UNKNOWN_NODE, "unknown-node", "a link names nodes of the graph") \
	X(UNKNOWN_PORT, "unknown-port", "a link names ports of the type") \
	X(AMBIGUOUS_PORT, "ambiguous-port", "a node with several inputs is linked by port") \
	X(NO_INPUT, "no-input", "a link ends at a node with inputs") \
	X(NO_OUTPUT, "no-output", "a link starts at a node with an output") \
	X(SELF_LINK, "self-link", "a node does not feed itself") \
	X(TWO_PRODUCERS, "two-producers", "one link feeds an input") \
	X(UNCONNECTED_INPUT, "unconnected-input", "every input is fed") \
	X(UNUSED_OUTPUT, "unused-output", "every output goes somewhere") \
	X(CYCLE, "cycle", "links form no cycle") \
	X(SINK_COUNT, "sink-count", "some sinks, and not too many") \
	X(SOURCE_COUNT, "source-count", "not too many sources") \
	X(SOURCE_SIZE, "source-size", "a source has the size of what it feeds") \
	X(SOURCE_COLOR, "source-color", "what a source says of its colours exists") \
	X(SOURCE_POLICY, "source-policy", "the policy of a source exists") \
	X(SOURCE_WITH, "source-with", "a source is taken with one that has a policy") \
	X(SOURCE_LOST, "source-lost", "what a lost source shows exists") \
	X(FORMULA_SYNTAX, "formula-syntax", "a byte count is a formula of width and height") \
	X(FORMULA_VALUE, "formula-value", "a formula gives a byte count at this size") \
	X(POOL_SIZE, "pool-size", "the graph fits the board's memory") \
	X(BINDING_TYPE, "binding-type", "a binding defines the type its file is named for") \
	X(BINDING_KIND, "binding-kind", "a binding's kind exists and has what it needs") \
	X(BINDING_PORTS, "binding-ports", "a binding's ports suit its kind") \
	X(BINDING_PARAM, "binding-param", "a binding's parameters are well formed") \
	X(BINDING_COUNTS, "binding-counts", "what a type counts has a name each") \
	X(BINDING_CUDA, "binding-cuda", "a binding's CUDA form can run") \
	X(BINDING_TEXT, "binding-text", "a binding's texts are short and printable") \
	X(BOARD_VALUE, "board-value", "a board's values are in range")
/* clang-format on */

#define RULE_ENUM(id, name, meaning) RULE_##id,
enum rule { RULES(RULE_ENUM) RULE_COUNT };
#undef RULE_ENUM

/* Name as printed, and the rule in words. */
const char *rule_name(enum rule rule);
const char *rule_meaning(enum rule rule);

#endif
