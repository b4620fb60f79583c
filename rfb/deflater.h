/* deflater.h - one zlib stream to one viewer, flushed after every piece.
 *
 * A piece may refer back to earlier ones, so pieces must reach the viewer in
 * the order they were made, and none may be left out.
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
#include "rfb/quick_deflater.h"

struct deflater_part {
	z_stream stream;
	bool started;
	int level;
	int strategy;
};

struct deflater {
	/* One searches for repetitions, one only for runs. Each keeps its
	 * strategy for life: zlib's hash of recent bytes goes stale under
	 * Z_RLE and must not be met by another. */
	struct deflater_part parts[2];
	struct quick_deflater quick; /* in place of both at zlib's levels 1 and
				      * 2, where it is there */
	int last; /* the part that wrote the piece before, or DEFLATER_NONE */
	bool headed; /* the viewer has the stream's first two bytes */
};

enum {
	DEFLATER_NONE = -1,
	DEFLATER_SEARCH,
	DEFLATER_RUNS,
	DEFLATER_PARTS,
	DEFLATER_QUICK = DEFLATER_PARTS
};

/* Beside zlib's levels 1..9: for true-colour pixels, and for palettes, indices
 * and runs. Changing between these costs nothing. */
enum { DEFLATER_LEVEL_PIXELS = 10, DEFLATER_LEVEL_TILES };

void deflater_finish(struct deflater *deflater);

/* Appends `count` (1 or more) bytes, deflated and flushed to a byte boundary
 * (Z_SYNC_FLUSH). Other changes of `level` cost a flush and are rare. */
void deflater_write(struct deflater *deflater, int level, const uint8_t *bytes,
	size_t count, struct buffer *to);

/* The beginning of a piece whose rest deflater_write() writes; not all of it is
 * appended before. */
void deflater_begin(struct deflater *deflater, int level, const uint8_t *bytes,
	size_t count, struct buffer *to);

/* For bytes in which zlib's search would find nothing, as in photographs:
 * three times as fast. The next piece of the other kind begins without a
 * memory. */
void deflater_write_dull(struct deflater *deflater, int level,
	const uint8_t *bytes, size_t count, struct buffer *to);

/* The next piece refers to none before it, so that others' viewers can be sent
 * it, too, whose streams are headed or not as this one is. */
void deflater_forget(struct deflater *deflater);
/* The viewer got such pieces of another's instead. */
void deflater_skip(struct deflater *deflater);

/* deflater_write() behind the count of the deflated bytes as a U32, as ZRLE and
 * Zlib have it. What failed in `plain` fails in `to`. */
void deflater_write_counted(struct deflater *deflater, int level,
	const struct buffer *plain, struct buffer *to);

/* zlib's level 1..9 for a viewer's compress level 0..9, or -1 where it said
 * nothing. What viewers ask for unasked (2 in TigerVNC and noVNC) is the fast
 * level: on most links time is dearer than the few percent. */
int deflater_level(int compress_level);

/* Whether a viewer asks for haste (0 and 1) where there is something faster
 * than what viewers ask for unasked: then all is to be deflated at level 1. */
bool deflater_is_hurried(int compress_level);

#endif
