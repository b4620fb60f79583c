#include "bench/stage.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/xmalloc.h"

enum { PICTURE_US = 1000000 / 60 };

struct stage {
	Display *display;
	Window window;
	GC context;
	char *name;
	pthread_t thread;
	atomic_bool playing;
	atomic_uint pictures;
};

/* An override-redirect window: no window manager moves or frames it. */
static Window open_window(Display *display, int width, int height)
{
	XSetWindowAttributes attributes = { .override_redirect = True };
	Window window = XCreateWindow(display, DefaultRootWindow(display),
		STAGE_X, STAGE_Y, (unsigned)width, (unsigned)height, 0,
		CopyFromParent, InputOutput, CopyFromParent, CWOverrideRedirect,
		&attributes);
	XMapRaised(display, window);
	XSync(display, False);
	return window;
}

struct stage *stage_open(const char *name)
{
	Display *display = XOpenDisplay(name);
	if (!display) {
		fprintf(stderr, "cannot open display %s\n",
			name ? name : "$DISPLAY");
		return NULL;
	}
	struct stage *stage = xcalloc(1, sizeof(*stage));
	stage->display = display;
	stage->name = name ? xstrdup(name) : NULL;
	stage->window = open_window(display, STAGE_MARK, STAGE_MARK);
	stage->context = XCreateGC(display, stage->window, 0, NULL);
	return stage;
}

void stage_close(struct stage *stage)
{
	if (!stage)
		return;
	XFreeGC(stage->display, stage->context);
	XCloseDisplay(stage->display);
	free(stage->name);
	free(stage);
}

void stage_mark(struct stage *stage, uint32_t colour)
{
	XSetForeground(stage->display, stage->context, colour);
	XFillRectangle(stage->display, stage->window, stage->context, 0, 0,
		STAGE_MARK, STAGE_MARK);
	XFlush(stage->display);
}

uint32_t stage_film_colour(unsigned picture)
{
	/* Six steps a channel; neighbours in time differ in red. */
	uint32_t red = picture % 6 * 51;
	uint32_t green = picture / 6 % 6 * 51;
	uint32_t blue = picture / 36 % 6 * 51;
	return red << 16 | green << 8 | blue;
}

static uint32_t film_pixel(unsigned picture, int x, int y)
{
	double far = (x + picture * 3) / 60.0;
	double near = (y + picture) / 35.0;
	uint32_t grain =
		(uint32_t)(x * 2654435761u ^ y * 40503u ^ picture * 97u) >> 13 &
		15;
	uint32_t red = (uint32_t)(110 + 80 * sin(far)) + grain;
	uint32_t green = (uint32_t)(110 + 80 * sin(near)) + grain;
	uint32_t blue = (uint32_t)(110 + 80 * sin(far + near)) + grain;
	return red << 16 | green << 8 | blue;
}

static void film_paint(XImage *image, unsigned picture)
{
	for (int y = 0; y < STAGE_FILM_HEIGHT; y++) {
		uint32_t *row = (uint32_t *)(void *)(image->data +
						     y * image->bytes_per_line);
		bool marked = y < STAGE_MARK;
		for (int x = 0; x < STAGE_FILM_WIDTH; x++)
			row[x] = marked && x < STAGE_MARK
					 ? stage_film_colour(picture)
					 : film_pixel(picture, x, y);
	}
}

static void wait_until_us(uint64_t when)
{
	uint64_t now = clock_us();
	if (now < when)
		nanosleep(&(struct timespec){ .tv_nsec = (long)(when - now) *
							 1000 },
			NULL);
}

static void *film_run(void *argument)
{
	struct stage *stage = argument;
	Display *display = XOpenDisplay(stage->name);
	if (!display)
		abort(); /* it could be opened a moment ago */
	Window window =
		open_window(display, STAGE_FILM_WIDTH, STAGE_FILM_HEIGHT);
	GC context = XCreateGC(display, window, 0, NULL);
	XImage *reel[36];
	for (unsigned i = 0; i < 36; i++) {
		char *data = xcalloc(STAGE_FILM_WIDTH * STAGE_FILM_HEIGHT, 4);
		reel[i] = XCreateImage(display,
			DefaultVisual(display, DefaultScreen(display)), 24,
			ZPixmap, 0, data, STAGE_FILM_WIDTH, STAGE_FILM_HEIGHT,
			32, STAGE_FILM_WIDTH * 4);
		film_paint(reel[i], i);
	}
	uint64_t next = clock_us();
	while (stage->playing) {
		XPutImage(display, window, context, reel[stage->pictures % 36],
			0, 0, 0, 0, STAGE_FILM_WIDTH, STAGE_FILM_HEIGHT);
		XSync(display, False);
		stage->pictures++;
		next += PICTURE_US;
		wait_until_us(next);
	}
	for (unsigned i = 0; i < 36; i++)
		XDestroyImage(reel[i]);
	XCloseDisplay(display);
	return NULL;
}

void stage_play(struct stage *stage)
{
	stage->playing = true;
	stage->pictures = 0;
	if (pthread_create(&stage->thread, NULL, film_run, stage) != 0)
		abort();
	while (stage->pictures == 0)
		wait_until_us(clock_us() + 1000);
}

unsigned stage_pause(struct stage *stage)
{
	stage->playing = false;
	pthread_join(stage->thread, NULL);
	return stage->pictures;
}
