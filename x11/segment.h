/* segment.h - memory that the X server writes pictures into (MIT-SHM).
 *
 * Mode 0600, and marked for removal as soon as both sides have it, so that a
 * crash leaves nothing behind. Whether the X server really has *our* segment
 * is tried out: across containers the same number may name a stranger's.
 *
 * Owner:   whoever embeds it; it must not move while open (Xlib keeps the
 *          address of `info`). The memory itself may outlive the struct: see
 *          segment_close().
 * Threads: the loop thread, segment_free_memory() excepted: any.
 */
#ifndef X11_SEGMENT_H
#define X11_SEGMENT_H

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <stdbool.h>

#include "x11/display.h"
#include "x11/visual.h"

struct segment {
	XShmSegmentInfo info;
	XImage *image; /* a header over the memory; NULL while closed */
};

/* Room for a picture of the drawable, which is of the root's visual. On false
 * *reason says why, as a constant text; NULL where the screen has just become
 * too small for that picture, which says nothing about shared memory. */
bool segment_open(struct segment *segment, struct display *display,
	Drawable drawable, const struct visual *visual, int width, int height,
	const char **reason);

/* Ends the X server's use of it and frees the header. The memory stays mapped
 * until segment_free_memory(info.shmaddr). */
void segment_close(struct segment *segment, struct display *display);
void segment_free_memory(void *memory);

/* Writes rows y .. y+height-1 of the segment's picture from the drawable at
 * from_x, from_y. False on an X error or loss: what is there is then
 * undefined. */
bool segment_fetch(struct segment *segment, struct display *display,
	Drawable drawable, int from_x, int from_y, int y, int height);

#endif
