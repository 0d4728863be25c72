/*
 * drivers/display/kms/card.h: one open file of a DRM device, shared by the
 * sinks of this program that are on it: the file with its rights as master and
 * its queue of events, and which of its objects each of them has.
 *
 * A sink has a claim on its card, which is what keeps the file open, and a copy
 * of the file's number. Claims are made, changed and read by the main thread,
 * and from the start of their helper thread on by that one alone (helper.h). The
 * tick thread does not look in here.
 */
#ifndef DRIVERS_DISPLAY_KMS_CARD_H
#define DRIVERS_DISPLAY_KMS_CARD_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/display/kms/node.h"
#include "graph/graph.h"
#include "runtime/port/display.h"

struct kms_helper;

/* What one sink has. Object ids; 0: none yet. */
struct kms_claim {
	bool is_used;
	bool is_shown; /* a commit with these has gone through */
	uint32_t connector, crtc, plane;
	uint32_t under; /* below an overlay that has the CRTC for itself */
};

/* One for each sink, and one for a look at what another choice would be. */
#define KMS_CLAIMS_MAX (GRAPH_SINKS_MAX + 1)

struct kms_card {
	/* constant once a helper runs */
	int fd;
	bool inherited; /* the caller's: neither restored nor left dark */
	bool is_alone;	/* one sink's for good: none joins it */
	char path[KMS_PATH_MAX];
	struct kms_helper *helper; /* of its sinks; NULL: nobody's yet */
	/* that helper's */
	bool is_away; /* the file answered ENODEV: nobody joins it any more */
	bool is_drained; /* of events of who had the file before */
	bool is_measured;
	enum display_stamp stamp; /* of a driver without vblank, once measured */
	struct kms_claim claim[KMS_CLAIMS_MAX];
};

/*
 * A claim on the card of this device, by any of its paths, that is open already
 * and whose helper this is; helper NULL: any. NULL: there is none, or it was lost.
 * inherited: of any such card, the first after `after`.
 */
struct kms_card *kms_card_join(const char *path,
			       const struct kms_helper *helper,
			       struct kms_claim **claim);
struct kms_card *kms_card_join_inherited(const struct kms_card *after,
					 struct kms_claim **claim);

/* A card for a file just opened, with a first claim; the values of `like` that
 * are constant. NULL: no memory; the file stays the caller's. */
struct kms_card *kms_card_create(const struct kms_card *like,
				 struct kms_claim **claim);

/* Gives a claim back; the last one closes the file. */
void kms_card_leave(struct kms_card *card, struct kms_claim *claim);

/* Inherited files that cards have, by bit. */
uint64_t kms_card_inherited(void);

/* Whether a connector, CRTC or plane is another sink's. */
bool kms_card_is_others(const struct kms_card *card,
			const struct kms_claim *own, uint32_t object);

/* The same, and its picture is on view with it. */
bool kms_card_is_in_use(const struct kms_card *card,
			const struct kms_claim *own, uint32_t object);

#endif
