/* encoder_zrle.c - tiles of runs and palettes in one zlib stream (RFC 6143
 * section 7.7.6). */
#include "rfb/encoder.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xmalloc.h"
#include "rfb/colour_palette.h"
#include "rfb/deflater.h"

enum {
	SIDE = 64,
	TILE_PIXELS = SIDE * SIDE,
	/* One rectangle: bounds what is kept before it is deflated. */
	MOST_WIDTH = 2048,
	MOST_HEIGHT = 256,
	MOST_PIXEL_BYTES = 4,
	/* Above, only 17..127 that RFC 6143 leaves unused are missing. */
	MOST_PACKED_COLOURS = 16,
	MOST_RUN_COLOURS = 127,
};

enum subencoding {
	RAW = 0,
	SOLID = 1,         /* also: the count of a packed palette */
	PLAIN_RLE = 128,   /* plus the count of a palette */
	RUN_FOLLOWS = 128, /* in a palette index */
};

struct run {
	uint16_t length; /* 1..TILE_PIXELS */
	uint8_t index;   /* in the palette, where all colours fit it */
};

struct tile {
	int width, height, count;     /* pixels */
	uint32_t pixels[TILE_PIXELS]; /* reduced */
	struct colour_palette palette;
	bool has_palette;
	int run_count;
	int single_runs; /* of one pixel */
	int extra_bytes; /* of run lengths, beyond one a run */
	struct run runs[TILE_PIXELS];
};

struct zrle {
	struct deflater deflater;
	struct buffer plain; /* tiles, before they are deflated */
	struct tile tile;
};

struct job {
	const struct pixel_format *format;
	size_t pixel_bytes; /* of a CPIXEL */
	struct zrle *zrle;
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

static void tile_load(struct tile *tile, const struct pixel_format *format,
	const struct frame *frame, struct rect place)
{
	tile->width = place.width;
	tile->height = place.height;
	tile->count = place.width * place.height;
	for (int y = 0; y < place.height; y++)
		pixel_format_reduce(format, tile->pixels + y * place.width,
			frame_row(frame, place.y + y) + place.x,
			(size_t)place.width);
}

static void tile_add_run(struct tile *tile, uint32_t colour, int length)
{
	struct run *run = &tile->runs[tile->run_count++];
	int index = 0;

	if (tile->has_palette) {
		index = colour_palette_index(&tile->palette, colour);
		tile->has_palette = index >= 0;
	}
	run->length = (uint16_t)length;
	run->index = (uint8_t)index;
	tile->single_runs += length == 1;
	tile->extra_bytes += (length - 1) / 255;
}

/* False where there are so many runs that they cannot pay (then the rest is
 * not looked at). */
static bool tile_find_runs(struct tile *tile, size_t pixel_bytes)
{
	const uint32_t *pixels = tile->pixels;
	int most_runs =
		(int)((size_t)tile->count * pixel_bytes / (pixel_bytes + 1));
	int start = 0;

	colour_palette_init(&tile->palette, MOST_RUN_COLOURS);
	tile->has_palette = true;
	tile->run_count = tile->single_runs = tile->extra_bytes = 0;
	while (start < tile->count) {
		int end = start + 1;

		while (end < tile->count && pixels[end] == pixels[start])
			end++;
		tile_add_run(tile, pixels[start], end - start);
		start = end;
		if (!tile->has_palette && tile->run_count > most_runs)
			return false;
	}
	return true;
}

static unsigned bits_for(int colours)
{
	return colours <= 2 ? 1 : colours <= 4 ? 2 : 4;
}

static size_t packed_size(const struct tile *tile)
{
	size_t row =
		((size_t)tile->width * bits_for(tile->palette.count) + 7) / 8;

	return row * (size_t)tile->height;
}

enum form { FORM_RAW, FORM_SOLID, FORM_PACKED, FORM_RUNS, FORM_INDEXED_RUNS };

/* The form of the fewest bytes before zlib. */
static enum form tile_choose(struct tile *tile, size_t pixel_bytes)
{
	size_t least = (size_t)tile->count * pixel_bytes;
	enum form form = FORM_RAW;
	size_t runs, colours;

