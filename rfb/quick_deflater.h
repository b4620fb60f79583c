/* quick_deflater.h - deflate in a quarter of the time that zlib's first levels
 * take, for about as many bytes.
 *
 * Two files implement it, of which configure takes one: with Intel's ISA-L,
 * which knows streams that remember and whole ones, and without: then it is not
 * there, and nothing else here may be called.
 *
 * Owner:   whoever embeds it; a zeroed struct remembers nothing and takes no
 *          memory. quick_deflater_finish() frees.
 * Threads: one at a time.
 * Errors:  no memory: `to` has failed.
 * Source:  RFC 1950, RFC 1951.
 */
#ifndef RFB_QUICK_DEFLATER_H
#define RFB_QUICK_DEFLATER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct quick_deflater {
	void *library; /* its state; NULL until it is needed */
};

/* What it takes the place of: zlib's levels up to this. */
enum { QUICK_DEFLATER_MOST_LEVEL = 2 };

bool quick_deflater_is_there(void);

void quick_deflater_finish(struct quick_deflater *deflater);

/* Appends `count` (1 or more) bytes as raw deflate, flushed to a byte boundary
 * unless the piece `goes_on` with the next call. May refer back to what was
 * written before, up to the last quick_deflater_forget(). */
void quick_deflater_write(struct quick_deflater *deflater, const uint8_t *bytes,
	size_t count, bool goes_on, struct buffer *to);

/* The next piece refers to none before it. */
void quick_deflater_forget(struct quick_deflater *deflater);

/* Appends a zlib stream of `count` (1 or more) bytes, from its header to its
 * checksum. Not for one that quick_deflater_write() is used with. */
void quick_deflater_write_whole(struct quick_deflater *deflater,
	const uint8_t *bytes, size_t count, struct buffer *to);

#endif
