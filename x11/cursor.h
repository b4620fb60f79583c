/* cursor.h - the shape of the X server's mouse pointer, from XFixes.
 *
 * Owner:   whoever embeds it; cursor_finish() frees.
 * Threads: the loop thread alone.
 */
#ifndef X11_CURSOR_H
#define X11_CURSOR_H

#include <X11/Xlib.h>
#include <stdbool.h>

#include "base/cursor_image.h"
#include "x11/display.h"

/* Programs go to and fro between a few shapes; an animated one has some ten. */
enum { CURSOR_KEPT = 16 };

struct cursor_kept {
	unsigned long serial; /* the X server's name for the shape */
	unsigned long used;   /* the larger the later; 0 is an empty place */
	struct cursor_image *image;
};

struct cursor {
	struct display *display;
	bool available;
	int event_base;
	unsigned long serial; /* of the shape now, as far as we were told */
	bool changed;         /* an event came, the image was not yet fetched */
	unsigned long uses;
	struct cursor_kept kept[CURSOR_KEPT];
	struct cursor_image *arrow; /* for what is not to be had */
	/* Borrowed from `kept`, or `arrow`; NULL: viewers keep their own. */
	struct cursor_image *image;
};

/* `display` is kept. Logs what is missing. */
void cursor_init(struct cursor *cursor, struct display *display, bool use);
void cursor_finish(struct cursor *cursor);

/* Whether to be told of changes. When it begins, `image` is made new. */
void cursor_watch(struct cursor *cursor, bool on);

/* True when the event was ours. */
bool cursor_handle(struct cursor *cursor, const XEvent *event);

/* Fetches the image if an event said it changed (a round trip, or none for a
 * shape seen lately). True when `image` looks different now. */
bool cursor_update(struct cursor *cursor);

#endif
