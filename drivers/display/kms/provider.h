/*
 * drivers/display/kms/provider.h: whose memory the slots are, and how a device
 * comes to draw in it: one table, walked.
 *
 * A provider gives each buffer a framebuffer, an address and a pitch once, when
 * it is made; frames cost it nothing. With one of a device's (is_device) a
 * frame is drawn where the screen reads it: no copy, and no private frame
 * beside it. Each says in its own file where it works, by whose word, and what
 * of it has been run.
 */
#ifndef DRIVERS_DISPLAY_KMS_PROVIDER_H
#define DRIVERS_DISPLAY_KMS_PROVIDER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "runtime/port/display.h"

#define KMS_PROVIDERS_MAX 8

struct kms_buffer;
struct kms_maker;

struct kms_provider {
	const char *name; /* of --display kms,buffers= */
	bool is_device;	  /* the slots are the device's memory */
	/*
	 * A dumb buffer, mapped, with its framebuffer and its GEM handle, to
	 * buffer->device. False: maker->line says why not. NULL: the CPU draws.
	 */
	bool (*attach)(struct kms_buffer *buffer, struct kms_maker *maker,
		       int fd, uint32_t handle);
	/*
	 * In place of a dumb buffer: memory of width x height as wanted, black,
	 * with pitch, bytes, the CPU's mapping and the device's, a GEM handle
	 * that the caller gives back. False: maker->line says why not; what is
	 * in buffer->own is ended then, too. NULL: a dumb buffer it is.
	 */
	bool (*make)(struct kms_buffer *buffer, struct kms_maker *maker, int fd,
		     uint32_t *handle);
	/* The end of what make made, after the device's mapping. */
	void (*end)(struct kms_buffer *buffer, struct kms_maker *maker);
	/* The CPU is about to read what the device drew. False: maker->line.
	 * NULL: nothing to do. */
	bool (*sync)(struct kms_buffer *buffer, struct kms_maker *maker);
	/* --probe: what is missing here, without opening a device, and false.
	 * NULL: trying tells. */
	bool (*probe)(char *line, size_t line_bytes);
};

extern const struct kms_provider kms_provider_dumb, kms_provider_hostreg,
	kms_provider_import, kms_provider_nvbuf;

/* Who makes an output's buffers. */
struct kms_maker {
	const struct kms_provider *provider;
	const struct display_memory *memory; /* NULL: the CPU draws */
	bool is_busy; /* the device did not come to an end: nothing that it has
			 mapped is given back any more */
	const void *library; /* the provider's */
	char line[DISPLAY_MAP_LINE_MAX]; /* what was refused last */
};

/* NULL: there is none of that name. */
const struct kms_provider *kms_provider_find(const char *name);

/* "dumb, dumb-hostreg, ...": all there are. */
void kms_provider_list(char *text, size_t bytes);

/*
 * In which order `buffers=auto` tries those of a device's, then NULL: that of a
 * board, names with spaces between them, "": the program's own. `dumb` stands
 * behind them all, and what there is not is left out.
 */
void kms_provider_order_of(const char *board,
			   const struct kms_provider *order[KMS_PROVIDERS_MAX]);

/* --probe: what auto would try, and what is not here for it, in one line. */
void kms_provider_probe(FILE *out);

/* The same order, of this program's board: BOARD_KMS_BUFFERS in its board.mk. */
void kms_provider_order(const struct kms_provider *order[KMS_PROVIDERS_MAX]);

#endif
