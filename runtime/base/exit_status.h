/*
 * runtime/base/exit_status.h: the one table of exit statuses, for every program
 * that a graph becomes. sysexits.h numbers where they fit.
 */
#ifndef RUNTIME_BASE_EXIT_STATUS_H
#define RUNTIME_BASE_EXIT_STATUS_H

enum exit_status {
	EXIT_STATUS_OK = 0,	    /* done */
	EXIT_STATUS_USAGE = 64,	    /* bad options */
	EXIT_STATUS_NO_DEVICE = 69, /* device not there */
	EXIT_STATUS_INTERNAL = 70,  /* an internal check failed */
	EXIT_STATUS_OS_LIMIT = 71,  /* an operating-system limit */
	EXIT_STATUS_GPU_LOST = 75,  /* GPU lost, or it hangs */
	EXIT_STATUS_NO_PERMISSION = 77, /* permission, also no SCHED_FIFO with
					   --require-rt */
	EXIT_STATUS_MACHINE = 78,	/* this machine cannot run it */
};

#endif
