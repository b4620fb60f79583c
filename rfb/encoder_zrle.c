/* encoder_zrle.c - tiles of runs and palettes in one zlib stream (RFC 6143
 * section 7.7.6). */
#include "rfb/encoder.h"

#include <stdlib.h>

#include "base/xmalloc.h"
#include "rfb/deflater.h"
#include "rfb/run_tile.h"

enum {
	SIDE = 64,
	/* One rectangle: bounds what is kept before it is deflated. */
	MOST_WIDTH = 2048,
	MOST_HEIGHT = 256,
};

struct zrle {
	struct deflater deflater;
	struct buffer plain; /* tiles, before they are deflated */
	struct run_tile tile;
};

static void *state_create(void)
{
	return xcalloc(1, sizeof(struct zrle));
}

static void state_destroy(void *state)
{
	struct zrle *zrle = state;

	if (zrle == NULL)
		return;
	deflater_finish(&zrle->deflater);
	buffer_finish(&zrle->plain);
	free(zrle);
}

static void encode_rect(struct zrle *zrle,
	const struct encode_settings *settings, const struct frame *frame,
	struct rect rect, struct rect_writer *to)
{
	buffer_clear(&zrle->plain);
	run_tile_write_area(&zrle->tile, &settings->format, frame, rect, SIDE,
		&zrle->plain);
	rect_writer_begin(to, rect, ENCODING_ZRLE);
	deflater_write_counted(&zrle->deflater,
		deflater_level(settings->compress_level), &zrle->plain,
		&to->bytes);
}

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	for (int y = 0; y < area.height; y += MOST_HEIGHT)
		for (int x = 0; x < area.width; x += MOST_WIDTH) {
			struct rect rect = { area.x + x, area.y + y, MOST_WIDTH,
				MOST_HEIGHT };

			encode_rect(state, settings, frame,
				rect_intersect(rect, area), to);
		}
}

const struct encoder encoder_zrle = {
	.name = "zrle",
	.number = ENCODING_ZRLE,
	.state_create = state_create,
	.state_destroy = state_destroy,
	.encode = encode,
};
