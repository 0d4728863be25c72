/*
 * drivers/display/kms/provider.c: see provider.h.
 */
#include "drivers/display/kms/provider.h"

#include <string.h>

#include "runtime/base/text.h"

/* In the order of auto. First what is documented for where it works, then what
 * users report; trying tells. */
static const struct kms_provider *const providers[] = {
	&kms_provider_import,
	&kms_provider_hostreg,
	&kms_provider_nvbuf,
	&kms_provider_dumb,
};

#define PROVIDER_COUNT (sizeof(providers) / sizeof(providers[0]))
_Static_assert(PROVIDER_COUNT < KMS_PROVIDERS_MAX, "and NULL");

#ifndef KMS_BUFFERS_ORDER
#define KMS_BUFFERS_ORDER ""
#endif

static const struct kms_provider *provider_find(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < PROVIDER_COUNT; i++)
		if (text_is(name, length, providers[i]->name))
			return providers[i];
	return NULL;
}

const struct kms_provider *kms_provider_find(const char *name)
{
	return provider_find(name, strlen(name));
}

void kms_provider_list(char *text, size_t bytes)
{
	size_t i;

	*text = '\0';
	for (i = PROVIDER_COUNT; i-- > 0;)
		text_append(text, bytes, "%s%s", *text ? ", " : "",
			    providers[i]->name);
}

void kms_provider_order_of(const char *board,
			   const struct kms_provider *order[KMS_PROVIDERS_MAX])
{
	const char *name = board + strspn(board, " ");
	uint32_t i, count = 0;

	for (i = 0; !*name && i < PROVIDER_COUNT; i++)
		if (providers[i]->is_device)
			order[count++] = providers[i];
	while (*name && count < PROVIDER_COUNT) {
		size_t length = strcspn(name, " ");
		const struct kms_provider *provider =
			provider_find(name, length);

		if (provider && provider->is_device)
			order[count++] = provider;
		name += length;
		name += strspn(name, " ");
	}
	order[count] = NULL;
}

void kms_provider_order(const struct kms_provider *order[KMS_PROVIDERS_MAX])
{
	kms_provider_order_of(KMS_BUFFERS_ORDER, order);
}

/* "buffers for CUDA: dumb-import, dumb-hostreg are tried; not nvbuf: ..." */
void kms_provider_probe(FILE *out)
{
	const struct kms_provider *order[KMS_PROVIDERS_MAX];
	char tried[160] = "", missing[512] = "", line[DISPLAY_MAP_LINE_MAX];
	uint32_t i;

	kms_provider_order(order);
	for (i = 0; order[i]; i++) {
		if (!order[i]->probe || order[i]->probe(line, sizeof(line)))
			text_append(tried, sizeof(tried), "%s%s",
				    *tried ? ", " : "", order[i]->name);
		else
			text_append(missing, sizeof(missing), "; not %s: %s",
				    order[i]->name, line);
	}
	fprintf(out, "buffers for CUDA: %s%s%s\n",
		*tried ? tried : "none", *tried ? " are tried at the start" : "",
		missing);
}
