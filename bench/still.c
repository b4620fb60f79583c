#include "bench/still.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE = 18, LETTER = 9, WORDS = 97, ROOM = 12 /* letters a word */ };

const char *const still_names[STILL_COUNT] = { "photo", "page", "terminal",
	"mixed", "gradient", "noise" };

static uint32_t mix(uint32_t value)
{
	value = (value ^ value >> 16) * 0x7feb352du;
	value = (value ^ value >> 15) * 0x846ca68bu;
	return value ^ value >> 16;
}

static uint32_t *row_of(struct frame *frame, int y)
{
	return (uint32_t *)(frame->pixels + (size_t)y * frame->stride);
}

static uint32_t rgb(double red, double green, double blue)
{
	double channels[3] = { red, green, blue };
	uint32_t colour = 0;

	for (int i = 0; i < 3; i++) {
		double channel = fmin(fmax(channels[i], 0), 255);

		colour = colour << 8 | (uint32_t)channel;
	}
	return colour;
}

/* Noise of one wave length, smooth between its corners. */
static double wave(double x, double y, uint32_t seed)
{
	uint32_t left = (uint32_t)floor(x), top = (uint32_t)floor(y);
	double corner[4];

	for (uint32_t i = 0; i < 4; i++)
		corner[i] = mix((left + (i & 1)) * 7919u +
				    (top + i / 2) * 104729u + seed) /
			    4294967296.0;
	x -= floor(x);
	y -= floor(y);
	x = x * x * (3 - 2 * x);
	y = y * y * (3 - 2 * y);
	return (corner[0] * (1 - x) + corner[1] * x) * (1 - y) +
	       (corner[2] * (1 - x) + corner[3] * x) * y;
}

/* Detail falls with its size, as in photographs; a hill and a sky make an
 * edge; the sensor adds its grain. */
static uint32_t photo_pixel(int x, int y)
{
	double shade = 0, size = 400, weight = 150;
	double hill = 380 + 160 * wave(x / 300.0, 0, 5);
	double grain = mix((uint32_t)(y * 65536 + x)) % 7 - 3.0;

	for (uint32_t i = 0; i < 7; i++, size /= 2.2, weight /= 1.8)
		shade += weight * (wave(x / size, y / size, i) - 0.5);
	if (y < hill)
		return rgb(120 + shade / 4 + grain, 160 + shade / 5 + grain,
			215 - y / 12.0 + grain);
	return rgb(105 + shade + grain,
		110 + shade * 0.9 + grain + 20 * wave(x / 90.0, y / 90.0, 77),
		70 + shade * 0.7 + grain);
}

/* How much ink of `letter` lies on a point of its box of 1x1: two strokes, or
 * none for a space. Letters are few, so text repeats itself. */
static bool has_ink(uint32_t letter, double x, double y)
{
	uint32_t shape = mix(letter * 31u + 7);
	double ring = hypot((x - 0.45) * 1.3, y - 0.62);

	if (letter == 0 || x > 0.86 || y < 0.12 || y > 0.9)
		return false;
	if (shape & 1 && fabs(x - 0.15) < 0.07)
		return y > (shape & 2 ? 0.15 : 0.4);
	if (shape & 4 && fabs(x - 0.72) < 0.07)
		return y > 0.4;
	if (shape & 8 && fabs(y - 0.62) < 0.06)
		return x > 0.1 && x < 0.8;
	if (shape & 16)
		return fabs(ring - 0.27) < 0.06;
	return fabs(x - y * 0.8 + (shape >> 5 & 3) * 0.1) < 0.08;
}

static uint32_t letter_at(int column, int line, uint32_t seed)
{
	uint32_t word = mix((uint32_t)(column / ROOM) * 977u +
				(uint32_t)line * 131071u + seed) %
			WORDS;
	uint32_t place = (uint32_t)(column % ROOM);

	if (place >= 3 + word % 9)
		return 0;
	return 1 + mix(word * 64 + place) % 52;
}

/* 0..16 for letters with soft edges, 0 or 16 for hard ones. */
static int ink_at(int x, int y, uint32_t seed, bool soft)
{
	uint32_t letter = letter_at(x / LETTER, y / LINE, seed);
	double left = x % LETTER, top = y % LINE;
	int ink = 0;

	if (letter == 0)
		return 0;
	if (!soft)
		return has_ink(letter, (left + 0.5) / LETTER,
			       (top + 0.5) / LINE)
			       ? 16
			       : 0;
	for (int i = 0; i < 16; i++)
		ink += has_ink(letter, (left + i % 4 / 4.0) / LETTER,
			(top + i / 4 / 4.0) / LINE);
	return ink;
}

