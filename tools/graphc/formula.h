/*
 * tools/graphc/formula.h: byte counts as formulas of the frame size.
 *
 * Integers, `width`, `height`, + - * / and parentheses, with C's precedence and
 * integer division; 64-bit, every overflow is an error.
 */
#ifndef GRAPHC_FORMULA_H
#define GRAPHC_FORMULA_H

#include <stdint.h>

enum formula_status {
	FORMULA_OK,
	FORMULA_SYNTAX,	  /* not a formula */
	FORMULA_OVERFLOW, /* a step does not fit in 64 bits */
	FORMULA_DIVISION, /* by zero */
	FORMULA_NEGATIVE, /* the result is below zero */
	FORMULA_STATUS_COUNT
};

/* The value of `text` at a size. `offset`: where in the text it failed. */
enum formula_status formula_value(const char *text, uint32_t width,
				  uint32_t height, uint64_t *value,
				  uint32_t *offset);

/* What went wrong, in words. */
const char *formula_problem(enum formula_status status);

#endif
