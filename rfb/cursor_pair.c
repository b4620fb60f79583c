#include "rfb/cursor_pair.h"

#include <stddef.h>

#include "rfb/cursor_pixel.h"

/* Colours settle after very few of these; more change nothing that is seen. */
enum { ROUNDS = 4 };

static int channel(uint32_t colour, unsigned at)
{
	return (int)(colour >> at * 8 & 255);
}

/* By the eye's weights. */
static int brightness(uint32_t colour)
{
	return channel(colour, 2) * 299 + channel(colour, 1) * 587 +
	       channel(colour, 0) * 114;
}

static int distance(uint32_t a, uint32_t b)
{
	static const int weights[3] = { 2, 6, 3 };
	int sum = 0;
	unsigned at;

	for (at = 0; at < 3; at++) {
		int differs = channel(a, at) - channel(b, at);

		sum += weights[at] * differs * differs;
	}
	return sum;
}

static size_t pixel_count(const struct cursor_image *image)
{
	return (size_t)image->width * (size_t)image->height;
}

/* Of what is there, the colour farthest from this one. */
static uint32_t farthest(const struct cursor_image *image, uint32_t from)
{
	uint32_t best = from;
	int best_distance = -1;
	size_t i;

	for (i = 0; i < pixel_count(image); i++) {
		uint32_t colour = cursor_pixel_straight(image->pixels[i]);

		if (!cursor_pair_is_opaque(image->pixels[i]) ||
			distance(colour, from) <= best_distance)
			continue;
		best = colour;
		best_distance = distance(colour, from);
	}
	return best;
}

static uint32_t mean(const struct cursor_image *image,
	const struct cursor_pair *pair, bool dark)
{
	uint64_t sums[3] = { 0 }, seen = 0;
	uint32_t result = 0;
	unsigned at;
	size_t i;

	for (i = 0; i < pixel_count(image); i++) {
		uint32_t pixel = image->pixels[i];
		uint32_t colour = cursor_pixel_straight(pixel);

		if (!cursor_pair_is_opaque(pixel) ||
			cursor_pair_is_dark(pair, pixel) != dark)
			continue;
		seen++;
		for (at = 0; at < 3; at++)
			sums[at] += (unsigned)channel(colour, at);
	}
	if (seen == 0)
		return dark ? pair->dark : pair->light;
	for (at = 0; at < 3; at++)
		result |= (uint32_t)((sums[at] + seen / 2) / seen) << at * 8;
	return result;
}

static struct cursor_pair in_order(uint32_t a, uint32_t b)
{
	if (brightness(a) <= brightness(b))
		return (struct cursor_pair){ a, b };
	return (struct cursor_pair){ b, a };
}

struct cursor_pair cursor_pair_find(const struct cursor_image *image)
{
	uint32_t one = farthest(image, farthest(image, 0xffffff));
	uint32_t other = farthest(image, one);
	struct cursor_pair pair = in_order(one, other);
	int round;

	if (one == other) /* one colour, or nothing that is there */
		return brightness(one) < 128 * 1000
			       ? (struct cursor_pair){ one, 0xffffff }
			       : (struct cursor_pair){ 0, one };
	for (round = 0; round < ROUNDS; round++)
		pair = in_order(
			mean(image, &pair, true), mean(image, &pair, false));
	return pair;
}

bool cursor_pair_is_dark(const struct cursor_pair *pair, uint32_t pixel)
{
	uint32_t colour = cursor_pixel_straight(pixel);

	return distance(colour, pair->dark) < distance(colour, pair->light);
}
