/* easel.h - what a workload draws with: a display, a font, the stamp.
 *
 * Owner:   easel_open() gives, easel_close() frees with all windows.
 * Threads: one at a time.
 * Errors:  Xlib's own: the process ends with a message.
 */
#ifndef BENCH_EASEL_H
#define BENCH_EASEL_H

#include <X11/Xlib.h>
#include <stdint.h>

#include "base/rect.h"
#include "bench/timeline.h"

struct easel {
	Display *display;
	GC context;
	XFontStruct *font;
	Window stamp;
	struct timeline *timeline; /* borrowed */
};

/* One kind of workload: a line in the table of workload.c. */
struct scene {
	const char *name;
	unsigned per_second; /* pictures; 0: as fast as the X server draws */
	/* Paints picture 0 and gives what draw() needs. */
	void *(*open)(struct easel *easel);
	/* Draws one picture; must not wait for the X server. */
	void (*draw)(struct easel *easel, void *state, unsigned number);
};

struct easel *easel_open(const char *display, struct timeline *timeline);
void easel_close(struct easel *easel);

/* Mapped, on top of the others but below the stamp; no window manager moves
 * or frames it. */
Window easel_window(struct easel *easel, struct rect place, uint32_t colour);

/* A pixmap of the screen's depth. */
Pixmap easel_pixmap(struct easel *easel, int width, int height);

void easel_fill(
	struct easel *easel, Drawable where, struct rect area, uint32_t colour);

/* Puts pixels (0x00RRGGBB, stride = width) somewhere. */
void easel_put(struct easel *easel, Drawable where, const uint32_t *pixels,
	struct rect area);

/* A line of made-up words, `columns` at most, the same for the same seed;
 * x, y is the left end of the base line. Some words are coloured when `base`
 * is light, as in a terminal. */
void easel_write(struct easel *easel, Drawable where, int x, int y, int columns,
	uint32_t base, uint32_t seed);

/* A stamp in a window of STAMP_WIDTH; needs no easel. */
void easel_draw_stamp(
	Display *display, Window window, GC context, unsigned number);

/* Shows the picture's number, on top of everything. */
void easel_stamp(struct easel *easel, unsigned number);

#endif