static uint32_t blend(uint32_t paper, uint32_t pen, int ink)
{
	uint32_t colour = 0;

	for (unsigned shift = 0; shift < 24; shift += 8) {
		int from = (int)(paper >> shift & 255);
		int to = (int)(pen >> shift & 255);

		colour |= (uint32_t)(from + (to - from) * ink / 16) << shift;
	}
	return colour;
}

static uint32_t terminal_pixel(int x, int y)
{
	static const uint32_t pens[] = { 0xd0d0d0, 0xd0d0d0, 0xd0d0d0, 0x4e9a06,
		0x3465a4, 0xcc0000 };
	int line = y / LINE;
	int length = (int)(mix((uint32_t)line + 9) % 200);
	uint32_t pen = pens[mix((uint32_t)(line * 40 + x / LETTER / ROOM)) % 6];

	if (x / LETTER >= length)
		return 0;
	return blend(0, pen, ink_at(x, y, 3, false));
}

/* Head, side bar, two columns of text with a picture in each third block. */
static uint32_t page_pixel(int x, int y)
{
	int block = y / 240, column = x < 980 ? 0 : 1;
	int inside = x - (column ? 1000 : 330);

	if (y < 80)
		return blend(0x24292f, 0xffffff,
			y > 30 && y < 48 ? ink_at(x, y, 1, true) : 0);
	if (x < 300)
		return x > 20 && x < 250 && y % 36 < LINE
			       ? blend(0xf6f8fa, 0x0969da,
					 ink_at(x, y / 36 * LINE + y % 36, 2,
						 true))
			       : 0xf6f8fa;
	if (inside < 0 || inside > 620 || y % 240 < 24)
		return 0xffffff;
	if ((block + column) % 3 == 1)
		return inside < 420 ? photo_pixel(x, y + 300) : 0xffffff;
	if ((block + column) % 3 == 2 && y % 240 < 60)
		return blend(0xddf4ff, 0x1f2328, ink_at(x, y, 5, true));
	return blend(0xffffff, 0x1f2328, ink_at(x, y, 4, true));
}

static uint32_t still_pixel(enum still still, int x, int y)
{
	switch (still) {
	case STILL_PHOTO:
		return photo_pixel(x, y);
	case STILL_PAGE:
		return page_pixel(x, y);
	case STILL_TERMINAL:
		return terminal_pixel(x, y);
	case STILL_MIXED:
		return x < 960 ? photo_pixel(x, y) : terminal_pixel(x - 960, y);
	case STILL_GRADIENT:
		return rgb(x / 7.6, y / 4.3, 255 - x / 7.6);
	case STILL_NOISE:
	case STILL_COUNT:
		break;
	}
	return mix((uint32_t)(y * 65536 + x)) & 0xffffff;
}

struct frame *still_draw(enum still still, int width, int height)
{
	struct frame *frame = frame_create(width, height);

	for (int y = 0; frame != NULL && y < height; y++)
		for (int x = 0; x < width; x++)
			row_of(frame, y)[x] = still_pixel(still, x, y);
	return frame;
}

static struct frame *read_pixels(FILE *file, int width, int height)
{
	struct frame *frame = frame_create(width, height);

	if (frame == NULL)
		return NULL;
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			uint8_t bytes[3];

			if (fread(bytes, 3, 1, file) != 1) {
				frame_unref(frame);
				return NULL;
			}
			row_of(frame, y)[x] = (uint32_t)bytes[0] << 16 |
					      (uint32_t)bytes[1] << 8 |
					      bytes[2];
		}
	return frame;
}

struct frame *still_read(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct frame *frame = NULL;
	int width, height, most;

	if (file != NULL &&
		fscanf(file, "P6 %d %d %d", &width, &height, &most) == 3 &&
		most == 255 && fgetc(file) != EOF)
		frame = read_pixels(file, width, height);
	if (file != NULL)
		fclose(file);
	if (frame == NULL)
		fprintf(stderr, "%s: no binary PPM\n", path);
	return frame;
}

bool still_write(const struct frame *frame, const char *path)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		return false;
	fprintf(file, "P6\n%d %d\n255\n", frame->width, frame->height);
	for (int y = 0; y < frame->height; y++)
		for (int x = 0; x < frame->width; x++) {
			uint32_t pixel = frame_row(frame, y)[x];
			uint8_t bytes[3] = { (uint8_t)(pixel >> 16),
				(uint8_t)(pixel >> 8), (uint8_t)pixel };

			fwrite(bytes, 3, 1, file);
		}
	return fclose(file) == 0;
}
