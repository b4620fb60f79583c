/* rre_rect.h - what RRE and CoRRE share: a background, and rectangles on it.
 *
 * Owner:   the encoder's state; nothing to free inside.
 * Threads: one at a time.
 * Source:  RFC 6143 section 7.7.3; rfbproto, "CoRRE Encoding".
 */
#ifndef RFB_RRE_RECT_H
#define RFB_RRE_RECT_H

#include <stdint.h>

#include "rfb/colour_palette.h"
#include "rfb/encoder.h"

/* Small enough that text beside a picture keeps a rectangle of its own, large
 * enough that 8192x8192 can be counted. CoRRE's bytes allow 255. */
enum {
	RRE_SIDE = 64,
	RRE_PIXELS = RRE_SIDE * RRE_SIDE,
	RRE_MOST_PIXEL_BYTES = 4,
};

struct rre {
	uint32_t pixels[RRE_PIXELS]; /* reduced */
	struct colour_palette palette;
	uint8_t subrects[RRE_PIXELS * RRE_MOST_PIXEL_BYTES];
};

/* The area as rectangles of `encoding`, ENCODING_RRE or ENCODING_CORRE; as Raw,
 * which every viewer takes, where that is shorter. */
void rre_rect_encode_area(struct rre *rre,
	const struct encode_settings *settings, int32_t encoding,
	const struct frame *frame, struct rect area, struct rect_writer *to);

#endif
