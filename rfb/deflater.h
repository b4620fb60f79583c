/* deflater.h - one zlib stream to one viewer, flushed after every piece.
 *
 * A piece may refer back to earlier ones, so pieces must reach the viewer in
 * the order they were made, and none may be left out. At the fast level it is
 * made by our own press, above by zlib; changing over costs the memory of what
 * came before, nothing else.
 *
 * Owner:   whoever embeds it; a zeroed struct is a stream not yet begun and
 *          takes no memory. deflater_finish() frees.
 * Threads: one at a time.
 * Errors:  no memory for the stream, or for the bytes: `to` has failed.
 */
#ifndef RFB_DEFLATER_H
#define RFB_DEFLATER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "base/buffer.h"

struct press;

struct deflater {
	bool headed;         /* the viewer has zlib's two first bytes */
	int level;           /* of the last piece */
	struct press *press; /* NULL until there is something for it */
	z_stream *stream;    /* the same */
};

enum { DEFLATER_FAST_LEVEL = 1 };

void deflater_finish(struct deflater *deflater);

/* Appends `count` (1 or more) bytes, deflated and flushed to a byte boundary
 * (Z_SYNC_FLUSH). `level` is zlib's. */
void deflater_write(struct deflater *deflater, int level, const uint8_t *bytes,
	size_t count, struct buffer *to);

/* The same behind the count of the deflated bytes as a U32, as ZRLE and Zlib
 * have it. What failed in `plain` fails in `to`. */
void deflater_write_counted(struct deflater *deflater, int level,
	const struct buffer *plain, struct buffer *to);

/* Appends a whole stream of its own, from its header to its checksum, as files
 * have it. A deflater is used for this or for pieces, never for both. */
void deflater_write_alone(struct deflater *deflater, int level,
	const uint8_t *bytes, size_t count, struct buffer *to);

/* The same behind the count of the deflated bytes as a U32, as ZRLE and Zlib
 * have it. What failed in `plain` fails in `to`. */
void deflater_write_counted(struct deflater *deflater, int level,
	const struct buffer *plain, struct buffer *to);

/* Appends a whole stream of its own, from its header to its checksum, as files
 * have it. A deflater is used for this or for pieces, never for both. */
void deflater_write_alone(struct deflater *deflater, int level,
	const uint8_t *bytes, size_t count, struct buffer *to);

/* zlib's level 1..9 for a viewer's compress level 0..9, or -1 where it said
 * nothing. What viewers ask for unasked (2 in TigerVNC and noVNC) is the fast
 * level: on most links time is dearer than the few percent. */
int deflater_level(int compress_level);

#endif