	if (!tile_find_runs(tile, pixel_bytes))
		return FORM_RAW;
	runs = (size_t)(tile->run_count + tile->extra_bytes);
	if (runs + (size_t)tile->run_count * pixel_bytes < least) {
		least = runs + (size_t)tile->run_count * pixel_bytes;
		form = FORM_RUNS;
	}
	if (!tile->has_palette)
		return form;
	if (tile->palette.count == 1)
		return FORM_SOLID;
	colours = (size_t)tile->palette.count * pixel_bytes;
	if (colours + runs + (size_t)(tile->run_count - tile->single_runs) <
		least) {
		least = colours + runs +
			(size_t)(tile->run_count - tile->single_runs);
		form = FORM_INDEXED_RUNS;
	}
	if (tile->palette.count <= MOST_PACKED_COLOURS &&
		colours + packed_size(tile) < least)
		form = FORM_PACKED;
	return form;
}

static uint8_t *write_colours(
	const struct job *job, uint8_t *out, const uint32_t *colours, int count)
{
	pixel_format_convert_cpixel(job->format, out, colours, (size_t)count);
	return out + (size_t)count * job->pixel_bytes;
}

static uint8_t *write_length(uint8_t *out, int length)
{
	int left = length - 1;

	for (; left >= 255; left -= 255)
		*out++ = 255;
	*out++ = (uint8_t)left;
	return out;
}

static uint8_t *write_runs(const struct job *job, uint8_t *out)
{
	const struct tile *tile = &job->zrle->tile;
	const uint32_t *pixel = tile->pixels;

	*out++ = PLAIN_RLE;
	for (int i = 0; i < tile->run_count; i++) {
		out = write_colours(job, out, pixel, 1);
		out = write_length(out, tile->runs[i].length);
		pixel += tile->runs[i].length;
	}
	return out;
}

static uint8_t *write_indexed_runs(const struct job *job, uint8_t *out)
{
	const struct tile *tile = &job->zrle->tile;

	*out++ = (uint8_t)(PLAIN_RLE + tile->palette.count);
	out = write_colours(
		job, out, tile->palette.colours, tile->palette.count);
	for (int i = 0; i < tile->run_count; i++) {
		const struct run *run = &tile->runs[i];

		if (run->length == 1) {
			*out++ = run->index;
			continue;
		}
		*out++ = run->index | RUN_FOLLOWS;
		out = write_length(out, run->length);
	}
	return out;
}

/* Rows of indices, the first pixel in the highest bits, each row beginning a
 * byte of its own. */
static uint8_t *write_packed(const struct job *job, uint8_t *out)
{
	const struct tile *tile = &job->zrle->tile;
	unsigned bits = bits_for(tile->palette.count);
	const struct run *run = tile->runs;
	int left = run->length;

	*out++ = (uint8_t)tile->palette.count;
	out = write_colours(
		job, out, tile->palette.colours, tile->palette.count);
	for (int y = 0; y < tile->height; y++) {
		unsigned byte = 0, filled = 0;

		for (int x = 0; x < tile->width; x++) {
			if (left == 0)
				left = (++run)->length;
			left--;
			byte = byte << bits | run->index;
			filled += bits;
			if (filled == 8) {
				*out++ = (uint8_t)byte;
				byte = filled = 0;
			}
		}
		if (filled > 0)
			*out++ = (uint8_t)(byte << (8 - filled));
	}
	return out;
}

static void encode_tile(const struct job *job)
{
	struct tile *tile = &job->zrle->tile;
	enum form form = tile_choose(tile, job->pixel_bytes);
	uint8_t *start = buffer_reserve(
		&job->zrle->plain, 1 + TILE_PIXELS * MOST_PIXEL_BYTES);
	uint8_t *out = start;

	if (start == NULL)
		return;
	switch (form) {
	case FORM_RAW:
		*out++ = RAW;
		out = write_colours(job, out, tile->pixels, tile->count);
		break;
	case FORM_SOLID:
		*out++ = SOLID;
		out = write_colours(job, out, tile->pixels, 1);
		break;
	case FORM_PACKED:
		out = write_packed(job, out);
		break;
	case FORM_RUNS:
		out = write_runs(job, out);
		break;
	case FORM_INDEXED_RUNS:
		out = write_indexed_runs(job, out);
		break;
	}
	buffer_commit(&job->zrle->plain, (size_t)(out - start));
}

static void put_u32(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
}

static void encode_rect(const struct job *job, int level,
	const struct frame *frame, struct rect rect, struct rect_writer *to)
{
	struct zrle *zrle = job->zrle;
	size_t length_at;

	buffer_clear(&zrle->plain);
	for (int y = 0; y < rect.height; y += SIDE)
		for (int x = 0; x < rect.width; x += SIDE) {
			struct rect tile = { rect.x + x, rect.y + y, SIDE,
				SIDE };

			tile_load(&zrle->tile, job->format, frame,
				rect_intersect(tile, rect));
			encode_tile(job);
		}
	rect_writer_begin(to, rect, ENCODING_ZRLE);
	length_at = buffer_length(&to->bytes);
	buffer_u32(&to->bytes, 0);
	if (zrle->plain.failed) {
		to->bytes.failed = true;
		return;
	}
	deflater_write(&zrle->deflater, level, buffer_bytes(&zrle->plain),
		buffer_length(&zrle->plain), &to->bytes);
	if (!to->bytes.failed)
		put_u32(buffer_bytes(&to->bytes) + length_at,
			buffer_length(&to->bytes) - length_at - 4);
}

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	struct job job = { .format = &settings->format,
		.pixel_bytes = pixel_format_cpixel_size(&settings->format),
		.zrle = state };
	int level = deflater_level(settings->compress_level);

	for (int y = 0; y < area.height; y += MOST_HEIGHT)
		for (int x = 0; x < area.width; x += MOST_WIDTH) {
			struct rect rect = { area.x + x, area.y + y, MOST_WIDTH,
				MOST_HEIGHT };

			encode_rect(&job, level, frame,
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
