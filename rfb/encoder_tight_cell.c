/* encoder_tight_cell.c - tells solid, flat and photographic content apart. */
#include "rfb/encoder_tight.h"

#include <string.h>

enum {
	/* Each 4th row tells what the rest is like: no text is so low, and no
	 * photograph so regular, that they pass between. */
	ROW_STEP = 4,
	/* How much colours differ is asked of stretches of many cells. */
	ROUGHNESS_STEP = 16,
	/* Colours are counted by a hash of so many bits: exact enough. */
	HASH_BITS = 9,
	PHOTO_COLOURS = 60,  /* in these rows: more than a drawing has */
	SMOOTH_COLOURS = 11, /* and of a sky */
	/* So many are enough to not look at the other rows. */
	CERTAIN_COLOURS = 96,
	SMALL_STEP = 12, /* of a channel, between neighbours in a sky */
};

/* A part of the rows of a cell, as the viewer would see them. */
struct look {
	const struct tight_job *job;
	struct rect place;
	bool keeps; /* the format keeps all colours */
	int rows;   /* of them, those looked at */
	uint32_t reduced[TIGHT_CELL_WIDTH];
};

/* The n-th; the top byte of a pixel may be anything. Valid until the next. */
static const uint32_t *look_row(struct look *look, int row)
{
	const uint32_t *from =
		frame_row(look->job->frame, look->place.y + row) +
		look->place.x;

	if (look->keeps)
		return from;
	pixel_format_reduce(&look->job->settings->format, look->reduced, from,
		(size_t)look->place.width);
	return look->reduced;
}

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

static bool is_solid(struct look *look)
{
	uint32_t first = look_row(look, 0)[0];

	for (int y = 0; y < look->place.height; y++)
		if (row_differs(look_row(look, y), look->place.width, first,
			    0xffffff))
			return false;
	return true;
}

/* Pixels that differ from the one on their left. */
static int count_steps(struct look *look)
{
	int steps = 0;

	for (int y = 0; y < look->rows; y++) {
		const uint32_t *row = look_row(look, y * ROW_STEP);

#pragma omp simd reduction(+ : steps)
		for (int x = 1; x < look->place.width; x++)
			steps += frame_colour(row[x] ^ row[x - 1]) != 0;
	}
	return steps;
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

/* Of these, those by a little. */
static int count_small_steps(struct look *look)
{
	int steps = 0;

	for (int y = 0; y < look->rows; y++) {
		const uint32_t *row = look_row(look, y * ROW_STEP);

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

static int most_common(const struct sample *sample)
{
	int16_t most = 0; /* eight at once */

#pragma omp simd reduction(max : most)
	for (int i = 0; i < 1 << HASH_BITS; i++)
		most = sample->counts[i] > most ? sample->counts[i] : most;
	return most;
}

/* Every second row first, from top to bottom. True where there are so many
 * colours that the other rows need not be seen. */
static bool take_sample(struct sample *sample, struct look *look)
{
	for (int first = 0; first < 2; first++)
		for (int y = first; y < look->rows; y += 2) {
			sample_row(sample, look_row(look, y * ROW_STEP),
				look->place.width);
			if (sample->colours > CERTAIN_COLOURS)
				return true;
		}
	return false;
}

/* Text and drawings repeat pixels and have a background, however soft their
 * edges are; a photograph has neither, and shows by its many colours or by
 * hardly ever jumping from one to the next. */
static bool is_photo(struct look *look)
{
	int count = look->place.width * look->rows, steps;
	struct sample sample = { 0 };
	bool is_certain;

	steps = count_steps(look);
	if (steps * 4 < count)
		return false;
	is_certain = take_sample(&sample, look);
	if (most_common(&sample) * 5 > sample.pixels)
		return false;
	if (is_certain || sample.colours > PHOTO_COLOURS)
		return true;
	return sample.colours > SMOOTH_COLOURS &&
	       count_small_steps(look) * 4 >= steps * 3;
}

static inline int square_of_step(uint32_t a, uint32_t b)
{
	int green = (int)(a >> 8 & 255) - (int)(b >> 8 & 255);
	int red = (int)(a >> 16 & 255) - (int)(b >> 16 & 255) - green;
	int blue = (int)(a & 255) - (int)(b & 255) - green;

	return red * red + blue * blue;
}

/* Of what is no brightness: red and blue beyond green. Of the frame itself, as
 * JPEG gets it. */
static void measure_roughness(
	const struct frame *frame, struct rect place, struct tight_cell *cell)
{
	int width = place.width;

	for (int y = place.y; y + 1 < place.y + place.height;
		y += ROUGHNESS_STEP) {
		const uint32_t *row = frame_row(frame, y) + place.x;
		const uint32_t *below = frame_row(frame, y + 1) + place.x;
		int sum = 0;

#pragma omp simd reduction(+ : sum)
		for (int x = 1; x < width; x++)
			sum += square_of_step(row[x], row[x - 1]) +
			       square_of_step(row[x], below[x]);
		cell->roughness += sum;
		cell->pairs += width - 1;
	}
}

struct tight_cell tight_cell_look(
	const struct tight_job *job, struct rect place)
{
	const struct encode_settings *settings = job->settings;
	struct tight_cell cell = { .kind = TIGHT_FLAT };
	struct look look = { .job = job,
		.place = place,
		.keeps = pixel_format_keeps_colours(&job->settings->format),
		.rows = (place.height + ROW_STEP - 1) / ROW_STEP };

	if (is_solid(&look)) {
		cell.kind = TIGHT_SOLID;
		cell.colour = frame_colour(look_row(&look, 0)[0]);
	} else if (is_photo(&look)) {
		cell.kind = TIGHT_PHOTO;
		if (settings->jpeg_soft_subsampling !=
			settings->jpeg_subsampling)
			measure_roughness(job->frame, place, &cell);
	}
	return cell;
}
