/*
 * drivers/display/kms/card.c: see card.h.
 */
#include "drivers/display/kms/card.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <xf86drm.h>

#define CARDS_MAX (2 * GRAPH_SINKS_MAX)

/* The cards of this program. Each is its helper's; the list is everybody's. */
static struct kms_card *cards[CARDS_MAX];
static pthread_mutex_t cards_lock = PTHREAD_MUTEX_INITIALIZER;

static struct kms_claim *claim_take(struct kms_card *card)
{
	uint32_t i;

	for (i = 0; i < KMS_CLAIMS_MAX; i++)
		if (!card->claim[i].is_used) {
			card->claim[i] = (struct kms_claim){.is_used = true};
			return &card->claim[i];
		}
	return NULL;
}

/* A file that answers ENODEV stays away for good, whatever has its path now. */
static bool card_serves(struct kms_card *card)
{
	uint64_t value;

	if (drmGetCap(card->fd, DRM_CAP_DUMB_BUFFER, &value) == -ENODEV)
		card->is_away = true;
	return !card->is_away;
}

struct kms_card *kms_card_join(const char *path,
			       const struct kms_helper *helper,
			       struct kms_claim **claim)
{
	struct kms_card *found = NULL;
	uint32_t i;

	pthread_mutex_lock(&cards_lock);
	for (i = 0; i < CARDS_MAX; i++)
		if (cards[i] && (!helper || cards[i]->helper == helper) &&
		    !cards[i]->is_away && !cards[i]->is_alone &&
		    kms_node_is(cards[i]->fd, path))
			found = cards[i];
	pthread_mutex_unlock(&cards_lock);
	if (!found || !card_serves(found))
		return NULL;
	*claim = claim_take(found);
	return *claim ? found : NULL;
}

struct kms_card *kms_card_join_inherited(const struct kms_card *after,
					 struct kms_claim **claim)
{
	struct kms_card *found = NULL;
	bool is_past = !after;
	uint32_t i;

	pthread_mutex_lock(&cards_lock);
	for (i = 0; i < CARDS_MAX && !found; i++) {
		if (is_past && cards[i] && cards[i]->inherited &&
		    !cards[i]->is_alone)
			found = cards[i];
		is_past = is_past || cards[i] == after;
	}
	pthread_mutex_unlock(&cards_lock);
	*claim = found ? claim_take(found) : NULL;
	return *claim ? found : NULL;
}

static bool card_enter(struct kms_card *card)
{
	uint32_t i;

	pthread_mutex_lock(&cards_lock);
	for (i = 0; i < CARDS_MAX && cards[i]; i++)
		;
	if (i < CARDS_MAX)
		cards[i] = card;
	pthread_mutex_unlock(&cards_lock);
	return i < CARDS_MAX;
}

struct kms_card *kms_card_create(const struct kms_card *like,
				 struct kms_claim **claim)
{
	struct kms_card *card = calloc(1, sizeof(*card));

	if (!card)
		return NULL;
	*card = *like;
	*claim = claim_take(card);
	if (card_enter(card))
		return card;
	free(card);
	return NULL;
}

static void card_forget(const struct kms_card *card)
{
	uint32_t i;

	pthread_mutex_lock(&cards_lock);
	for (i = 0; i < CARDS_MAX; i++)
		if (cards[i] == card)
			cards[i] = NULL;
	pthread_mutex_unlock(&cards_lock);
}

void kms_card_leave(struct kms_card *card, struct kms_claim *claim)
{
	uint32_t i;

	*claim = (struct kms_claim){.is_used = false};
	for (i = 0; i < KMS_CLAIMS_MAX; i++)
		if (card->claim[i].is_used)
			return;
	card_forget(card);
	kms_node_close(card->fd);
	free(card);
}

uint64_t kms_card_inherited(void)
{
	uint64_t files = 0;
	uint32_t i;

	pthread_mutex_lock(&cards_lock);
	for (i = 0; i < CARDS_MAX; i++)
		if (cards[i] && cards[i]->inherited)
			files |= UINT64_C(1) << cards[i]->fd;
	pthread_mutex_unlock(&cards_lock);
	return files;
}

static bool claim_has(const struct kms_claim *claim, uint32_t object)
{
	return claim->is_used && object &&
	       (claim->connector == object || claim->crtc == object ||
		claim->plane == object || claim->under == object);
}

bool kms_card_is_others(const struct kms_card *card,
			const struct kms_claim *own, uint32_t object)
{
	uint32_t i;

	for (i = 0; i < KMS_CLAIMS_MAX; i++)
		if (&card->claim[i] != own && claim_has(&card->claim[i], object))
			return true;
	return false;
}

bool kms_card_is_in_use(const struct kms_card *card,
			const struct kms_claim *own, uint32_t object)
{
	uint32_t i;

	for (i = 0; i < KMS_CLAIMS_MAX; i++)
		if (&card->claim[i] != own && card->claim[i].is_shown &&
		    claim_has(&card->claim[i], object))
			return true;
	return false;
}
