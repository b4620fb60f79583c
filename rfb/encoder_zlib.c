/* encoder_zlib.c - Raw through one zlib stream (rfbproto, "Zlib Encoding"). */
#include "rfb/encoder.h"

#include <stdlib.h>

#include "base/xmalloc.h"
#include "rfb/deflated_state.h"
#include "rfb/raw_pixels.h"

/* One rectangle: what is kept before it is deflated. */
enum { MOST_BYTES = 1 << 20 };

static void *state_create(void)
{
	return xcalloc(1, sizeof(struct deflated_state));
}

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	struct deflated_state *kept = state;
	int level = deflater_level(settings->compress_level);
	int most_rows =
		raw_pixels_rows(&settings->format, area.width, MOST_BYTES);

	if (settings->alone)
		deflater_forget(&kept->deflater);
	for (int y = 0; y < area.height; y += most_rows) {
		struct rect part = { area.x, area.y + y, area.width,
			most_rows };

		part = rect_intersect(part, area);
		buffer_clear(&kept->plain);
		raw_pixels_append(&settings->format, frame, part, &kept->plain);
		rect_writer_begin(to, part, ENCODING_ZLIB);
		deflater_write_counted(
			&kept->deflater, level, &kept->plain, &to->bytes);
	}
}

const struct encoder encoder_zlib = {
	.name = "zlib",
	.number = ENCODING_ZLIB,
	.traits = ENCODER_ALONE,
	.state_create = state_create,
	.state_destroy = deflated_state_destroy,
	.state_is_like = deflated_state_is_like,
	.state_skip = deflated_state_skip,
	.encode = encode,
};
