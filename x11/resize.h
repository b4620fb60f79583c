/* resize.h - gives the screen the size and the monitors a viewer wants.
 *
 * Modes are made where the driver allows it, the nearest is taken otherwise.
 * Where there are fewer outputs than monitors wanted, one output shows all and
 * RandR's logical monitors divide it. What the screen was before is put back
 * by resize_finish(), unless somebody else has changed it meanwhile.
 *
 * Owner:   whoever embeds it; resize_finish() frees.
 * Threads: the loop thread alone. Setting a mode takes the X server a moment.
 * Units:   pixels of the root window.
 */
#ifndef X11_RESIZE_H
#define X11_RESIZE_H

#include <stdbool.h>

#include "x11/desktop.h"
#include "x11/display.h"

struct randr_layout;

struct resize {
	struct display *display;
	bool available;
	struct randr_layout *before; /* NULL while nothing was changed */
	int width, height;           /* that we gave it last */
};

/* `display` is kept. `available`: RandR 1.5 is there. */
void resize_init(
	struct resize *resize, struct display *display, bool available);
void resize_finish(struct resize *resize);

/* The monitors lie inside the size; ids may be unknown ones. */
enum desktop_resize_status resize_apply(struct resize *resize, int width,
	int height, const struct desktop_monitor *monitors, int count);

#endif
