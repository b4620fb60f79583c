/* display.h - the connection to the X server, and whether it still stands.
 *
 * When the X server goes away Xlib's habit is to exit. Here it returns instead,
 * `lost` is set, and from then on nothing may be asked of `x` but
 * display_close(). The program must ignore SIGPIPE: libxcb does not.
 *
 * Owner:   whoever embeds it; display_close() frees. It must not move while
 *          open: Xlib keeps its address.
 * Threads: the loop thread alone.
 */
#ifndef X11_DISPLAY_H
#define X11_DISPLAY_H

#include <X11/Xlib.h>
#include <stdbool.h>

#include "base/rect.h"

struct display {
	Display *x;
	int screen;
	Window root;
	char *name; /* "host:0", fit for showing */
	bool lost;
	/* Lost before every extension was set up. */
	bool stillborn;
	void (*on_lost)(void *context, const char *reason);
	void *context;
};

/* `name` and `authority` may be NULL. `on_lost` is kept, called once at most,
 * possibly from inside any Xlib call, and may only mark. False: *error gets a
 * sentence, the caller's to free. */
bool display_open(struct display *display, const char *name,
	const char *authority,
	void (*on_lost)(void *context, const char *reason), void *context,
	char **error);
void display_close(struct display *display);

/* The root window now, 0,0 its corner; empty when it cannot be told. A round
 * trip: Xlib's own DisplayWidth() lags behind a resize. */
struct rect display_root_rect(struct display *display);

#endif
