/* randr_mode.h - video modes of an exact size: found, or made for the purpose.
 *
 * A mode we make is named x11wsvnc-WxH, so that one left behind by a crash is
 * found again, used or swept away by the next run.
 *
 * Threads: the loop thread alone.
 * Units:   pixels.
 * Source:  the X Resize, Rotate and Reflect Extension, sections 5 and 7.
 */
#ifndef X11_RANDR_MODE_H
#define X11_RANDR_MODE_H

#include <X11/extensions/Xrandr.h>

#include "x11/display.h"

/* A mode of this size that the output has; else one made and given to it.
 * None where the driver does not want that. */
RRMode randr_mode_exact(struct display *display, XRRScreenResources *resources,
	RROutput output, int width, int height);

/* Of the modes the output has, the largest that fits; where none fits, the one
 * that is least too large. None where it has no mode at all. */
RRMode randr_mode_nearest(struct display *display,
	XRRScreenResources *resources, RROutput output, int *width,
	int *height);

/* Destroys every mode of ours that nothing shows. */
void randr_mode_sweep(struct display *display);

#endif
