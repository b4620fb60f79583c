#include "rfb/deflater.h"

#include <assert.h>

enum { MEMORY_LEVEL = 8 }; /* zlib's default: 128 KiB beside the window */

/* What a piece grows by at most: stored blocks cost 5 bytes each 16 KiB or
 * so, a flush 5 more. Anything above goes through the loop again. */
static size_t likely_most(size_t count)
{
	return count + count / 1024 + 64;
}

static bool part_start(struct deflater_part *part, int level, int strategy)
{
	if (part->started)
		return true;
	part->stream = (z_stream){ 0 };
	part->level = level;
	part->strategy = strategy;
	part->started = deflateInit2(&part->stream, level, Z_DEFLATED,
				-MAX_WBITS, MEMORY_LEVEL, strategy) == Z_OK;
	return part->started;
}

void deflater_finish(struct deflater *deflater)
{
	for (int i = 0; i < DEFLATER_PARTS; i++)
		if (deflater->parts[i].started)
			deflateEnd(&deflater->parts[i].stream);
	*deflater = (struct deflater){ 0 };
}

static void part_change_level(
	struct deflater_part *part, int level, struct buffer *to)
{
	z_stream *stream = &part->stream;
	uint8_t *next = buffer_reserve(to, 64);

	if (next == NULL)
		return;
	/* Nothing is pending after a sync flush, so this writes little or
	 * nothing. */
	stream->next_in = NULL;
	stream->avail_in = 0;
	stream->next_out = next;
	stream->avail_out = 64;
	if (deflateParams(stream, level, part->strategy) == Z_OK)
		part->level = level;
	buffer_commit(to, 64 - stream->avail_out);
}

/* Ends when zlib leaves room unused. */
static void part_run(struct deflater_part *part, const uint8_t *bytes,
	size_t count, struct buffer *to)
{
	z_stream *stream = &part->stream;
	size_t room = likely_most(count);

	assert(count > 0 && count <= UINT32_MAX / 2);
	stream->next_in = (Bytef *)bytes;
	stream->avail_in = (uInt)count;
	do {
		uint8_t *next = buffer_reserve(to, room);

		if (next == NULL)
			return;
		stream->next_out = next;
		stream->avail_out = (uInt)room;
		deflate(stream, Z_SYNC_FLUSH);
		buffer_commit(to, room - stream->avail_out);
	} while (stream->avail_out == 0);
}

/* Both parts write raw deflate, one behind the other, into one zlib stream
 * whose head is ours and whose sum never comes. */
static void write_piece(struct deflater *deflater, int index, int level,
	const uint8_t *bytes, size_t count, struct buffer *to)
{
	static const uint8_t head[] = { 0x78, 0x01 }; /* RFC 1950 */
	static const int strategies[] = { Z_DEFAULT_STRATEGY, Z_RLE };
	struct deflater_part *part = &deflater->parts[index];

	if (!part_start(part, level, strategies[index])) {
		to->failed = true;
		return;
	}
	if (!deflater->headed)
		buffer_append(to, head, sizeof(head));
	else if (deflater->last != index)
		/* What it remembers lies elsewhere for the viewer. */
		deflateReset(&part->stream);
	deflater->headed = true;
	deflater->last = index;
	if (level != part->level)
		part_change_level(part, level, to);
	part_run(part, bytes, count, to);
}

void deflater_write(struct deflater *deflater, int level, const uint8_t *bytes,
	size_t count, struct buffer *to)
{
	write_piece(deflater, DEFLATER_SEARCH, level, bytes, count, to);
}

void deflater_write_dull(struct deflater *deflater, int level,
	const uint8_t *bytes, size_t count, struct buffer *to)
{
	write_piece(deflater, DEFLATER_RUNS, level, bytes, count, to);
}

void deflater_forget(struct deflater *deflater)
{
	deflater->last = DEFLATER_NONE;
}

void deflater_skip(struct deflater *deflater)
{
	deflater_forget(deflater);
	deflater->headed = true;
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

int deflater_level(int compress_level)
{
	static const int levels[] = { 1, 1, 1, 2, 3, 4, 5, 6, 8, 9 };

	if (compress_level < 0)
		return 1;
	return levels[compress_level < 9 ? compress_level : 9];
}
