/* png.h - writes one picture as a PNG file.
 *
 * Owner:   nothing is kept; the deflater is the caller's, and used for
 *          nothing but whole_deflater_write().
 * Threads: any.
 * Source:  the PNG specification (ISO 15948), sections 5 to 11.
 */
#ifndef RFB_PNG_H
#define RFB_PNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "rfb/whole_deflater.h"

enum { PNG_RGB_BITS = 24 };

/* What a row begins with. */
enum png_filter {
	PNG_FILTER_NONE = 0,
	PNG_FILTER_SUB = 1, /* bytes less the ones a pixel to the left */
};

struct png {
	int width, height;
	int bits; /* a pixel: 1, 2, 4 or 8 of a palette, or PNG_RGB_BITS */
	const uint32_t *colours; /* 0x00RRGGBB; 1..256 of a palette */
	int colour_count;
	/* png_row_bytes() each: the filter, then pixels, the first in the
	 * highest bits. */
	const uint8_t *rows;
};

size_t png_row_bytes(int width, int bits);

/* Appends the file. `level` is zlib's. */
void png_write(const struct png *png, struct whole_deflater *deflater,
	int level, struct buffer *to);

#endif
