/* stamp.h - a number as a row of black and white blocks on the screen.
 *
 * Blocks of 16x16 survive JPEG; a check keeps half a stamp from being read as
 * a number.
 *
 * Units: pixels of the root window.
 */
#ifndef BENCH_STAMP_H
#define BENCH_STAMP_H

#include <stdbool.h>
#include <stdint.h>

enum {
	STAMP_BLOCK = 16,
	STAMP_BITS = 24,
	STAMP_WIDTH = STAMP_BLOCK * STAMP_BITS,
	STAMP_X = 1440,
	STAMP_Y = 1040,
	STAMP_LIMIT = 1 << 18, /* the largest number, and one */
};

/* Bit n is block n from the left: 1 is white. */
uint32_t stamp_encode(unsigned number);

/* False when the bits are no number. */
bool stamp_decode(uint32_t bits, unsigned *number);

#endif
