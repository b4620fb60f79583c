#include "rfb/deflater.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xmalloc.h"
#include "rfb/press.h"

enum { MEMORY_LEVEL = 8 }; /* zlib's default: 128 KiB beside the window */

/* What a piece grows by at most: stored blocks cost 5 bytes each 16 KiB or
 * so, a flush 5 more. Anything above goes through the loop again. */
static size_t likely_most(size_t count)
{
	return count + count / 1024 + 64;
}

void deflater_finish(struct deflater *deflater)
{
	press_destroy(deflater->press);
	if (deflater->stream != NULL)
		deflateEnd(deflater->stream);
	free(deflater->stream);
	*deflater = (struct deflater){ 0 };
}

/* Raw deflate, which may follow the press's: no head, and the sum at the end
 * never comes. */
static bool start_zlib(struct deflater *deflater, int level)
{
	z_stream *stream = xcalloc(1, sizeof(*stream));

	if (deflateInit2(stream, level, Z_DEFLATED, -MAX_WBITS, MEMORY_LEVEL,
		    Z_DEFAULT_STRATEGY) != Z_OK) {
		free(stream);
		return false;
	}
	deflater->stream = stream;
	return true;
}

/* What is left of the other's pieces, the viewer sees no longer at the places
 * this one remembers; and zlib's level is best changed while it is empty. */
static bool change_over(struct deflater *deflater, int level)
{
	z_stream *stream;

	assert(level >= 1 && level <= 9);
	if (level == DEFLATER_FAST_LEVEL) {
		if (deflater->press == NULL)
			deflater->press = press_create();
		else
			press_forget(deflater->press);
	} else {
		if (deflater->stream == NULL && !start_zlib(deflater, level))
			return false;
		stream = deflater->stream;
		if (deflateReset(stream) != Z_OK)
			return false;
		stream->next_in = stream->next_out = NULL;
		stream->avail_in = stream->avail_out = 0;
		if (deflateParams(stream, level, Z_DEFAULT_STRATEGY) != Z_OK)
			return false;
	}
	deflater->level = level;
	return true;
}

/* Ends when zlib leaves room unused. */
static void run_zlib(
	z_stream *stream, int flush, size_t room, struct buffer *to)
{
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

/* RFC 1950: deflate with a window of 32 KiB, made fast. */
static void write_head(struct buffer *to)
{
	static const uint8_t head[] = { 0x78, 0x01 };

	buffer_append(to, head, sizeof(head));
}

static void write_body(struct deflater *deflater, int flush,
	const uint8_t *bytes, size_t count, struct buffer *to)
{
	/* An empty stored block, the last. */
	static const uint8_t end[] = { 1, 0, 0, 0xff, 0xff };

	assert(count > 0 && count <= UINT32_MAX / 2);
	if (deflater->level == DEFLATER_FAST_LEVEL) {
		press_write(deflater->press, bytes, count, to);
		if (flush == Z_FINISH)
			buffer_append(to, end, sizeof(end));
		return;
	}
	deflater->stream->next_in = (Bytef *)bytes;
	deflater->stream->avail_in = (uInt)count;
	run_zlib(deflater->stream, flush, likely_most(count), to);
}

void deflater_write(struct deflater *deflater, int level, const uint8_t *bytes,
	size_t count, struct buffer *to)
{
	if (level != deflater->level && !change_over(deflater, level)) {
		to->failed = true;
		return;
	}
	if (!deflater->headed)
		write_head(to);
	deflater->headed = true;
	write_body(deflater, Z_SYNC_FLUSH, bytes, count, to);
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
	if (!change_over(deflater, level)) {
		to->failed = true;
		return;
	}
	write_head(to);
	write_body(deflater, Z_FINISH, bytes, count, to);
	buffer_u32(
		to, (uint32_t)adler32(adler32(0, NULL, 0), bytes, (uInt)count));
}

int deflater_level(int compress_level)
{
	static const int levels[] = { 1, 1, 1, 2, 3, 4, 5, 6, 8, 9 };

	if (compress_level < 0)
		return 1;
	return levels[compress_level < 9 ? compress_level : 9];
}
