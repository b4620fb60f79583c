#include "bench/truth.h"

#include <X11/Xutil.h>
#include <math.h>
#include <stdlib.h>

struct sum {
	double squares;
	unsigned long pixels, mistaken;
	unsigned worst;
};

static void compare(struct sum *sum, uint32_t want, uint32_t got)
{
	sum->pixels++;
	if (!((want ^ got) & 0xffffff))
		return;
	sum->mistaken++;
	for (int shift = 0; shift <= 16; shift += 8) {
		int error =
			(int)(want >> shift & 255) - (int)(got >> shift & 255);
		sum->squares += error * error;
		if ((unsigned)abs(error) > sum->worst)
			sum->worst = (unsigned)abs(error);
	}
}

static struct truth conclude(const struct sum *sum)
{
	struct truth truth = { .psnr = TRUTH_EXACT,
		.worst = sum->worst,
		.mistaken = sum->mistaken };
	if (sum->squares > 0)
		truth.psnr = 10 * log10(255.0 * 255.0 * 3 *
					  (double)sum->pixels / sum->squares);
	return truth;
}

struct truth truth_of_screen(const struct viewer *viewer, Display *display)
{
	struct sum sum = { 0 };
	int width = viewer_width(viewer), height = viewer_height(viewer);
	XImage *image = XGetImage(display, DefaultRootWindow(display), 0, 0,
		(unsigned)width, (unsigned)height, AllPlanes, ZPixmap);
	for (int y = 0; image && y < height; y++) {
		const uint32_t *row = (const uint32_t *)(const void
				*)(image->data + y * image->bytes_per_line);
		for (int x = 0; x < width; x++)
			compare(&sum, row[x], viewer_pixel(viewer, x, y));
	}
	if (image)
		XDestroyImage(image);
	return conclude(&sum);
}

struct truth truth_of_film(const struct viewer *viewer,
	const struct timeline_reel *where, const uint32_t *reel,
	unsigned number)
{
	struct sum sum = { 0 };
	size_t part = number % (unsigned)where->count;
	size_t stride = (size_t)where->width;
	const uint32_t *picture = reel + part * stride * (size_t)where->height;
	/* The stamp covers the lowest rows of a full screen. */
	for (int y = 0; y < where->height - 48; y += 8) {
		const uint32_t *row = picture + (size_t)y * stride;
		for (int x = 0; x < where->width; x++)
			compare(&sum, row[x],
				viewer_pixel(
					viewer, where->x + x, where->y + y));
	}
	return conclude(&sum);
}
