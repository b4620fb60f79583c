/* encoder_hextile.c - tiles of a background and rectangles on it (RFC 6143
 * section 7.7.4). */
#include "rfb/encoder.h"

#include "rfb/raw_pixels.h"
#include "rfb/subrect.h"

enum {
	SIDE = 16,
	MOST_PIXEL_BYTES = 4,
	MOST_COLOURS_COUNTED = 16, /* to find the background among */
};

enum subencoding {
	RAW = 1,
	BACKGROUND_SPECIFIED = 2,
	FOREGROUND_SPECIFIED = 4,
	ANY_SUBRECTS = 8,
	SUBRECTS_COLOURED = 16,
};

struct tile {
	uint32_t pixels[SIDE * SIDE]; /* reduced; rows of `width` */
	int width, height;
	int colours; /* 1, 2, or 3 for more */
	uint32_t background, foreground;
};

/* What the viewer remembers from the tile before. */
struct memory {
	bool has_background, has_foreground;
	uint32_t background, foreground;
};

struct job {
	const struct pixel_format *format;
	size_t pixel_bytes;
	struct memory memory;
	struct buffer *to;
};

static void tile_load(struct tile *tile, const struct pixel_format *format,
	const struct frame *frame, struct rect place)
{
	tile->width = place.width;
	tile->height = place.height;
	for (int y = 0; y < place.height; y++)
		pixel_format_reduce(format, tile->pixels + y * place.width,
			frame_row(frame, place.y + y) + place.x,
			(size_t)place.width);
}

struct histogram {
	int count;
	int runs, all; /* of pixels met so far */
	uint32_t colours[MOST_COLOURS_COUNTED];
	int pixels[MOST_COLOURS_COUNTED];
};

/* False where the tile is so varied that subrectangles will not pay. */
static bool histogram_add(struct histogram *histogram, uint32_t colour, int n)
{
	int i = 0;

	while (i < histogram->count && histogram->colours[i] != colour)
		i++;
	histogram->runs++;
	histogram->all += n;
	if (i == MOST_COLOURS_COUNTED)
		return histogram->runs * 8 < histogram->all * 7;
	if (i == histogram->count) {
		histogram->colours[i] = colour;
		histogram->pixels[i] = 0;
		histogram->count++;
	}
	histogram->pixels[i] += n;
	return true;
}

static bool histogram_add_row(
	struct histogram *histogram, const uint32_t *row, int width)
{
	int start = 0;

	for (int x = 1; x <= width; x++) {
		if (x < width && row[x] == row[start])
			continue;
		if (!histogram_add(histogram, row[start], x - start))
			return false;
		start = x;
	}
	return true;
}

/* False as above. */
static bool tile_count_colours(struct tile *tile)
{
	struct histogram histogram = { 0 };
	int best = 0;

	for (int y = 0; y < tile->height; y++)
		if (!histogram_add_row(&histogram,
			    tile->pixels + y * tile->width, tile->width))
			return false;
	for (int i = 1; i < histogram.count; i++)
		if (histogram.pixels[i] > histogram.pixels[best])
			best = i;
	tile->colours = histogram.count < 3 ? histogram.count : 3;
	tile->background = histogram.colours[best];
	tile->foreground = histogram.colours[best == 0 && tile->colours > 1];
	return true;
}

/* Writes the rectangles to `out` (room for `most` bytes) and erases them from
 * the tile. Returns their bytes, or 0 where they need more than `most`. */
static size_t write_subrects(struct tile *tile, const struct job *job,
	uint8_t *out, size_t most, uint8_t *count)
{
	size_t colour_bytes = tile->colours > 2 ? job->pixel_bytes : 0;
	const struct subrect_field field = { tile->pixels, tile->width,
		tile->height };
	size_t used = 0;

	*count = 0;
	for (int at = 0; at < tile->width * tile->height; at++) {
		int x = at % tile->width, y = at / tile->width;
		struct rect rect;

		if (tile->pixels[at] == tile->background)
			continue;
		if (used + colour_bytes + 2 > most)
			return 0;
		rect = subrect_grow(&field, x, y);
		if (colour_bytes > 0)
			pixel_format_convert(
				job->format, out + used, &tile->pixels[at], 1);
		used += colour_bytes;
		out[used++] = (uint8_t)(x << 4 | y);
		out[used++] =
			(uint8_t)((rect.width - 1) << 4 | (rect.height - 1));
		++*count;
		subrect_fill(&field, rect, tile->background);
	}
	return used;
}

