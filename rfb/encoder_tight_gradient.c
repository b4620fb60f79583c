/* encoder_tight_gradient.c - Tight's gradient filter: what a sample differs
 * from a guess by, which for photographs is little (rfbproto, "Tight
 * Encoding"). */
#include "rfb/encoder_tight.h"

enum { SAMPLES = 3 }; /* of a pixel, a byte each */

static int clamp(int value)
{
	return value < 0 ? 0 : value > 255 ? 255 : value;
}

/* Beyond the edges all is 0, so the guess is the only neighbour. */
static void filter_first_row(uint8_t *to, const uint8_t *row, int count)
{
	for (int i = 0; i < SAMPLES; i++)
		to[i] = row[i];
	for (int i = SAMPLES; i < count; i++)
		to[i] = (uint8_t)(row[i] - row[i - SAMPLES]);
}

static void filter_row(
	uint8_t *to, const uint8_t *row, const uint8_t *above, int count)
{
	for (int i = 0; i < SAMPLES; i++)
		to[i] = (uint8_t)(row[i] - above[i]);
#pragma omp simd
	for (int i = SAMPLES; i < count; i++) {
		int guess =
			clamp(row[i - SAMPLES] + above[i] - above[i - SAMPLES]);

		to[i] = (uint8_t)(row[i] - guess);
	}
}

void tight_gradient_filter(
	uint8_t *to, const uint8_t *pixels, int width, int height)
{
	int count = width * SAMPLES;

	filter_first_row(to, pixels, count);
	for (int y = 1; y < height; y++)
		filter_row(to + y * count, pixels + y * count,
			pixels + (y - 1) * count, count);
}
