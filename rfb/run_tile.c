#include "rfb/run_tile.h"

#include <assert.h>

enum {
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

struct job {
	const struct pixel_format *format;
	size_t pixel_bytes; /* of a CPIXEL */
	struct run_tile *tile;
};

static void tile_load(struct run_tile *tile, const struct pixel_format *format,
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

static void tile_add_run(struct run_tile *tile, uint32_t colour, int length)
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
static bool tile_find_runs(struct run_tile *tile, size_t pixel_bytes)
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

static size_t packed_size(const struct run_tile *tile)
{
	size_t row =
		((size_t)tile->width * bits_for(tile->palette.count) + 7) / 8;

	return row * (size_t)tile->height;
}

enum form { FORM_RAW, FORM_SOLID, FORM_PACKED, FORM_RUNS, FORM_INDEXED_RUNS };

/* The form of the fewest bytes before zlib. */
static enum form tile_choose(struct run_tile *tile, size_t pixel_bytes)
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
	const struct run_tile *tile = job->tile;
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
	const struct run_tile *tile = job->tile;

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
	const struct run_tile *tile = job->tile;
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

bool run_tile_write(struct run_tile *tile, const struct pixel_format *format,
	const struct frame *frame, struct rect place, struct buffer *to)
{
	const struct job whole = { .format = format,
		.pixel_bytes = pixel_format_cpixel_size(format),
		.tile = tile };
	const struct job *job = &whole;
	uint8_t *start, *out;
	enum form form;

	assert(place.width <= RUN_TILE_MOST_SIDE &&
		place.height <= RUN_TILE_MOST_SIDE);
	tile_load(tile, format, frame, place);
	form = tile_choose(tile, job->pixel_bytes);
	start = out =
		buffer_reserve(to, 1 + (size_t)tile->count * MOST_PIXEL_BYTES);
	if (start == NULL)
		return true;
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
	buffer_commit(to, (size_t)(out - start));
	return form != FORM_RAW;
}

void run_tile_write_area(struct run_tile *tile,
	const struct pixel_format *format, const struct frame *frame,
	struct rect area, int side, struct buffer *to)
{
	for (int y = 0; y < area.height; y += side)
		for (int x = 0; x < area.width; x += side) {
			struct rect place = { area.x + x, area.y + y, side,
				side };

			run_tile_write(tile, format, frame,
				rect_intersect(place, area), to);
		}
}
