/* press.h - a deflate compressor for pictures of screens: several times as
 * fast as zlib's fastest level, with what it finds about as small.
 *
 * It writes raw deflate (RFC 1951), piece after piece; each ends at a byte and
 * may refer to the 32 KiB before it.
 *
 * Owner:   press_create() gives, press_destroy() frees. About 380 KiB.
 * Threads: one at a time.
 * Errors:  no memory for the bytes: `to` has failed.
 */
#ifndef RFB_PRESS_H
#define RFB_PRESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct press;

struct press *press_create(void);
void press_destroy(struct press *press);

/* Forgets what was pressed: for when something else was sent in between. */
void press_forget(struct press *press);

/* Appends `count` (1 or more) bytes, pressed, and the mark that zlib's
 * Z_SYNC_FLUSH leaves. */
void press_write(struct press *press, const uint8_t *bytes, size_t count,
	struct buffer *to);

#endif
