/*
 * runtime/main.h: the program as a function, for those that link another list
 * of drivers than runtime/main.c's.
 */
#ifndef RUNTIME_MAIN_H
#define RUNTIME_MAIN_H

#include "runtime/port/drivers.h"

/* From the command line to the exit status; once a process. */
int tickline(const struct drivers *drivers, int argc, char *argv[]);

#endif
