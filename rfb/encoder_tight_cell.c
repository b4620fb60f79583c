/* encoder_tight_cell.c - tells solid, flat and photographic content apart. */
#include "rfb/encoder_tight.h"

#include <stdlib.h>

enum {
	/* Each 4th row tells what the rest is like: no text is so low, and no
	 * photograph so regular, that they pass between. */
	ROW_STEP = 4,
	MOST_ROWS = TIGHT_CELL_HEIGHT / ROW_STEP,
	/* Steps, from a pixel to another one, are counted in so many. */
	TILE = TIGHT_LEAST_CUT,
	MOST_TILES = TIGHT_CELL_WIDTH / TILE,
	/* How much colours differ is asked of stretches of many cells. */
	ROUGHNESS_STEP = 32,
	/* Colours are counted by a hash of so many bits: exact enough. */
	HASH_BITS = 9,
	PHOTO_COLOURS = 60,   /* in these rows: more than a drawing has */
	SMOOTH_COLOURS = 11,  /* and of a sky */
	CERTAIN_COLOURS = 96, /* so many are enough anywhere */
	SMALL_STEP = 12,      /* of a channel, between neighbours in a sky */
	/* The least part of a photograph worth cutting out is a quarter: at an
	 * eighth as many bytes, and a twentieth more time for a page. */
	MIXED_PART = 4,
	CHANGE_BYTES = (TIGHT_CELL_WIDTH - 4) * 4,
};

/* A part of the rows of a cell, as the viewer would see them but for the top
 * byte of each pixel, which may be anything. */
struct look {
	struct rect place;
	int count; /* of these rows */
	const uint32_t *rows[MOST_ROWS];
	int tiles;                            /* to a row */
	uint8_t steps[MOST_ROWS][MOST_TILES]; /* of each tile */
	int all_steps, least_steps;           /* of all these rows, of one */
	/* What `rows` point to where the format does not keep all colours. */
	uint32_t reduced[MOST_ROWS][TIGHT_CELL_WIDTH];
};

/* The bits of `mask` in which any pixel of the row differs from `first`. */
static inline uint32_t row_differs(
	const uint32_t *row, int width, uint32_t first, uint32_t mask)
{
	uint32_t differing = 0;

#pragma omp simd reduction(| : differing)
	for (int x = 0; x < width; x++)
		differing |= row[x] ^ first;
	return differing & mask;
}

static bool is_solid(const struct tight_job *job, struct rect place)
{
	const struct pixel_format *format = &job->settings->format;
	bool keeps = pixel_format_keeps_colours(format);
	uint32_t reduced[TIGHT_CELL_WIDTH];
	uint32_t first = 0;

	for (int y = 0; y < place.height; y++) {
		const uint32_t *row =
			frame_row(job->frame, place.y + y) + place.x;

		if (!keeps) {
			pixel_format_reduce(
				format, reduced, row, (size_t)place.width);
			row = reduced;
		}
		if (y == 0)
			first = row[0];
		if (row_differs(row, place.width, first, 0xffffff))
			return false;
	}
	return true;
}

static void look_load(
	struct look *look, const struct tight_job *job, struct rect place)
{
	const struct pixel_format *format = &job->settings->format;
	bool keeps = pixel_format_keeps_colours(format);

	look->place = place;
	look->count = (place.height + ROW_STEP - 1) / ROW_STEP;
	for (int i = 0; i < look->count; i++) {
		look->rows[i] =
			frame_row(job->frame, place.y + i * ROW_STEP) + place.x;
		if (keeps)
			continue;
		pixel_format_reduce(format, look->reduced[i], look->rows[i],
			(size_t)place.width);
		look->rows[i] = look->reduced[i];
	}
}

static inline int count_steps(const uint32_t *row, int count)
{
	int steps = 0;

#pragma omp simd reduction(+ : steps)
	for (int x = 0; x < count; x++)
		steps += frame_colour(row[x] ^ row[x + 1]) != 0;
	return steps;
}

/* The last tile of a wider row overlaps the one before it, so that all are of
 * one size, which compilers know. */
