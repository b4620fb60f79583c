/* encoder_tight_cell.c - tells solid, flat and photographic content apart. */
#include "rfb/encoder_tight.h"

#include <string.h>

enum {
	CELL_PIXELS = TIGHT_CELL_WIDTH * TIGHT_CELL_HEIGHT,
	PHOTO_COLOURS = 96,  /* text with soft edges has fewer in a cell */
	SMOOTH_COLOURS = 24, /* for a sky */
	SMALL_STEP = 12,     /* of a channel, between neighbours in a sky */
};

struct look {
	int width, height;
	uint32_t pixels[CELL_PIXELS];
	int steps;       /* pixels that differ from the one on their left */
	int small_steps; /* of these, by a little */
};

static bool is_solid(const struct tight_job *job, struct rect place)
{
	uint32_t differing = 0;
	uint32_t first;

	pixel_format_reduce(&job->settings->format, &first,
		frame_row(job->frame, place.y) + place.x, 1);
	for (int y = 0; y < place.height && differing == 0; y++) {
		uint32_t row[TIGHT_CELL_WIDTH];

		pixel_format_reduce(&job->settings->format, row,
			frame_row(job->frame, place.y + y) + place.x,
			(size_t)place.width);
#pragma omp simd reduction(| : differing)
		for (int x = 0; x < place.width; x++)
			differing |= row[x] ^ first;
	}
	return differing == 0;
}

static void look_load(
	struct look *look, const struct tight_job *job, struct rect place)
{
	look->width = place.width;
	look->height = place.height;
	for (int y = 0; y < place.height; y++)
		pixel_format_reduce(&job->settings->format,
			look->pixels + y * place.width,
			frame_row(job->frame, place.y + y) + place.x,
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

static bool has_more_colours(
	const struct look *look, struct colour_palette *palette, int most)
{
	int count = look->width * look->height;
	uint32_t last = ~look->pixels[0];

	colour_palette_init(palette, most);
	for (int i = 0; i < count; i++) {
		if (look->pixels[i] == last)
			continue;
		last = look->pixels[i];
		if (colour_palette_index(palette, last) < 0)
			return true;
	}
	return false;
}

/* Text and drawings repeat pixels; where they do not, a photograph shows by
 * its many colours, or by hardly ever jumping from one to the next. */
static bool is_photo(struct look *look, struct colour_palette *palette)
{
	int count = look->width * look->height;
	int most;

	count_steps(look);
	if (look->steps * 4 < count)
		return false;
	count_small_steps(look);
	most = look->small_steps * 4 >= look->steps * 3 ? SMOOTH_COLOURS
							: PHOTO_COLOURS;
	return has_more_colours(look, palette, most);
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