static void write_pixel(const struct job *job, uint32_t colour)
{
	uint8_t value[MOST_PIXEL_BYTES];

	pixel_format_convert(job->format, value, &colour, 1);
	buffer_append(job->to, value, job->pixel_bytes);
}

/* A raw tile leaves neither background nor foreground behind. */
static void write_raw(
	struct job *job, const struct frame *frame, struct rect place)
{
	buffer_u8(job->to, RAW);
	raw_pixels_append(job->format, frame, place, job->to);
	job->memory.has_background = job->memory.has_foreground = false;
}

static uint8_t subencoding_of(
	const struct tile *tile, const struct memory *memory)
{
	uint8_t mask = 0;

	if (!memory->has_background || memory->background != tile->background)
		mask |= BACKGROUND_SPECIFIED;
	if (tile->colours > 1)
		mask |= ANY_SUBRECTS;
	if (tile->colours > 2)
		mask |= SUBRECTS_COLOURED;
	if (tile->colours == 2 &&
		(!memory->has_foreground ||
			memory->foreground != tile->foreground))
		mask |= FOREGROUND_SPECIFIED;
	return mask;
}

/* Some decoders use the foreground's place while they read coloured
 * rectangles, so it counts as forgotten then. */
static void remember(struct memory *memory, const struct tile *tile)
{
	memory->has_background = true;
	memory->background = tile->background;
	if (tile->colours == 2) {
		memory->has_foreground = true;
		memory->foreground = tile->foreground;
	} else if (tile->colours > 2) {
		memory->has_foreground = false;
	}
}

static void encode_tile(
	struct job *job, const struct frame *frame, struct rect place)
{
	uint8_t subrects[SIDE * SIDE * MOST_PIXEL_BYTES];
	size_t raw = (size_t)(place.width * place.height) * job->pixel_bytes;
	uint8_t count = 0;
	size_t used = 0;
	struct tile tile;
	uint8_t mask;

	tile_load(&tile, job->format, frame, place);
	if (!tile_count_colours(&tile)) {
		write_raw(job, frame, place);
		return;
	}
	if (tile.colours > 1) {
		used = write_subrects(&tile, job, subrects, raw, &count);
		if (used == 0) {
			write_raw(job, frame, place);
			return;
		}
	}
	mask = subencoding_of(&tile, &job->memory);
	buffer_u8(job->to, mask);
	if (mask & BACKGROUND_SPECIFIED)
		write_pixel(job, tile.background);
	if (mask & FOREGROUND_SPECIFIED)
		write_pixel(job, tile.foreground);
	if (mask & ANY_SUBRECTS) {
		buffer_u8(job->to, count);
		buffer_append(job->to, subrects, used);
	}
	remember(&job->memory, &tile);
}

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	struct job job = { .format = &settings->format,
		.pixel_bytes = settings->format.bits_per_pixel / 8,
		.to = &to->bytes };

	(void)state;
	rect_writer_begin(to, area, ENCODING_HEXTILE);
	for (int y = 0; y < area.height; y += SIDE)
		for (int x = 0; x < area.width; x += SIDE) {
			struct rect tile = { area.x + x, area.y + y, SIDE,
				SIDE };

			encode_tile(&job, frame, rect_intersect(tile, area));
		}
}

const struct encoder encoder_hextile = {
	.name = "hextile",
	.number = ENCODING_HEXTILE,
	.traits = ENCODER_PLAIN,
	.encode = encode,
};
