#include "bench/easel.h"

#include <X11/Xutil.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xmalloc.h"
#include "bench/photo.h"
#include "bench/stamp.h"

struct easel *easel_open(const char *name, struct timeline *timeline)
{
	Display *display = XOpenDisplay(name);
	if (!display) {
		fprintf(stderr, "cannot open display %s\n",
			name ? name : "$DISPLAY");
		return NULL;
	}
	struct easel *easel = xcalloc(1, sizeof(*easel));
	easel->display = display;
	easel->timeline = timeline;
	easel->font = XLoadQueryFont(display, "fixed");
	if (!easel->font) {
		fprintf(stderr, "the X server has no font \"fixed\"\n");
		XCloseDisplay(display);
		free(easel);
		return NULL;
	}
	struct rect place = { STAMP_X, STAMP_Y, STAMP_WIDTH, STAMP_BLOCK };
	easel->stamp = easel_window(easel, place, 0);
	easel->context = XCreateGC(display, easel->stamp, 0, NULL);
	/* No NoExpose event for every copy. */
	XSetGraphicsExposures(display, easel->context, False);
	XSetFont(display, easel->context, easel->font->fid);
	/* Out of the way of what moves. */
	XWarpPointer(display, None, DefaultRootWindow(display), 0, 0, 0, 0,
		DisplayWidth(display, DefaultScreen(display)) - 1, 0);
	return easel;
}

void easel_close(struct easel *easel)
{
	if (!easel)
		return;
	XCloseDisplay(easel->display);
	free(easel);
}

Window easel_window(struct easel *easel, struct rect place, uint32_t colour)
{
	Display *display = easel->display;
	XSetWindowAttributes attributes = {
		.override_redirect = True,
		.background_pixel = colour,
	};
	Window window = XCreateWindow(display, DefaultRootWindow(display),
		place.x, place.y, (unsigned)place.width, (unsigned)place.height,
		0, CopyFromParent, InputOutput, CopyFromParent,
		CWOverrideRedirect | CWBackPixel, &attributes);
	XMapRaised(display, window);
	if (easel->stamp)
		XRaiseWindow(display, easel->stamp);
	return window;
}

Pixmap easel_pixmap(struct easel *easel, int width, int height)
{
	return XCreatePixmap(easel->display, easel->stamp, (unsigned)width,
		(unsigned)height, 24);
}

void easel_fill(
	struct easel *easel, Drawable where, struct rect area, uint32_t colour)
{
	XSetForeground(easel->display, easel->context, colour);
	XFillRectangle(easel->display, where, easel->context, area.x, area.y,
		(unsigned)area.width, (unsigned)area.height);
}

void easel_put(struct easel *easel, Drawable where, const uint32_t *pixels,
	struct rect area)
{
	XImage image = {
		.width = area.width,
		.height = area.height,
		.format = ZPixmap,
		.data = (char *)(uintptr_t)pixels, /* only read */
		.byte_order = LSBFirst,
		.bitmap_unit = 32,
		.bitmap_bit_order = LSBFirst,
		.bitmap_pad = 32,
		.depth = 24,
		.bytes_per_line = area.width * 4,
		.bits_per_pixel = 32,
	};
	XInitImage(&image);
	XPutImage(easel->display, where, easel->context, &image, 0, 0, area.x,
		area.y, (unsigned)area.width, (unsigned)area.height);
}

static uint32_t word_colour(uint32_t base, uint32_t hash)
{
	static const uint32_t colours[] = { 0x8ae234, 0x729fcf, 0xfcaf3e };
	if (base < 0x808080 || hash % 8 > 2)
		return base;
	return colours[hash % 8];
}

void easel_write(struct easel *easel, Drawable where, int x, int y, int columns,
	uint32_t base, uint32_t seed)
{
	static const char letters[] = "etaoinshrdlucmfwypvbgkETAO0123456789.-/";
	int advance = easel->font->max_bounds.width;
	int last = columns / 3 + (int)(photo_hash(1, 0, seed) %
					 (uint32_t)(columns * 2 / 3 + 1));
	for (int at = 0; at < last;) {
		char word[12];
		uint32_t hash = photo_hash((uint32_t)at, 1, seed);
		int length = 2 + (int)(hash % 9);
		if (at + length > columns)
			break;
		for (int i = 0; i < length; i++)
			word[i] = letters[photo_hash((uint32_t)i, hash, seed) %
					  (sizeof(letters) - 1)];
		XSetForeground(easel->display, easel->context,
			word_colour(base, hash >> 8));
		XDrawString(easel->display, where, easel->context,
			x + at * advance, y, word, length);
		at += length + 1;
	}
}

void easel_draw_stamp(
	Display *display, Window window, GC context, unsigned number)
{
	XRectangle blocks[2][STAMP_BITS];
	int counts[2] = { 0, 0 };
	uint32_t bits = stamp_encode(number);
	for (int i = 0; i < STAMP_BITS; i++) {
		int white = bits >> i & 1;
		blocks[white][counts[white]++] = (XRectangle){
			.x = (short)(i * STAMP_BLOCK),
			.width = STAMP_BLOCK,
			.height = STAMP_BLOCK,
		};
	}
	for (int white = 0; white < 2; white++) {
		XSetForeground(display, context, white ? 0xffffff : 0);
		XFillRectangles(
			display, window, context, blocks[white], counts[white]);
	}
}

void easel_stamp(struct easel *easel, unsigned number)
{
	easel_draw_stamp(easel->display, easel->stamp, easel->context, number);
}
