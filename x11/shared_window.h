/* shared_window.h - one window whose pixels are shared, covered or not.
 *
 * The X server keeps them in a pixmap of the window's own (XComposite), with
 * its child windows drawn in; where that is off the screen or under others, the
 * pixmap has it. Without XComposite only what is on the screen is there.
 *
 * Owner:   whoever embeds it; shared_window_close() frees. Zeroed is none.
 * Threads: the loop thread alone.
 * Units:   pixels of the root window.
 */
#ifndef X11_SHARED_WINDOW_H
#define X11_SHARED_WINDOW_H

#include <stdbool.h>

#include "x11/display.h"

struct shared_window {
	struct display *display;
	Window id;        /* None: there is none */
	bool redirected;  /* into a pixmap */
	bool stale;       /* the pixmap is of another size or place now */
	Pixmap pixmap;    /* None until the window is mapped */
	int border;       /* of the window, within the pixmap */
	struct rect rect; /* without the border */
};

/* Whether it is a number, of whatever window, or "pick". False: *error gets a
 * sentence. */
bool shared_window_check(const char *text, char **error);

/* `text` is a number, or "pick": waits for a click on a window. `wait`: waits
 * for it to be mapped. Both can be ended by SIGINT and SIGTERM. False: *error
 * gets a sentence. `display` is kept. */
bool shared_window_open(struct shared_window *window, struct display *display,
	const char *text, bool own_pixels, bool wait, char **error);
void shared_window_close(struct shared_window *window);

/* True when the event may mean that it is elsewhere. *gone: it is no more. */
bool shared_window_handle(
	struct shared_window *window, const XEvent *event, bool *gone);

/* Looks where it is, and takes its present pixmap. False where that cannot be
 * told: it stays as it was. True for none. */
bool shared_window_update(struct shared_window *window);
/* Only where it is. */
void shared_window_locate(struct shared_window *window);

#endif
