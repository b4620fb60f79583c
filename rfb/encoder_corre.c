/* encoder_corre.c - RRE with smaller numbers (rfbproto, "CoRRE Encoding"). */
#include "rfb/encoder.h"

#include "rfb/rre_rect.h"

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	(void)state;
	rre_rect_encode_area(settings, ENCODING_CORRE, frame, area, to);
}

const struct encoder encoder_corre = {
	.name = "corre",
	.number = ENCODING_CORRE,
	.traits = ENCODER_PLAIN,
	.encode = encode,
};
