#include "bench/scene_move.h"

#include <X11/Xutil.h>
#include <math.h>
#include <stdlib.h>

#include "base/xmalloc.h"
#include "bench/photo.h"

enum {
	DRAG_WIDTH = 560,
	DRAG_HEIGHT = 420,
	TITLE = 24, /* height of the dragged window's bar */
	PAGE_WIDTH = 1360,
	PAGE_HEIGHT = 12000,
	VIEW_HEIGHT = 960,
	COLUMN = 880, /* width of the page's text */
	LINE = 20,
};

struct drag {
	Window window;
};

struct web {
	Window window;
	Pixmap page;
	int top; /* of what the window shows */
	int direction;
};

/* Windows whose contents the X server restores by itself: a background. */
static Pixmap text_background(struct easel *easel, int width, int height)
{
	Pixmap pixmap = easel_pixmap(easel, width, height);
	easel_fill(
		easel, pixmap, (struct rect){ 0, 0, width, height }, 0xffffff);
	for (int i = 0; i < height / 15; i++)
		easel_write(easel, pixmap, 6, i * 15 + 11, width / 6 - 2, 0,
			5000 + (uint32_t)i);
	return pixmap;
}

static Pixmap picture_background(struct easel *easel)
{
	Pixmap pixmap = easel_pixmap(easel, DRAG_WIDTH, DRAG_HEIGHT);
	struct rect bar = { 0, 0, DRAG_WIDTH, TITLE };
	struct rect inside = { 0, TITLE, DRAG_WIDTH, DRAG_HEIGHT - TITLE };
	easel_fill(easel, pixmap, bar, 0x3465a4);
	easel_write(easel, pixmap, 8, 16, 40, 0xffffff, 77);
	uint32_t *pixels = photo_create(inside.width, inside.height, 7);
	easel_put(easel, pixmap, pixels, inside);
	free(pixels);
	return pixmap;
}

void *scene_move_open_drag(struct easel *easel)
{
	struct drag *drag = xcalloc(1, sizeof(*drag));
	Window under = easel_window(
		easel, (struct rect){ 40, 40, 1840, 980 }, 0xffffff);
	XSetWindowBackgroundPixmap(
		easel->display, under, text_background(easel, 1840, 980));
	XClearWindow(easel->display, under);
	struct rect place = { 900, 300, DRAG_WIDTH, DRAG_HEIGHT };
	drag->window = easel_window(easel, place, 0);
	XSetWindowBackgroundPixmap(
		easel->display, drag->window, picture_background(easel));
	XClearWindow(easel->display, drag->window);
	return drag;
}

void scene_move_drag(struct easel *easel, void *state, unsigned number)
{
	struct drag *drag = state;
	double turn = number / 40.0;
	int x = 640 + (int)(520 * sin(turn + 1.5));
	int y = 290 + (int)(240 * sin(turn * 1.3));
	XMoveWindow(easel->display, drag->window, x, y);
}

/* Softens letters sideways, so that they have shades like a browser's. */
static void soften(uint32_t *pixels, struct rect area, int stride)
{
	for (int y = area.y; y < area.y + area.height; y++) {
		uint32_t *row = pixels + (size_t)y * (size_t)stride;
		uint32_t left = row[area.x];
		for (int x = area.x; x < area.x + area.width - 1; x++) {
			uint32_t here = row[x];
			uint32_t mean = 0;
			for (int shift = 0; shift <= 16; shift += 8)
				mean |= ((left >> shift & 255) +
						2 * (here >> shift & 255) +
						(row[x + 1] >> shift & 255)) /
						4
					<< shift;
			left = here;
			row[x] = mean;
		}
	}
}