static int count_row(const uint32_t *row, int width, uint8_t *tiles)
{
	int sum = 0;

	if (width <= TILE) {
		tiles[0] = (uint8_t)count_steps(row, width - 1);
		return tiles[0];
	}
	for (int i = 0; i * TILE < width; i++) {
		int left = (i + 1) * TILE < width ? i * TILE : width - TILE - 1;

		tiles[i] = (uint8_t)count_steps(row + left, TILE);
		sum += tiles[i];
	}
	return sum;
}

static void look_count_steps(struct look *look)
{
	look->tiles = (look->place.width + TILE - 1) / TILE;
	look->all_steps = 0;
	look->least_steps = TIGHT_CELL_WIDTH;
	for (int i = 0; i < look->count; i++) {
		int steps = count_row(
			look->rows[i], look->place.width, look->steps[i]);

		look->all_steps += steps;
		if (steps < look->least_steps)
			look->least_steps = steps;
	}
}

/* How much most neighbours in a row of a whole cell differ, all channels
 * together, in whatever order they lie. Of a constant number of bytes, so that
 * compilers know the sum of absolute differences when they see it; where the
 * top bytes are not all the same it is too much. */
static int row_change(const uint32_t *row)
{
	const uint8_t *bytes = (const uint8_t *)row;
	int change = 0;

	for (int i = 0; i < CHANGE_BYTES; i++)
		change += abs(bytes[i + 4] - bytes[i]);
	return change;
}

static bool changes_little(const struct look *look)
{
	int change = 0;

	for (int i = 0; i < look->count; i++)
		change += row_change(look->rows[i]);
	return change <= look->all_steps * SMALL_STEP;
}

static inline int is_small(uint32_t a, uint32_t b)
{
	int red = (int)(a >> 16 & 255) - (int)(b >> 16 & 255);
	int green = (int)(a >> 8 & 255) - (int)(b >> 8 & 255);
	int blue = (int)(a & 255) - (int)(b & 255);

	return (red <= SMALL_STEP) & (red >= -SMALL_STEP) &
	       (green <= SMALL_STEP) & (green >= -SMALL_STEP) &
	       (blue <= SMALL_STEP) & (blue >= -SMALL_STEP) &
	       (frame_colour(a ^ b) != 0);
}

/* Of the steps, those by a little. */
static int count_small_steps(const struct look *look)
{
	int steps = 0;

	for (int i = 0; i < look->count; i++) {
		const uint32_t *row = look->rows[i];

#pragma omp simd reduction(+ : steps)
		for (int x = 1; x < look->place.width; x++)
			steps += is_small(row[x], row[x - 1]);
	}
	return steps;
}

struct sample {
	int colours;
	int pixels; /* looked at */
	int16_t counts[1 << HASH_BITS];
};

static void sample_row(struct sample *sample, const uint32_t *row, int width)
{
	int colours = 0;

	for (int x = 0; x < width; x++) {
		uint32_t hash =
			frame_colour(row[x]) * 0x9e3779b1u >> (32 - HASH_BITS);

		colours += sample->counts[hash]++ == 0;
	}
	sample->colours += colours;
	sample->pixels += width;
}

/* Whether a colour has more than a fifth, as a background has. */
static bool has_background(const struct sample *sample)
{
	int16_t most = 0; /* eight at once */

#pragma omp simd reduction(max : most)
	for (int i = 0; i < 1 << HASH_BITS; i++)
		most = sample->counts[i] > most ? sample->counts[i] : most;
	return most * 5 > sample->pixels;
}

/* Where every row changes more often than letters made of chance would, no
 * text hides in any, and the first rows tell. */
static bool is_grainy(const struct look *look)
{
	return look->place.width == TIGHT_CELL_WIDTH &&
	       look->least_steps * 8 > look->place.width * 5;
}

/* How many colours are enough to not look at the other rows. */
static int certain_colours(const struct look *look)
{
	if (!is_grainy(look))
		return CERTAIN_COLOURS;
	return changes_little(look) ? SMOOTH_COLOURS : PHOTO_COLOURS;
}

/* Text and drawings repeat pixels and have a background, however soft their
 * edges are; a photograph has neither, and shows by its many colours or by
 * hardly ever jumping from one to the next. */
