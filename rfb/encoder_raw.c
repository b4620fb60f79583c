/* encoder_raw.c - pixels as they are (RFC 6143 section 7.7.1). */
#include "rfb/encoder.h"

#include "rfb/raw_pixels.h"

/* noVNC's receive queue holds 40 MiB and a rectangle must fit; below that,
 * smaller pieces let a viewer paint sooner. */
enum { MOST_BYTES = 4 << 20 };

/* What is less, in all or in a row, is copied in less time than it is lent. */
enum { LEAST_LENT_BYTES = 32 << 10, LEAST_LENT_ROW_BYTES = 1 << 10 };

static bool is_lent(const struct encode_settings *settings, struct rect area)
{
	int row = area.width * 4;

	return settings->lends && pixel_format_is_frames(&settings->format) &&
	       row >= LEAST_LENT_ROW_BYTES &&
	       (int64_t)row * area.height >= LEAST_LENT_BYTES;
}

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	int most_rows =
		raw_pixels_rows(&settings->format, area.width, MOST_BYTES);

	(void)state;
	for (int y = 0; y < area.height; y += most_rows) {
		struct rect part = { area.x, area.y + y, area.width,
			most_rows };

		part = rect_intersect(part, area);
		rect_writer_begin(to, part, ENCODING_RAW);
		if (is_lent(settings, part))
			rect_writer_lend(to, frame, part);
		else
			raw_pixels_append(
				&settings->format, frame, part, &to->bytes);
	}
}

const struct encoder encoder_raw = {
	.name = "raw",
	.number = ENCODING_RAW,
	.traits = ENCODER_LAST_RESORT | ENCODER_PLAIN,
	.encode = encode,
};
