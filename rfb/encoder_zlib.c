/* encoder_zlib.c - Raw through one zlib stream (rfbproto, "Zlib Encoding"). */
#include "rfb/encoder.h"

#include <stdlib.h>

#include "base/xmalloc.h"
#include "rfb/deflater.h"
#include "rfb/raw_pixels.h"

/* One rectangle: what is kept before it is deflated. */
enum { MOST_BYTES = 1 << 20 };

struct zlib {
	struct deflater deflater;
	struct buffer plain;
};

static void *state_create(void)
{
	return xcalloc(1, sizeof(struct zlib));
}

static void state_destroy(void *state)
{
	struct zlib *zlib = state;

	if (zlib == NULL)
		return;
	deflater_finish(&zlib->deflater);
	buffer_finish(&zlib->plain);
	free(zlib);
}

static bool state_is_like(const void *state, const void *other)
{
	const struct zlib *one = state, *two = other;

	return one->deflater.headed == two->deflater.headed;
}

static void state_skip(void *state)
{
	struct zlib *zlib = state;

	deflater_skip(&zlib->deflater);
}

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	struct zlib *zlib = state;
	int level = deflater_level(settings->compress_level);
	int most_rows =
		raw_pixels_rows(&settings->format, area.width, MOST_BYTES);

	if (settings->alone)
		deflater_forget(&zlib->deflater);
	for (int y = 0; y < area.height; y += most_rows) {
		struct rect part = { area.x, area.y + y, area.width,
			most_rows };

		part = rect_intersect(part, area);
		buffer_clear(&zlib->plain);
		raw_pixels_append(&settings->format, frame, part, &zlib->plain);
		rect_writer_begin(to, part, ENCODING_ZLIB);
		deflater_write_counted(
			&zlib->deflater, level, &zlib->plain, &to->bytes);
	}
}

const struct encoder encoder_zlib = {
	.name = "zlib",
	.number = ENCODING_ZLIB,
	.traits = ENCODER_ALONE,
	.state_create = state_create,
	.state_destroy = state_destroy,
	.state_is_like = state_is_like,
	.state_skip = state_skip,
	.encode = encode,
};
