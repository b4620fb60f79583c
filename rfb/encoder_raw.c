/* encoder_raw.c - pixels as they are (RFC 6143 section 7.7.1). */
#include "rfb/encoder.h"

/* noVNC's receive queue holds 40 MiB and a rectangle must fit; below that,
 * smaller pieces let a viewer paint sooner. */
enum { MOST_BYTES = 4 << 20 };

static void encode_rows(const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	size_t row = (size_t)area.width * settings->format.bits_per_pixel / 8;
	uint8_t *pixels;

	rect_writer_begin(to, area, ENCODING_RAW);
	pixels = buffer_reserve(&to->bytes, row * (size_t)area.height);
	if (pixels == NULL)
		return;
	for (int y = 0; y < area.height; y++)
		pixel_format_convert(&settings->format,
			pixels + (size_t)y * row,
			frame_row(frame, area.y + y) + area.x,
			(size_t)area.width);
	buffer_commit(&to->bytes, row * (size_t)area.height);
}

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	int bytes = settings->format.bits_per_pixel / 8;
	int most_rows = MOST_BYTES / (area.width * bytes);

	(void)state;
	for (int y = 0; y < area.height; y += most_rows) {
		struct rect part = { area.x, area.y + y, area.width,
			area.height - y < most_rows ? area.height - y
						    : most_rows };

		encode_rows(settings, frame, part, to);
	}
}

const struct encoder encoder_raw = {
	.name = "raw",
	.number = ENCODING_RAW,
	.traits = ENCODER_LAST_RESORT,
	.encode = encode,
};
