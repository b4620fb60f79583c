/* whole_deflater_libdeflate.c - whole zlib streams by libdeflate. */
#include "rfb/whole_deflater.h"

#include <assert.h>
#include <libdeflate.h>

/* Less than this finds more in what was sent before than in itself. Beside the
 * quick deflater memory is cheap for pixels, which find hardly more here, and
 * costs a fifth of the bytes for text. */
enum { LEAST_BYTES = 8192, LEAST_QUICK_BYTES = 4096, QUICK_LEVEL = 1 };

/* Where it is as small; on level 2 it would be a sixth larger. */
static bool is_quick(int level)
{
	return level <= QUICK_LEVEL && quick_deflater_is_there();
}

void whole_deflater_finish(struct whole_deflater *deflater)
{
	libdeflate_free_compressor(deflater->compressor);
	quick_deflater_finish(&deflater->quick);
	*deflater = (struct whole_deflater){ 0 };
}

bool whole_deflater_pays(int level, size_t count)
{
	if (level <= QUICK_DEFLATER_MOST_LEVEL && quick_deflater_is_there())
		return !is_quick(level) && count >= LEAST_QUICK_BYTES;
	return count >= LEAST_BYTES;
}

/* What takes two thirds of the time of zlib's level, and gives about as many
 * bytes for photographs, fewer for anything else. */
static int level_like(int level)
{
	static const int levels[] = { 1, 1, 2, 3, 5, 6, 7, 8, 9, 9 };

	return levels[level];
}

static bool start(struct whole_deflater *deflater, int level)
{
	if (deflater->compressor != NULL && deflater->level == level)
		return true;
	libdeflate_free_compressor(deflater->compressor);
	deflater->compressor = libdeflate_alloc_compressor(level_like(level));
	deflater->level = level;
	return deflater->compressor != NULL;
}

void whole_deflater_write(struct whole_deflater *deflater, int level,
	const uint8_t *bytes, size_t count, struct buffer *to)
{
	size_t most, written;
	uint8_t *at;

	assert(count > 0);
	if (is_quick(level)) {
		quick_deflater_write_whole(&deflater->quick, bytes, count, to);
		return;
	}
	if (!start(deflater, level)) {
		to->failed = true;
		return;
	}
	most = libdeflate_zlib_compress_bound(deflater->compressor, count);
	at = buffer_reserve(to, most);
	if (at == NULL)
		return;
	written = libdeflate_zlib_compress(
		deflater->compressor, bytes, count, at, most);
	assert(written > 0);
	buffer_commit(to, written);
}