/* Writes a paragraph and returns the line below it. */
static int paragraph(struct easel *easel, Pixmap page, int y, uint32_t seed)
{
	int lines = 4 + (int)(photo_hash(seed, 0, 3) % 8);
	uint32_t ink = seed % 5 == 0 ? 0x204a87 : 0x2e3436;
	if (seed % 4 == 0) {
		struct rect box = { 24, y, COLUMN + 40, lines * LINE + 16 };
		easel_fill(easel, page, box, 0xeef3f8);
	}
	for (int i = 0; i < lines; i++)
		easel_write(easel, page, 40, y + 20 + i * LINE, COLUMN / 6, ink,
			seed * 100 + (uint32_t)i);
	return y + lines * LINE + 36;
}

static int picture(struct easel *easel, Pixmap page, int y, uint32_t seed)
{
	struct rect area = { 40, y, 520, 300 };
	uint32_t *pixels = photo_create(area.width, area.height, seed);
	easel_put(easel, page, pixels, area);
	free(pixels);
	return y + area.height + 30;
}

/* Softened in strips: a request to the X server has its limit. */
static void soften_page(struct easel *easel, Pixmap page)
{
	for (int y = 0; y < PAGE_HEIGHT; y += 400) {
		XImage *image = XGetImage(easel->display, page, 0, y,
			PAGE_WIDTH, 400, AllPlanes, ZPixmap);
		struct rect all = { 0, 0, PAGE_WIDTH, 400 };
		soften((uint32_t *)(void *)image->data, all, PAGE_WIDTH);
		XPutImage(easel->display, page, easel->context, image, 0, 0, 0,
			y, PAGE_WIDTH, 400);
		XDestroyImage(image);
	}
}

static Pixmap paint_page(struct easel *easel)
{
	Pixmap page = easel_pixmap(easel, PAGE_WIDTH, PAGE_HEIGHT);
	easel_fill(easel, page, (struct rect){ 0, 0, PAGE_WIDTH, PAGE_HEIGHT },
		0xffffff);
	/* A column of links beside the text. */
	struct rect aside = { COLUMN + 100, 0, PAGE_WIDTH, PAGE_HEIGHT };
	easel_fill(easel, page, aside, 0xf4f4f0);
	for (int i = 0; i < PAGE_HEIGHT / 28; i++)
		easel_write(easel, page, COLUMN + 116, 20 + i * 28, 40,
			0x204a87, 900 + (uint32_t)i);
	uint32_t seed = 1;
	for (int y = 10; y < PAGE_HEIGHT - 400; seed++)
		y = seed % 6 == 3 ? picture(easel, page, y, seed)
				  : paragraph(easel, page, y, seed);
	soften_page(easel, page);
	return page;
}

void *scene_move_open_web(struct easel *easel)
{
	struct web *web = xcalloc(1, sizeof(*web));
	web->page = paint_page(easel);
	web->direction = 1;
	struct rect place = { 40, 40, PAGE_WIDTH, VIEW_HEIGHT };
	web->window = easel_window(easel, place, 0xffffff);
	XCopyArea(easel->display, web->page, web->window, easel->context, 0, 0,
		PAGE_WIDTH, VIEW_HEIGHT, 0, 0);
	return web;
}

void scene_move_web(struct easel *easel, void *state, unsigned number)
{
	struct web *web = state;
	int step = 40 + (int)(photo_hash(number, 0, 11) % 81);
	if (web->top + web->direction * step > PAGE_HEIGHT - VIEW_HEIGHT ||
		web->top + web->direction * step < 0)
		web->direction = -web->direction;
	web->top += web->direction * step;
	int kept = VIEW_HEIGHT - step;
	int from = web->direction > 0 ? step : 0;
	int to = step - from;
	XCopyArea(easel->display, web->window, web->window, easel->context, 0,
		from, PAGE_WIDTH, (unsigned)kept, 0, to);
	int fresh = web->direction > 0 ? kept : 0;
	XCopyArea(easel->display, web->page, web->window, easel->context, 0,
		web->top + fresh, PAGE_WIDTH, (unsigned)step, 0, fresh);
}
