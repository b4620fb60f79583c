/* encoder_zrle.c - tiles of runs and palettes in one zlib stream (RFC 6143
 * section 7.7.6). */
#include "rfb/encoder.h"

#include <stdlib.h>

#include "rfb/deflated_state.h"
#include "rfb/repeats.h"
#include "rfb/run_tile.h"

enum {
	SIDE = 64,
	/* One rectangle: bounds what is kept before it is deflated. */
	MOST_WIDTH = 2048,
	MOST_HEIGHT = 256,
	LEAST_THOROUGH_LEVEL = 4, /* of zlib: size counts more than time */
};

struct zrle {
	struct deflated_state kept; /* first */
	struct run_tile tile;
};

static void *state_create(void)
{
	return calloc(1, sizeof(struct zrle));
}

/* What tiles are to zlib. */
enum content {
	CONTENT_FLAT,   /* palettes, indices, runs: text and drawings */
	CONTENT_PIXELS, /* as they are */
	CONTENT_DULL,   /* pixels in which a search would find nothing */
};

struct job {
	struct zrle *zrle;
	const struct encode_settings *settings;
	const struct frame *frame;
	int levels[CONTENT_DULL + 1];
	bool may_be_dull;
	struct buffer *to;
};

/* Sends what is kept to the viewer's stream. Only what is dull, and what stands
 * beside it, must be flushed: that is in a stream's part of its own. */
static void flush(const struct job *job, enum content content, bool goes_on)
{
	static void (*const writers[][2])(struct deflater *, int,
		const uint8_t *, size_t, struct buffer *) = {
		[CONTENT_FLAT] = { deflater_write, deflater_begin },
		[CONTENT_PIXELS] = { deflater_write, deflater_begin },
		[CONTENT_DULL] = { deflater_write_dull, deflater_write_dull },
	};
	struct buffer *plain = &job->zrle->kept.plain;

	if (plain->failed)
		job->to->failed = true;
	else if (buffer_length(plain) > 0)
		writers[content][goes_on](&job->zrle->kept.deflater,
			job->levels[content], buffer_bytes(plain),
			buffer_length(plain), job->to);
	buffer_clear(plain);
}

/* One colour is nothing beside either. */
static enum content content_of(
	const struct job *job, struct rect place, enum content before)
{
	switch (job->zrle->tile.form) {
	case RUN_TILE_SOLID:
		return before;
	case RUN_TILE_RAW:
		return job->may_be_dull && repeats_are_rare(job->frame, place)
			       ? CONTENT_DULL
			       : CONTENT_PIXELS;
	default:
		return CONTENT_FLAT;
	}
}

/* Tile by tile; zlib looks at each kind as is best for it. */
static void write_tiles(const struct job *job, struct rect rect)
{
	struct run_tile *tile = &job->zrle->tile;
	enum content before = CONTENT_FLAT;

	for (int y = 0; y < rect.height; y += SIDE)
		for (int x = 0; x < rect.width; x += SIDE) {
			struct rect place = rect_intersect(
				rect, (struct rect){ rect.x + x, rect.y + y,
					      SIDE, SIDE });
			enum content content;

			run_tile_look(tile, RUN_TILE_DEFLATED,
				&job->settings->format, job->frame, place);
			content = content_of(job, place, before);
			if (content != before)
				flush(job, before, content != CONTENT_DULL);
			before = content;
			run_tile_write(tile, &job->settings->format,
				&job->zrle->kept.plain);
		}
	flush(job, before, false);
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
	int level = deflater_level(settings->compress_level);
	bool is_thorough = level >= LEAST_THOROUGH_LEVEL;
	bool is_plain =
		is_thorough || deflater_is_hurried(settings->compress_level);
	struct job job = { .zrle = state,
		.settings = settings,
		.frame = frame,
		.levels = { is_plain ? level : DEFLATER_LEVEL_TILES,
			is_plain ? level : DEFLATER_LEVEL_PIXELS, level },
		.may_be_dull = !is_thorough &&
			       pixel_format_cpixel_size(&settings->format) >= 3,
		.to = &to->bytes };

	if (settings->alone)
		deflater_forget(&job.zrle->kept.deflater);
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
	.state_destroy = deflated_state_destroy,
	.state_is_like = deflated_state_is_like,
	.state_skip = deflated_state_skip,
	.encode = encode,
};
