/* encoder_trle.c - ZRLE's tiles, smaller and without zlib (RFC 6143 section
 * 7.7.5). */
#include "rfb/encoder.h"

#include <stdlib.h>

#include "base/xmalloc.h"
#include "rfb/run_tile.h"

enum { SIDE = 16 };

static void *state_create(void)
{
	return xcalloc(1, sizeof(struct run_tile));
}

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	rect_writer_begin(to, area, ENCODING_TRLE);
	run_tile_write_area(
		state, &settings->format, frame, area, SIDE, &to->bytes);
}

const struct encoder encoder_trle = {
	.name = "trle",
	.number = ENCODING_TRLE,
	.state_create = state_create,
	.state_destroy = free,
	.encode = encode,
};
