/* rre_rect.h - what RRE and CoRRE share: a background, and rectangles on it.
 *
 * Threads: any; all it needs is on the stack, about 40 KB.
 * Source:  RFC 6143 section 7.7.3; rfbproto, "CoRRE Encoding".
 */
#ifndef RFB_RRE_RECT_H
#define RFB_RRE_RECT_H

#include <stdint.h>

#include "rfb/encoder.h"

/* The area as rectangles of `encoding`, ENCODING_RRE or ENCODING_CORRE; as Raw,
 * which every viewer takes, where that is shorter. */
void rre_rect_encode_area(const struct encode_settings *settings,
	int32_t encoding, const struct frame *frame, struct rect area,
	struct rect_writer *to);

#endif
