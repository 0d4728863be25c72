/*
 * runtime/base/message.h: the one way to stderr: a line that begins with the
 * program's name.
 *
 * Any thread but the tick thread. A line is one write, so that lines of several
 * threads stay whole. A full pipe is waited for, with a bound; the next line
 * that is taken says how many were not.
 */
#ifndef RUNTIME_BASE_MESSAGE_H
#define RUNTIME_BASE_MESSAGE_H

#define MESSAGE_MAX	1024 /* bytes of a line, the rest is cut */
#define MESSAGE_WAIT_MS 2000 /* for a reader of stderr, once */

/* Main thread, first of all; name: kept. */
void message_set_program(const char *name);

/* "NAME: " and the text, which has no '\n'. */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
