#include "rfb/deflater.h"

#include <assert.h>

enum { MEMORY_LEVEL = 8 }; /* zlib's default: 128 KiB beside the window */

/* zlib's level for what it is known by, and deflateTune()'s figures: zlib's own
 * up to 9. For ours it remembers every place, as from level 4 on; below, it
 * leaves out what it has matched, which in tiles takes as long and finds less
 * (photographs 5 % larger). For pixels the first match that comes is taken,
 * and none of three bytes from far away, which would cost more than they do. */
static const struct search {
	int level, good, lazy, nice, chain;
} searches[] = {
	[1] = { 1, 4, 4, 8, 4 },
	[2] = { 2, 4, 5, 16, 6 },
	[3] = { 3, 4, 6, 32, 32 },
	[4] = { 4, 4, 4, 16, 16 },
	[5] = { 5, 8, 16, 32, 32 },
	[6] = { 6, 8, 16, 128, 128 },
	[7] = { 7, 8, 32, 128, 256 },
	[8] = { 8, 32, 128, 258, 1024 },
	[9] = { 9, 32, 258, 258, 4096 },
	[DEFLATER_LEVEL_PIXELS] = { 4, 4, 3, 16, 4 },
	[DEFLATER_LEVEL_TILES] = { 4, 4, 8, 32, 16 },
};

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
	quick_deflater_finish(&deflater->quick);
	*deflater = (struct deflater){ 0 };
}

/* Only a change of zlib's level writes anything. */
static void part_change_level(
	struct deflater_part *part, int level, struct buffer *to)
{
	z_stream *stream = &part->stream;
	uint8_t *next = buffer_reserve(to, 64);

	if (next == NULL)
		return;
	/* Little or nothing: nothing is pending behind a piece. */
	stream->next_in = NULL;
	stream->avail_in = 0;
	stream->next_out = next;
	stream->avail_out = 64;
	if (deflateParams(stream, level, part->strategy) == Z_OK)
		part->level = level;
	buffer_commit(to, 64 - stream->avail_out);
}

/* Ends when zlib leaves room unused. */
static void part_run(struct deflater_part *part, int level,
	const uint8_t *bytes, size_t count, int flush, struct buffer *to)
{
	const struct search *search = &searches[level];
	z_stream *stream = &part->stream;
	size_t room = likely_most(count);

	assert(count > 0 && count <= UINT32_MAX / 2);
	if (search->level != part->level)
		part_change_level(part, search->level, to);
	deflateTune(stream, search->good, search->lazy, search->nice,
		search->chain);
	stream->next_in = (Bytef *)bytes;
	stream->avail_in = (uInt)count;
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

static void part_write(struct deflater_part *part, int strategy, bool forgets,
	int level, const uint8_t *bytes, size_t count, int flush,
	struct buffer *to)
{
	if (!part_start(part, searches[level].level, strategy)) {
		to->failed = true;
		return;
	}
	if (forgets)
		deflateReset(&part->stream);
	part_run(part, level, bytes, count, flush, to);
}

/* All parts write raw deflate, one behind the other, into one zlib stream
 * whose head is ours and whose sum never comes. */
static void write_piece(struct deflater *deflater, int index, int level,
	const uint8_t *bytes, size_t count, int flush, struct buffer *to)
{
	static const uint8_t head[] = { 0x78, 0x01 }; /* RFC 1950 */
	static const int strategies[] = { Z_DEFAULT_STRATEGY, Z_RLE };
	bool forgets;

	if (level <= QUICK_DEFLATER_MOST_LEVEL && quick_deflater_is_there())
		index = DEFLATER_QUICK;
	/* What it remembers lies elsewhere for the viewer. */
	forgets = deflater->headed && deflater->last != index;
	if (!deflater->headed)
		buffer_append(to, head, sizeof(head));
	deflater->headed = true;
	deflater->last = index;
	if (index != DEFLATER_QUICK) {
		part_write(&deflater->parts[index], strategies[index], forgets,
			level, bytes, count, flush, to);
		return;
	}
	if (forgets)
		quick_deflater_forget(&deflater->quick);
	quick_deflater_write(
		&deflater->quick, bytes, count, flush == Z_NO_FLUSH, to);
}

void deflater_write(struct deflater *deflater, int level, const uint8_t *bytes,
	size_t count, struct buffer *to)
{
	write_piece(deflater, DEFLATER_SEARCH, level, bytes, count,
		Z_SYNC_FLUSH, to);
}

void deflater_begin(struct deflater *deflater, int level, const uint8_t *bytes,
	size_t count, struct buffer *to)
{
	write_piece(
		deflater, DEFLATER_SEARCH, level, bytes, count, Z_NO_FLUSH, to);
}

void deflater_write_dull(struct deflater *deflater, int level,
	const uint8_t *bytes, size_t count, struct buffer *to)
{
	write_piece(
		deflater, DEFLATER_RUNS, level, bytes, count, Z_SYNC_FLUSH, to);
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

bool deflater_is_hurried(int compress_level)
{
	enum { MOST_HURRIED = 1 };

	return compress_level >= 0 && compress_level <= MOST_HURRIED &&
	       quick_deflater_is_there();
}
