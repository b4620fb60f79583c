/* encoder_zrle.c - tiles of runs and palettes in one zlib stream (RFC 6143
 * section 7.7.6). */
#include "rfb/encoder.h"

#include <stdlib.h>

#include "base/xmalloc.h"
#include "rfb/deflater.h"
#include "rfb/repeats.h"
#include "rfb/run_tile.h"

enum {
	SIDE = 64,
	/* One rectangle: bounds what is kept before it is deflated. */
	MOST_WIDTH = 2048,
	MOST_HEIGHT = 256,
	/* Of zlib. */
	LEAST_THOROUGH_LEVEL = 4, /* size counts more than time */
	LEAST_LEVEL = 2,
	LEAST_FLAT_LEVEL = 4, /* text: a seventh smaller, a fifth slower */
	/* How many of the latest tiles were raw, in 256ths: a tile counts for
	 * a 512th of it. A change of zlib's level costs what it remembers, so
	 * there is room between the two. */
	TILE_WEIGHT = 512,
	ALL_RAW = 256,
	FIRST_RAW = 16,
	MOST_FLAT_RAW = 8,
	LEAST_MIXED_RAW = 32,
};

struct zrle {
	int recent_raw;
	bool is_flat; /* hardly any of the latest tiles were raw */
	struct deflater deflater;
	struct buffer plain; /* tiles, before they are deflated */
	struct run_tile tile;
};

static void *state_create(void)
{
	struct zrle *zrle = xcalloc(1, sizeof(*zrle));

	zrle->recent_raw = FIRST_RAW * TILE_WEIGHT;
	return zrle;
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

static bool state_is_like(const void *state, const void *other)
{
	const struct zrle *one = state, *two = other;

	return one->deflater.headed == two->deflater.headed;
}

static void state_skip(void *state)
{
	struct zrle *zrle = state;

	deflater_skip(&zrle->deflater);
}

struct job {
	struct zrle *zrle;
	const struct encode_settings *settings;
	const struct frame *frame;
	int level;
	bool may_be_dull;
	struct buffer *to;
};

static int level_of(const struct job *job)
{
	return job->zrle->is_flat && job->level < LEAST_FLAT_LEVEL
		       ? LEAST_FLAT_LEVEL
		       : job->level;
}

/* Sends what is kept to the viewer's stream. */
static void flush(const struct job *job, bool is_dull)
{
	int level = level_of(job);
	struct buffer *plain = &job->zrle->plain;
	struct deflater *deflater = &job->zrle->deflater;

	if (plain->failed)
		job->to->failed = true;
	else if (buffer_length(plain) > 0 && is_dull)
		deflater_write_dull(deflater, level, buffer_bytes(plain),
			buffer_length(plain), job->to);
	else if (buffer_length(plain) > 0)
		deflater_write(deflater, level, buffer_bytes(plain),
			buffer_length(plain), job->to);
	buffer_clear(plain);
}

static void note_tile(struct zrle *zrle, bool is_raw)
{
	/* Kept TILE_WEIGHT times as large, so that nothing is rounded away. */
	zrle->recent_raw +=
		(is_raw ? ALL_RAW : 0) - zrle->recent_raw / TILE_WEIGHT;
}

static void choose_level(struct zrle *zrle)
{
	if (zrle->recent_raw <= MOST_FLAT_RAW * TILE_WEIGHT)
		zrle->is_flat = true;
	else if (zrle->recent_raw >= LEAST_MIXED_RAW * TILE_WEIGHT)
		zrle->is_flat = false;
}

/* Tile by tile; stretches of photographs spare zlib its search. */
static void write_tiles(const struct job *job, struct rect rect)
{
	bool was_dull = false;

	for (int y = 0; y < rect.height; y += SIDE)
		for (int x = 0; x < rect.width; x += SIDE) {
			struct rect place = rect_intersect(
				rect, (struct rect){ rect.x + x, rect.y + y,
					      SIDE, SIDE });
			bool is_dull = job->may_be_dull &&
				       repeats_are_rare(job->frame, place);

			if (is_dull != was_dull)
				flush(job, was_dull);
			was_dull = is_dull;
			note_tile(job->zrle,
				!run_tile_write(&job->zrle->tile,
					&job->settings->format, job->frame,
					place, &job->zrle->plain));
		}
	flush(job, was_dull);
	choose_level(job->zrle);
}

static void encode_rect(
	const struct job *job, struct rect rect, struct rect_writer *to)
{
	size_t offset;

	rect_writer_begin(to, rect, ENCODING_ZRLE);
	offset = buffer_length(&to->bytes);
	buffer_u32(&to->bytes, 0);
	write_tiles(job, rect);
	if (!to->bytes.failed)
		buffer_put_u32(&to->bytes, offset,
			(uint32_t)(buffer_length(&to->bytes) - offset - 4));
}

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	struct job job = { .zrle = state,
		.settings = settings,
		.frame = frame,
		.level = deflater_level(settings->compress_level),
		.to = &to->bytes };

	if (settings->alone)
		deflater_forget(&job.zrle->deflater);
	if (job.level < LEAST_LEVEL)
		job.level = LEAST_LEVEL;
	job.may_be_dull = job.level < LEAST_THOROUGH_LEVEL &&
			  pixel_format_cpixel_size(&settings->format) >= 3;
	for (int y = 0; y < area.height; y += MOST_HEIGHT)
		for (int x = 0; x < area.width; x += MOST_WIDTH) {
			struct rect rect = { area.x + x, area.y + y, MOST_WIDTH,
				MOST_HEIGHT };

			encode_rect(&job, rect_intersect(rect, area), to);
		}
}

const struct encoder encoder_zrle = {
	.name = "zrle",
	.number = ENCODING_ZRLE,
	.traits = ENCODER_ALONE,
	.state_create = state_create,
	.state_destroy = state_destroy,
	.state_is_like = state_is_like,
	.state_skip = state_skip,
	.encode = encode,
};
