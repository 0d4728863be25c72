/*
 * drivers/record/beside.h: a file that is written at the end: beside its place
 * first, then renamed over it, so that a reader sees the old one or the new
 * one, never half of one. Main thread.
 */
#ifndef DRIVERS_RECORD_BESIDE_H
#define DRIVERS_RECORD_BESIDE_H

struct beside {
	const char *path;
	char *name; /* of the new file; its own */
	int fd;	    /* the caller's to close, if 0 or more */
};

/* 0, or the errno that says why no file can be put there. Nothing is created.
 * EEXIST: something there is no regular file. */
int beside_why_not(const char *path);

/* 0 or an errno. beside_finish follows in any case. */
int beside_create(struct beside *beside, const char *path);

/* error: 0, or what went wrong with the new file, which then goes away. Returns
 * it, or the errno of putting it in place. */
int beside_finish(struct beside *beside, int error);

#endif
