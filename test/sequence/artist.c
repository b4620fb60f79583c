#include "test/sequence/artist.h"

#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "base/xmalloc.h"
#include "test/unit/rfb_pictures.h"

enum {
	SMALL_WINDOWS = 3,
	LEAST_ACTS = 3,
	MOST_ACTS = 14,
	LETTERS = 60,
	LINE = 14,
};

struct artist {
	Display *display;
	GC context;
	Window canvas;
	Window small[SMALL_WINDOWS];
	int width, height;
	uint32_t seed;
	int left; /* acts of this sequence */
};

int artist_chance(struct artist *artist, int limit)
{
	return (int)(picture_random(&artist->seed) % (uint32_t)limit);
}

static uint32_t colour(struct artist *artist)
{
	return picture_random(&artist->seed) & 0xffffff;
}

static Window open_window(struct artist *artist, int width, int height)
{
	XSetWindowAttributes attributes = { .override_redirect = True,
		.background_pixel = 0xeeeeec };
	Window window = XCreateWindow(artist->display,
		DefaultRootWindow(artist->display), 0, 0, (unsigned)width,
		(unsigned)height, 0, CopyFromParent, InputOutput,
		CopyFromParent, CWOverrideRedirect | CWBackPixel, &attributes);

	XMapRaised(artist->display, window);
	return window;
}

struct artist *artist_open(Display *display)
{
	struct artist *artist = xcalloc(1, sizeof(*artist));
	XGCValues values = { .graphics_exposures = False };
	int i;

	artist->display = display;
	artist->width = DisplayWidth(display, DefaultScreen(display));
	artist->height = DisplayHeight(display, DefaultScreen(display));
	artist->canvas = open_window(artist, artist->width, artist->height);
	for (i = 0; i < SMALL_WINDOWS; i++)
		artist->small[i] = open_window(artist, 90 + 40 * i, 70);
	artist->context = XCreateGC(
		display, artist->canvas, GCGraphicsExposures, &values);
	XSync(display, False);
	return artist;
}

void artist_close(struct artist *artist)
{
	XFreeGC(artist->display, artist->context);
	XDestroyWindow(artist->display, artist->canvas);
	for (int i = 0; i < SMALL_WINDOWS; i++)
		XDestroyWindow(artist->display, artist->small[i]);
	free(artist);
}

/* ---- what it can do ---- */

static Window any_window(struct artist *artist)
{
	int which = artist_chance(artist, SMALL_WINDOWS + 3);

	return which < SMALL_WINDOWS ? artist->small[which] : artist->canvas;
}

static void fill(struct artist *artist, Window window, uint32_t with, int x,
	int y, int width, int height)
{
	XSetForeground(artist->display, artist->context, with);
	XFillRectangle(artist->display, window, artist->context, x, y,
		(unsigned)width, (unsigned)height);
}

static void write_line(
	struct artist *artist, Window window, int x, int y, uint32_t ink)
{
	char letters[LETTERS];
	int i;

	for (i = 0; i < LETTERS; i++)
		letters[i] = (char)(33 + artist_chance(artist, 93));
	XSetForeground(artist->display, artist->context, ink);
	XDrawString(artist->display, window, artist->context, x, y, letters,
		LETTERS);
}

static void text(struct artist *artist)
{
	Window window = any_window(artist);
	int i, lines = 1 + artist_chance(artist, 9);
	int x = artist_chance(artist, 60);
	int y = artist_chance(artist, artist->height);
	uint32_t ink = artist_chance(artist, 2) ? 0 : colour(artist);

	fill(artist, window, 0xffffff, x, y - LINE + 3, LETTERS * 6,
		lines * LINE);
	for (i = 0; i < lines; i++)
		write_line(artist, window, x, y + i * LINE, ink);
}

/* A part of a window, up or down, with a line that comes in. */
static void scroll(struct artist *artist)
{
	int by = 1 + artist_chance(artist, 50);
	int x = artist_chance(artist, artist->width / 2);
	int width = artist->width - x - artist_chance(artist, 80);
	int height = artist->height - by;
	bool down = artist_chance(artist, 3) == 0;

	XCopyArea(artist->display, artist->canvas, artist->canvas,
		artist->context, x, down ? 0 : by, (unsigned)width,
		(unsigned)height, x, down ? by : 0);
	fill(artist, artist->canvas, 0xffffff, x, down ? 0 : height, width, by);
	write_line(
		artist, artist->canvas, x, down ? by - 3 : height + by - 3, 0);
}

static void shift(struct artist *artist)
{
	int width = 40 + artist_chance(artist, artist->width - 60);
	int height = 30 + artist_chance(artist, artist->height - 50);

	XCopyArea(artist->display, artist->canvas, artist->canvas,
		artist->context,
		artist_chance(artist, artist->width - width + 1),
		artist_chance(artist, artist->height - height + 1),
		(unsigned)width, (unsigned)height,
		artist_chance(artist, artist->width - width + 1),
		artist_chance(artist, artist->height - height + 1));
}

