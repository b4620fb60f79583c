/* encoder_rre.c - large rectangles of one colour (RFC 6143 section 7.7.3). */
#include "rfb/encoder.h"

#include <stdlib.h>

#include "base/xmalloc.h"
#include "rfb/rre_rect.h"

static void *state_create(void)
{
	return xcalloc(1, sizeof(struct rre));
}

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	rre_rect_encode_area(state, settings, ENCODING_RRE, frame, area, to);
}

const struct encoder encoder_rre = {
	.name = "rre",
	.number = ENCODING_RRE,
	.state_create = state_create,
	.state_destroy = free,
	.encode = encode,
};