static bool is_photo(const struct look *look)
{
	/* Both halves soon: below a photograph there may be text. */
	static const int order[MOST_ROWS] = { 0, 4, 2, 6, 1, 5, 3, 7 };
	struct sample sample = { 0 };
	int certain;

	if (look->all_steps * 4 < look->place.width * look->count)
		return false;
	certain = certain_colours(look);
	for (int i = 0; i < MOST_ROWS; i++) {
		if (order[i] >= look->count)
			continue;
		sample_row(&sample, look->rows[order[i]], look->place.width);
		if (sample.colours > certain)
			return !has_background(&sample);
	}
	if (has_background(&sample))
		return false;
	return sample.colours > PHOTO_COLOURS ||
	       (sample.colours > SMOOTH_COLOURS &&
		       count_small_steps(look) * 4 >= look->all_steps * 3);
}

static bool is_busy_row(const struct look *look, int row)
{
	int steps = 0;

	for (int i = 0; i < look->tiles; i++)
		steps += look->steps[row][i];
	return steps * 2 > look->tiles * TILE;
}

static bool is_busy_column(const struct look *look, int tile)
{
	int steps = 0;

	for (int i = 0; i < look->count; i++)
		steps += look->steps[i][tile];
	return steps * 2 > look->count * TILE;
}

/* What is no photograph may have a part of one: rows or columns that change
 * all the time where the others do not. */
static bool is_mixed(const struct look *look)
{
	if (look->all_steps * MIXED_PART < look->count * look->tiles * TILE)
		return false;
	for (int i = 0; i < look->count; i++)
		if (is_busy_row(look, i))
			return true;
	for (int i = 0; i < look->tiles; i++)
		if (is_busy_column(look, i))
			return true;
	return false;
}

/* Red and blue beyond green: what is no brightness. Of two rows together. */
struct colour_rows {
	int16_t red[TIGHT_CELL_WIDTH], blue[TIGHT_CELL_WIDTH];
};

static void sum_colours(struct colour_rows *sums, const struct frame *frame,
	struct rect place, int y)
{
	const uint32_t *row = frame_row(frame, y) + place.x;
	const uint32_t *below = frame_row(frame, y + 1) + place.x;

#pragma omp simd
	for (int x = 0; x < place.width; x++) {
		int green = (int)((row[x] >> 8 & 255) + (below[x] >> 8 & 255));

		sums->red[x] = (int16_t)((int)((row[x] >> 16 & 255) +
						 (below[x] >> 16 & 255)) -
					 green);
		sums->blue[x] =
			(int16_t)((int)((row[x] & 255) + (below[x] & 255)) -
				  green);
	}
}

/* Squares of the steps between blocks of 2x2 pixels, to the left and below. */
static int sum_squares(const int16_t *above, const int16_t *below, int width)
{
	int sum = 0;

#pragma omp simd reduction(+ : sum)
	for (int x = 2; x < width - 1; x++) {
		int here = above[x] + above[x + 1];
		int across = here - above[x - 2] - above[x - 1];
		int down = here - below[x] - below[x + 1];

		sum += across * across + down * down;
	}
	return sum;
}

/* Of the frame itself, as JPEG gets it. */
static void measure_roughness(
	const struct frame *frame, struct rect place, struct tight_cell *cell)
{
	struct colour_rows above, below;

	for (int y = place.y; y + 3 < place.y + place.height;
		y += ROUGHNESS_STEP) {
		sum_colours(&above, frame, place, y);
		sum_colours(&below, frame, place, y + 2);
		cell->roughness +=
			sum_squares(above.red, below.red, place.width) +
			sum_squares(above.blue, below.blue, place.width);
		cell->pairs += place.width - 3;
	}
}

struct tight_cell tight_cell_look(
	const struct tight_job *job, struct rect place)
{
	const struct encode_settings *settings = job->settings;
	struct tight_cell cell = { .kind = TIGHT_FLAT };
	struct look look;

	if (is_solid(job, place)) {
		cell.kind = TIGHT_SOLID;
		pixel_format_reduce(&settings->format, &cell.colour,
			frame_row(job->frame, place.y) + place.x, 1);
		return cell;
	}
	look_load(&look, job, place);
	look_count_steps(&look);
	if (is_photo(&look)) {
		cell.kind = TIGHT_PHOTO;
		if (settings->jpeg_soft_subsampling !=
			settings->jpeg_subsampling)
			measure_roughness(job->frame, place, &cell);
	} else {
		cell.is_mixed = is_mixed(&look);
	}
	return cell;
}
