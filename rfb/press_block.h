/* press_block.h - writes what a press found as one deflate block, in the
 * cheapest of the three kinds.
 *
 * Source:  RFC 1951 section 3.2.
 */
#ifndef RFB_PRESS_BLOCK_H
#define RFB_PRESS_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "rfb/bit_writer.h"

enum {
	PRESS_LEAST_MATCH = 3,
	PRESS_MOST_MATCH = 258,
	PRESS_MOST_DISTANCE = 32768,
	PRESS_BLOCK_BYTES = 61440, /* a stored block takes up to 65 535 */
	PRESS_MOST_STEPS = PRESS_BLOCK_BYTES / PRESS_LEAST_MATCH + 1,
	/* Room a block's writer needs beyond the bytes it is about. */
	PRESS_BLOCK_ROOM = 32,
};

/* Bytes as they are, and then a repetition of what came before. */
struct press_step {
	uint16_t literals;
	uint16_t length;   /* 0: none, in the last step only */
	uint16_t distance; /* less one */
};

/* `bytes` are the `count` the steps are about. Writes no more than `count` and
 * PRESS_BLOCK_ROOM bytes. */
void press_block_write(const struct press_step *steps, int step_count,
	const uint8_t *bytes, size_t count, struct bit_writer *out);

#endif
