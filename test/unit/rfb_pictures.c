#include "test/unit/rfb_pictures.h"

#include <math.h>
#include <stdlib.h>

#include "base/initialiser.h"

const char *const picture_names[PICTURE_COUNT] = { "solid", "text", "soft text",
	"photo", "gradient", "noise", "few", "mixed" };

#define TRUE_COLOUR(bits, deep, big, rmax, gmax, bmax, rsh, gsh, bsh)          \
	INITIALISER(.bits_per_pixel = bits, .depth = deep, .big_endian = big,  \
		.true_colour = true, .red_max = rmax, .green_max = gmax,       \
		.blue_max = bmax, .red_shift = rsh, .green_shift = gsh,        \
		.blue_shift = bsh)

const struct picture_format picture_formats[PICTURE_FORMATS] = {
	{ "8 bpp BGR233", TRUE_COLOUR(8, 8, false, 7, 7, 3, 0, 3, 6) },
	{ "8 bpp RGB332", TRUE_COLOUR(8, 8, false, 7, 7, 3, 5, 2, 0) },
	{ "16 bpp 565", TRUE_COLOUR(16, 16, false, 31, 63, 31, 11, 5, 0) },
	{ "16 bpp 555", TRUE_COLOUR(16, 15, false, 31, 31, 31, 10, 5, 0) },
	{ "16 bpp 565 BE", TRUE_COLOUR(16, 16, true, 31, 63, 31, 11, 5, 0) },
	{ "32 bpp", TRUE_COLOUR(32, 24, false, 255, 255, 255, 16, 8, 0) },
	{ "32 bpp RGBX", TRUE_COLOUR(32, 24, false, 255, 255, 255, 0, 8, 16) },
	{ "32 bpp BE", TRUE_COLOUR(32, 24, true, 255, 255, 255, 16, 8, 0) },
	{ "32 bpp high", TRUE_COLOUR(32, 24, false, 255, 255, 255, 24, 16, 8) },
};

uint32_t picture_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8 ^ *seed << 16;
}

static uint32_t *pixel_at(struct frame *frame, int x, int y)
{
	return (uint32_t *)(frame->pixels + (size_t)y * frame->stride) + x;
}

static uint32_t grey(uint32_t level)
{
	return level << 16 | level << 8 | level;
}

static uint32_t clamp(double value)
{
	return value < 0 ? 0 : value > 255 ? 255 : (uint32_t)value;
}

/* Letters are 8 by 16 cells whose strokes come from a hash of the letter. */
static uint32_t text_pixel(int x, int y, uint32_t seed, bool soft)
{
	uint32_t letter = (uint32_t)(x / 8) * 2654435761u +
			  (uint32_t)(y / 16) * 40503u + seed;
	int column = x % 8, row = y % 16;
	bool ink;

	letter ^= letter >> 15;
	if (column > 5 || row < 3 || row > 12 || letter % 5 == 0)
		return 0xffffff;
	ink = (letter >> (unsigned)(column + row % 3 * 6) & 1) != 0;
	if (!ink)
		return 0xffffff;
	return soft ? grey((letter >> (unsigned)row & 7) * 24) : 0x000000;
}

static uint32_t photo_pixel(int x, int y, uint32_t *seed)
{
	double red = 128 + 90 * sin(x / 23.0) + 30 * sin(y / 11.0);
	double green = 120 + 80 * sin((x + y) / 31.0) + 20 * cos(x / 7.0);
	double blue = 110 + 70 * cos(y / 29.0) + 40 * sin((x - y) / 17.0);
	double grain = picture_random(seed) % 9 - 4.0;

	return clamp(red + grain) << 16 | clamp(green + grain) << 8 |
	       clamp(blue + grain);
}

static uint32_t few_pixel(int x, int y, int width, uint32_t seed)
{
	uint32_t colours = 3 + (uint32_t)(x * 197 / (width > 1 ? width : 1));
	uint32_t block = (uint32_t)(x / 3) * 31u + (uint32_t)(y / 2) * 17u;

	block = (block ^ block >> 3 ^ seed) % colours;
	return block * 0x10325u & 0xffffff;
}

struct rect picture_mixed_text(const struct frame *frame)
{
	return (struct rect){ 0, frame->height / 4, frame->width,
		frame->height / 4 };
}

struct rect picture_mixed_photo(const struct frame *frame)
{
	return (struct rect){ frame->width / 4, frame->height / 2,
		frame->width / 2, frame->height / 3 };
}

static bool is_inside(struct rect rect, int x, int y)
{
	return x >= rect.x && x < rect.x + rect.width && y >= rect.y &&
	       y < rect.y + rect.height;
}

static uint32_t mixed_pixel(
	const struct frame *frame, int x, int y, uint32_t *noise, uint32_t seed)
{
	if (is_inside(picture_mixed_text(frame), x, y))
		return text_pixel(x, y, seed, true);
	if (is_inside(picture_mixed_photo(frame), x, y))
		return photo_pixel(x, y, noise);
	return y < frame->height / 8 ? 0x2050a0 : 0xe8e8e0;
}

static uint32_t picture_pixel(const struct frame *frame, enum picture picture,
	int x, int y, uint32_t *noise, uint32_t seed)
{
	switch (picture) {
	case PICTURE_SOLID:
		return 0x3a6ea5 + seed;
	case PICTURE_TEXT:
	case PICTURE_SOFT_TEXT:
		return text_pixel(x, y, seed, picture == PICTURE_SOFT_TEXT);
	case PICTURE_PHOTO:
		return photo_pixel(x + (int)(seed % 97), y, noise);
	case PICTURE_GRADIENT:
		return grey((uint32_t)(x * 255 / frame->width)) ^ seed % 7;
	case PICTURE_FEW:
		return few_pixel(x, y, frame->width, seed);
	case PICTURE_MIXED:
		return mixed_pixel(frame, x, y, noise, seed);
	case PICTURE_NOISE:
	case PICTURE_COUNT:
		break;
	}
	return picture_random(noise) & 0xffffff;
}

void picture_draw(struct frame *frame, enum picture picture, uint32_t seed)
{
	uint32_t noise = seed + 1, top = seed + 2;

	for (int y = 0; y < frame->height; y++)
		for (int x = 0; x < frame->width; x++)
			*pixel_at(frame, x, y) = (picture_pixel(frame, picture,
							  x, y, &noise, seed) &
							 0xffffff) |
						 picture_random(&top) << 24;
}

struct frame *picture_frame(
	int width, int height, enum picture picture, uint32_t seed)
{
	struct frame *frame = frame_create(width, height);

	if (frame == NULL)
		abort();
	picture_draw(frame, picture, seed);
	return frame;
}
