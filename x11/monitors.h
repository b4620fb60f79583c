/* monitors.h - which part of the shared area is which monitor.
 *
 * Threads: the loop thread alone.
 */
#ifndef X11_MONITORS_H
#define X11_MONITORS_H

#include <stdbool.h>

#include "x11/desktop.h"
#include "x11/display.h"

struct monitors {
	struct display *display;
	bool available; /* RANDR 1.5 */
	int event_base; /* of RANDR, -1 without */
	/* On the root window, as last asked. */
	int whole_count;
	struct desktop_monitor whole[DESKTOP_MOST_MONITORS];
	/* Of these, what is in the shared area. */
	int count;
	struct desktop_monitor list[DESKTOP_MOST_MONITORS];
};

/* `display` is kept. Logs what is missing. */
void monitors_init(struct monitors *monitors, struct display *display);

/* True when the event was ours: sizes or monitors may be others now. */
bool monitors_handle(struct monitors *monitors, XEvent *event);

/* Asks the X server, a round trip. */
void monitors_ask(struct monitors *monitors);

/* `area` is the shared part of the root window; a monitor outside it does not
 * count, and when none is left, or `meaningless`, the area is one monitor. True
 * when the list is another one than before. */
bool monitors_update(
	struct monitors *monitors, struct rect area, bool meaningless);

/* The monitor of that name, or the N-th from 0 on as "xineramaN". False: there
 * is none, *rect stays. */
bool monitors_find(
	const struct monitors *monitors, const char *name, struct rect *rect);
/* "one, two" for a message; the caller frees. */
char *monitors_names(const struct monitors *monitors);

/* Logs once what cannot work on a Wayland desktop's X server. */
void monitors_warn_xwayland(const struct monitors *monitors);

#endif
