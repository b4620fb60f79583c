/* encoder_rre.c - large rectangles of one colour (RFC 6143 section 7.7.3). */
#include "rfb/encoder.h"

#include "rfb/rre_rect.h"

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	(void)state;
	rre_rect_encode_area(settings, ENCODING_RRE, frame, area, to);
}

const struct encoder encoder_rre = {
	.name = "rre",
	.number = ENCODING_RRE,
	.traits = ENCODER_PLAIN,
	.encode = encode,
};
