/* whole_deflater.h - zlib streams from their header to their checksum, each of
 * one piece, with nothing remembered between them.
 *
 * Two files implement it, of which configure takes one: with libdeflate, which
 * knows whole streams alone and makes them smaller in less time than zlib does,
 * and with zlib. Where it is there, a quick_deflater.h takes over what is to be
 * fast rather than small.
 *
 * Owner:   whoever embeds it; a zeroed struct takes no memory.
 *          whole_deflater_finish() frees.
 * Threads: one at a time.
 * Errors:  no memory: `to` has failed.
 * Source:  RFC 1950.
 */
#ifndef RFB_WHOLE_DEFLATER_H
#define RFB_WHOLE_DEFLATER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "rfb/quick_deflater.h"

struct whole_deflater {
	void *compressor; /* of the library; NULL until it is needed */
	int level;
	struct quick_deflater quick;
};

void whole_deflater_finish(struct whole_deflater *deflater);

/* Whether a piece of `count` bytes does better alone than in a stream that
 * remembers the pieces before it (deflater.h), at the same level. */
bool whole_deflater_pays(int level, size_t count);

/* Appends the stream of `count` (1 or more) bytes. `level` is zlib's. */
void whole_deflater_write(struct whole_deflater *deflater, int level,
	const uint8_t *bytes, size_t count, struct buffer *to);

#endif
