/* randr_layout.h - which output shows what: read, changed, put back.
 *
 * Owner:   plain values, but for the resources, which the caller lends.
 * Threads: the loop thread alone.
 * Units:   pixels of the root window.
 */
#ifndef X11_RANDR_LAYOUT_H
#define X11_RANDR_LAYOUT_H

#include <X11/extensions/Xrandr.h>
#include <stdbool.h>

#include "x11/display.h"

enum { RANDR_LAYOUT_MOST = 16 };

struct randr_place {
	RROutput output;
	RRCrtc crtc;
	RRMode mode; /* None: shows nothing */
	Rotation rotation;
	int x, y;
};

/* What every connected output shows: those in use first. */
struct randr_layout {
	int width, height;
	int count;
	struct randr_place places[RANDR_LAYOUT_MOST];
};

/* False on loss. Outputs without a free CRTC are left out. */
bool randr_layout_read(struct randr_layout *layout, struct display *display,
	XRRScreenResources *resources);

/* Sets all of it, and the screen's size. False where the X server refuses;
 * then part of it may be set. */
bool randr_layout_set(const struct randr_layout *layout,
	struct display *display, XRRScreenResources *resources);

#endif