/* Also to where a part of it is not to be seen. */
static void move(struct artist *artist)
{
	XMoveWindow(artist->display,
		artist->small[artist_chance(artist, SMALL_WINDOWS)],
		artist_chance(artist, artist->width + 60) - 60,
		artist_chance(artist, artist->height + 40) - 40);
}

/* As a hand does it. */
static void drag(struct artist *artist)
{
	Window window = artist->small[artist_chance(artist, SMALL_WINDOWS)];
	int x = artist_chance(artist, artist->width);
	int y = artist_chance(artist, artist->height);
	int dx = artist_chance(artist, 13) - 6;
	int dy = artist_chance(artist, 13) - 6;
	int i;

	for (i = 0; i < 4; i++)
		XMoveWindow(artist->display, window, x + i * dx, y + i * dy);
}

static void restack(struct artist *artist)
{
	Window window = artist->small[artist_chance(artist, SMALL_WINDOWS)];

	if (artist_chance(artist, 2))
		XRaiseWindow(artist->display, window);
	else
		XResizeWindow(artist->display, window,
			(unsigned)(10 + artist_chance(artist, 200)),
			(unsigned)(10 + artist_chance(artist, 150)));
}

static void rectangles(struct artist *artist)
{
	Window window = any_window(artist);
	int i, count = 1 + artist_chance(artist, 12);

	for (i = 0; i < count; i++)
		fill(artist, window, colour(artist),
			artist_chance(artist, artist->width),
			artist_chance(artist, artist->height),
			1 + artist_chance(artist, 120),
			1 + artist_chance(artist, 90));
}

/* Single pixels and thin lines: the edges of tiles. */
static void splinters(struct artist *artist)
{
	int i, count = 1 + artist_chance(artist, 20);

	for (i = 0; i < count; i++)
		fill(artist, artist->canvas, colour(artist),
			artist_chance(artist, artist->width),
			artist_chance(artist, artist->height),
			artist_chance(artist, 3) ? 1 : 40,
			artist_chance(artist, 3) ? 1 : 40);
}

static void put(struct artist *artist, Window window, const struct frame *frame,
	int x, int y)
{
	XImage image = {
		.width = frame->width,
		.height = frame->height,
		.format = ZPixmap,
		.data = (char *)frame->pixels,
		.byte_order = LSBFirst,
		.bitmap_unit = 32,
		.bitmap_bit_order = LSBFirst,
		.bitmap_pad = 32,
		.depth = 24,
		.bytes_per_line = (int)frame->stride,
		.bits_per_pixel = 32,
	};

	XInitImage(&image);
	XPutImage(artist->display, window, artist->context, &image, 0, 0, x, y,
		(unsigned)frame->width, (unsigned)frame->height);
}

static void picture(struct artist *artist)
{
	enum picture kind = (enum picture)artist_chance(artist, PICTURE_COUNT);
	int width = 20 + artist_chance(artist, artist->width - 20);
	int height = 20 + artist_chance(artist, artist->height - 20);
	struct frame *frame =
		picture_frame(width, height, kind, colour(artist));

	put(artist, any_window(artist), frame,
		artist_chance(artist, artist->width - width + 1),
		artist_chance(artist, artist->height - height + 1));
	frame_unref(frame);
}

static void clear(struct artist *artist)
{
	fill(artist, artist->canvas,
		artist_chance(artist, 2) ? 0xffffff : colour(artist), 0, 0,
		artist->width, artist->height);
}

static const struct {
	const char *name;
	void (*act)(struct artist *artist);
	int weight;
} acts[] = {
	{ "text", text, 4 },
	{ "scroll", scroll, 6 },
	{ "shift", shift, 4 },
	{ "move", move, 4 },
	{ "drag", drag, 3 },
	{ "restack", restack, 1 },
	{ "rectangles", rectangles, 2 },
	{ "splinters", splinters, 2 },
	{ "picture", picture, 3 },
	{ "clear", clear, 1 },
};

enum { ACTS = sizeof(acts) / sizeof(acts[0]) };

void artist_begin(struct artist *artist, uint32_t seed)
{
	artist->seed = seed * 2654435761u + 1;
	artist->left =
		LEAST_ACTS + artist_chance(artist, MOST_ACTS - LEAST_ACTS + 1);
}

const char *artist_act(struct artist *artist)
{
	int i, sum = 0, at;

	if (artist->left-- <= 0)
		return NULL;
	for (i = 0; i < ACTS; i++)
		sum += acts[i].weight;
	at = artist_chance(artist, sum);
	for (i = 0; at >= acts[i].weight; i++)
		at -= acts[i].weight;
	acts[i].act(artist);
	XFlush(artist->display);
	return acts[i].name;
}
