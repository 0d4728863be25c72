/*
 * drivers/display/eglstream/digest.c: see digest.h.
 */
#include "drivers/display/eglstream/digest.h"

#include <errno.h>
#include <string.h>
#include <xxhash.h>

#include "runtime/base/message.h"

int eglstream_digest_open(struct eglstream_digest *digest,
			  const struct eglstream_settings *settings,
			  const struct image *slot,
			  struct eglstream_refusal *refusal)
{
	size_t lines = EGLSTREAM_LINES_MAX * sizeof(*digest->lines);
	size_t pitch = slot->width * sizeof(uint32_t); /* packed, to be hashed */

	*digest = (struct eglstream_digest){.path = settings->digest,
					    .nth = settings->nth};
	if (!settings->digest[0])
		return 0;
	if (pool_init(&digest->pool, lines + pitch * slot->height))
		return eglstream_refuse(refusal, -ENOMEM,
					"no memory for digest=%s",
					settings->digest);
	digest->lines = (void *)digest->pool.base;
	digest->image = (struct image){digest->pool.base + lines, pitch,
				       slot->width, slot->height};
	digest->file = fopen(settings->digest, "we");
	if (digest->file)
		return 0;
	eglstream_refuse(refusal, errno == EACCES ? -EACCES : -EINVAL,
			 "digest=%s cannot be written: %s", settings->digest,
			 strerror(errno));
	pool_finish(&digest->pool);
	return refusal->error;
}

enum stream_status eglstream_digest_take(struct eglstream_digest *digest,
					 struct eglstream_stream *stream,
					 uint64_t tick)
{
	const struct image *image = &digest->image;
	enum stream_status status;

	if (!digest->file || digest->seen++ % digest->nth ||
	    digest->count == EGLSTREAM_LINES_MAX)
		return STREAM_DONE;
	status = stream->to->read(stream, image);
	if (status == STREAM_DONE)
		digest->lines[digest->count++] = (struct eglstream_digest_line){
			.tick = tick,
			.hash = XXH3_64bits(image->base,
					    image->pitch * image->height),
		};
	return status;
}

void eglstream_digest_close(struct eglstream_digest *digest)
{
	uint32_t i;
	int failed;

	if (!digest->file)
		return;
	for (i = 0; i < digest->count; i++)
		fprintf(digest->file, "%llu %016llx\n",
			(unsigned long long)digest->lines[i].tick,
			(unsigned long long)digest->lines[i].hash);
	failed = ferror(digest->file);
	if (fclose(digest->file) || failed)
		message("eglstream: digest=%s is not whole: the disk is full?",
			digest->path);
	pool_finish(&digest->pool);
	digest->file = NULL;
}
