#include "rfb/deflater.h"

#include <assert.h>

enum { MEMORY_LEVEL = 8 }; /* zlib's default: 128 KiB beside the window */

/* What a piece grows by at most: stored blocks cost 5 bytes each 16 KiB or
 * so, a flush 5 more. Anything above goes through the loop again. */
static size_t likely_most(size_t count)
{
	return count + count / 1024 + 64;
}

static bool start(struct deflater *deflater, int level)
{
	if (deflater->started)
		return true;
	deflater->stream = (z_stream){ 0 };
	deflater->level = level;
	deflater->started =
		deflateInit2(&deflater->stream, level, Z_DEFLATED, MAX_WBITS,
			MEMORY_LEVEL, deflater->strategy) == Z_OK;
	return deflater->started;
}

void deflater_finish(struct deflater *deflater)
{
	if (deflater->started)
		deflateEnd(&deflater->stream);
	deflater->started = false;
}

/* Ends when zlib leaves room unused. */
static void run(
	struct deflater *deflater, int flush, size_t room, struct buffer *to)
{
	z_stream *stream = &deflater->stream;

	do {
		uint8_t *next = buffer_reserve(to, room);

		if (next == NULL)
			return;
		stream->next_out = next;
		stream->avail_out = (uInt)room;
		deflate(stream, flush);
		buffer_commit(to, room - stream->avail_out);
	} while (stream->avail_out == 0);
}

static void change_level(
	struct deflater *deflater, int level, struct buffer *to)
{
	z_stream *stream = &deflater->stream;
	uint8_t *next = buffer_reserve(to, 64);

	if (next == NULL)
		return;
	/* Nothing is pending after a sync flush, so this writes little or
	 * nothing. */
	stream->next_in = NULL;
	stream->avail_in = 0;
	stream->next_out = next;
	stream->avail_out = 64;
	if (deflateParams(stream, level, deflater->strategy) == Z_OK)
		deflater->level = level;
	buffer_commit(to, 64 - stream->avail_out);
}

void deflater_write(struct deflater *deflater, int level, const uint8_t *bytes,
	size_t count, struct buffer *to)
{
	assert(count > 0 && count <= UINT32_MAX / 2);
	if (!start(deflater, level)) {
		to->failed = true;
		return;
	}
	if (level != deflater->level)
		change_level(deflater, level, to);
	deflater->stream.next_in = (Bytef *)bytes;
	deflater->stream.avail_in = (uInt)count;
	run(deflater, Z_SYNC_FLUSH, likely_most(count), to);
}

void deflater_write_counted(struct deflater *deflater, int level,
	const struct buffer *plain, struct buffer *to)
{
	size_t offset = buffer_length(to);

	if (plain->failed) {
		to->failed = true;
		return;
	}
	buffer_u32(to, 0);
	deflater_write(
		deflater, level, buffer_bytes(plain), buffer_length(plain), to);
	if (!to->failed)
		buffer_put_u32(
			to, offset, (uint32_t)(buffer_length(to) - offset - 4));
}

void deflater_write_alone(struct deflater *deflater, int level,
	const uint8_t *bytes, size_t count, struct buffer *to)
{
	assert(count > 0 && count <= UINT32_MAX / 2);
	if (!start(deflater, level)) {
		to->failed = true;
		return;
	}
	deflateReset(&deflater->stream);
	if (level != deflater->level)
		change_level(deflater, level, to);
	deflater->stream.next_in = (Bytef *)bytes;
	deflater->stream.avail_in = (uInt)count;
	run(deflater, Z_FINISH, likely_most(count), to);
}

int deflater_level(int compress_level)
{
	static const int levels[] = { 1, 1, 1, 2, 3, 4, 5, 6, 8, 9 };

	if (compress_level < 0)
		return 1;
	return levels[compress_level < 9 ? compress_level : 9];
}
