/* encoder_tight_cell.c - tells solid, flat and photographic content apart. */
#include "rfb/encoder_tight.h"

#include <string.h>

enum {
	/* Each 4th row tells what the rest is like: no text is so low, and no
	 * photograph so regular, that they pass between. */
	ROW_STEP = 4,
	LOOK_PIXELS = TIGHT_CELL_WIDTH * TIGHT_CELL_HEIGHT / ROW_STEP,
	SAMPLE_COLOURS = 192,
	PHOTO_COLOURS = 64,  /* of the look: more than a drawing has */
	SMOOTH_COLOURS = 12, /* and of a sky */
	SMALL_STEP = 12,     /* of a channel, between neighbours in a sky */
};

struct look {
	int width, height; /* of the rows looked at */
	uint32_t pixels[LOOK_PIXELS];
	int steps;       /* pixels that differ from the one on their left */
	int small_steps; /* of these, by a little */
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
	uint32_t first;

	pixel_format_reduce(
		format, &first, frame_row(job->frame, place.y) + place.x, 1);
	for (int y = 0; y < place.height; y++) {
		const uint32_t *from =
			frame_row(job->frame, place.y + y) + place.x;
		uint32_t row[TIGHT_CELL_WIDTH];

		if (!keeps) {
			pixel_format_reduce(
				format, row, from, (size_t)place.width);
			from = row;
		}
		if (row_differs(from, place.width, first, 0xffffff))
			return false;
	}
	return true;
}

static void look_load(
	struct look *look, const struct tight_job *job, struct rect place)
{
	look->width = place.width;
	look->height = (place.height + ROW_STEP - 1) / ROW_STEP;
	for (int y = 0; y < look->height; y++)
		pixel_format_reduce(&job->settings->format,
			look->pixels + y * place.width,
			frame_row(job->frame, place.y + y * ROW_STEP) + place.x,
			(size_t)place.width);
}

static void count_steps(struct look *look)
{
	int steps = 0;

	for (int y = 0; y < look->height; y++) {
		const uint32_t *row = look->pixels + y * look->width;

#pragma omp simd reduction(+ : steps)
		for (int x = 1; x < look->width; x++)
			steps += row[x] != row[x - 1];
	}
	look->steps = steps;
}

static inline int is_small(uint32_t a, uint32_t b)
{
	int red = (int)(a >> 16) - (int)(b >> 16);
	int green = (int)(a >> 8 & 255) - (int)(b >> 8 & 255);
	int blue = (int)(a & 255) - (int)(b & 255);

	return (red <= SMALL_STEP) & (red >= -SMALL_STEP) &
	       (green <= SMALL_STEP) & (green >= -SMALL_STEP) &
	       (blue <= SMALL_STEP) & (blue >= -SMALL_STEP) & (a != b);
}

static void count_small_steps(struct look *look)
{
	int steps = 0;

	for (int y = 0; y < look->height; y++) {
		const uint32_t *row = look->pixels + y * look->width;

#pragma omp simd reduction(+ : steps)
		for (int x = 1; x < look->width; x++)
			steps += is_small(row[x], row[x - 1]);
	}
	look->small_steps = steps;
}

struct sample {
	int pixels;      /* looked at */
	int colours;     /* among them, up to a palette's limit */
	int most_common; /* pixels of one colour */
};

/* False where so many colours were met that the rest need not be seen. */
static bool sample_row(struct sample *sample, struct colour_palette *palette,
	const uint32_t *row, int width, int *counts)
{
	for (int x = 0; x < width; x++) {
		int index = colour_palette_index(palette, row[x]);

		if (index < 0)
			return false;
		counts[index]++;
		sample->pixels++;
	}
	return true;
}

static struct sample take_sample(
	const struct look *look, struct colour_palette *palette)
{
	int counts[SAMPLE_COLOURS] = { 0 };
	struct sample sample = { 0 };

	colour_palette_init(palette, SAMPLE_COLOURS);
	for (int y = 0; y < look->height; y++)
		if (!sample_row(&sample, palette,
			    look->pixels + y * look->width, look->width,
			    counts))
			break;
	sample.colours = palette->count;
	for (int i = 0; i < sample.colours; i++)
		if (counts[i] > sample.most_common)
			sample.most_common = counts[i];
	return sample;
}

/* Text and drawings repeat pixels and have a background, however soft their
 * edges are; a photograph has neither, and shows by its many colours or by
 * hardly ever jumping from one to the next. */
static bool is_photo(struct look *look, struct colour_palette *palette)
{
	int count = look->width * look->height;
	struct sample sample;
	bool is_smooth;

	count_steps(look);
	if (look->steps * 4 < count)
		return false;
	sample = take_sample(look, palette);
	if (sample.most_common * 5 > sample.pixels)
		return false;
	count_small_steps(look);
	is_smooth = look->small_steps * 4 >= look->steps * 3;
	return sample.colours > (is_smooth ? SMOOTH_COLOURS : PHOTO_COLOURS);
}

struct tight_cell tight_cell_look(
	const struct tight_job *job, struct rect place)
{
	struct tight_cell cell = { .kind = TIGHT_FLAT };
	struct look look;

	if (is_solid(job, place)) {
		cell.kind = TIGHT_SOLID;
		pixel_format_reduce(&job->settings->format, &cell.colour,
			frame_row(job->frame, place.y) + place.x, 1);
		return cell;
	}
	look_load(&look, job, place);
	if (is_photo(&look, &job->tight->palette))
		cell.kind = TIGHT_PHOTO;
	return cell;
}
