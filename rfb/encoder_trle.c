/* encoder_trle.c - ZRLE's tiles, smaller and without zlib (RFC 6143 section
 * 7.7.5). */
#include "rfb/encoder.h"

#include "rfb/run_tile.h"

enum { SIDE = 16 };

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	struct run_tile tile; /* 40 KB of stack */

	(void)state;
	rect_writer_begin(to, area, ENCODING_TRLE);
	run_tile_write_area(
		&tile, &settings->format, frame, area, SIDE, &to->bytes);
}

const struct encoder encoder_trle = {
	.name = "trle",
	.number = ENCODING_TRLE,
	.encode = encode,
};
