/* source.h - what is shared: the screen, a part of it, a monitor, a window.
 *
 * Owner:   whoever embeds it; source_finish() frees.
 * Threads: the loop thread alone.
 * Units:   pixels of the root window, but for `grab`.
 */
#ifndef X11_SOURCE_H
#define X11_SOURCE_H

#include <stdbool.h>

#include "x11/clip.h"
#include "x11/display.h"
#include "x11/monitors.h"
#include "x11/shared_window.h"

enum source_kind {
	SOURCE_SCREEN,
	SOURCE_CLIP,
	SOURCE_MONITOR,
	SOURCE_WINDOW,       /* its own pixels, whatever covers it */
	SOURCE_WINDOW_PLACE, /* the part of the screen it covers */
};

struct source {
	struct display *display;
	enum source_kind kind;
	struct clip clip;
	char *monitor;
	struct shared_window window;
	struct rect area; /* where it is on the root window now */
	/* Whose pixels, and which of them: a rectangle of area's size. */
	Drawable drawable;
	struct rect grab;
};

struct desktop_options;

/* What can be known without a display. False: *error gets a sentence. */
bool source_check(const struct desktop_options *options, char **error);

/* `display` is kept. May wait for a window to be picked, or to be mapped. Empty
 * until source_update(). False: *error gets a sentence. */
bool source_init(struct source *source, struct display *display,
	const struct desktop_options *options, char **error);
void source_finish(struct source *source);

/* The first look at where it is. False: there is nothing to see, *error gets a
 * sentence. */
bool source_begin(
	struct source *source, const struct monitors *monitors, char **error);

/* True when the event may mean that it is elsewhere. *gone: it is no more. */
bool source_handle(struct source *source, const XEvent *event, bool *gone);

/* Looks where it is now; `monitors` was asked before. True when that, or the
 * drawable, is another one. */
bool source_update(struct source *source, const struct monitors *monitors);

/* Where its top left corner is on the root window at this moment; a round trip
 * for windows. */
void source_origin(struct source *source, int *x, int *y);

/* The window whose damage is its own. */
Window source_damaged(const struct source *source);
/* Whether it is the whole screen. */
bool source_is_screen(const struct source *source);
/* Whether the screen's monitors mean anything in it. */
bool source_has_monitors(const struct source *source);

#endif
