/* grab.h - reads rows of the screen into frames.
 *
 * Three ways, chosen when it starts: with MIT-SHM and the usual pixel layout
 * the X server writes straight into the frame; with MIT-SHM and another layout
 * it writes into one scratch segment, converted from there; else XGetImage.
 *
 * Owner:   whoever embeds it; grab_finish() frees, after every frame's
 *          grab_frame_close(). Neither may move while open.
 * Threads: the loop thread; the frames' memory may be freed anywhere.
 */
#ifndef X11_GRAB_H
#define X11_GRAB_H

#include <stdbool.h>

#include "base/frame.h"
#include "x11/display.h"
#include "x11/segment.h"
#include "x11/visual.h"

struct grab {
	struct display *display;
	struct visual visual;
	bool shm;
	bool told_memory;       /* that there is none, since there last was */
	Drawable drawable;      /* the root window, or a window's pixmap */
	struct rect area;       /* of it; a frame shows just this */
	struct segment scratch; /* open only where pixels are converted */
};

/* A frame and the X server's way to it. */
struct grab_frame {
	struct frame *frame;    /* one reference; NULL while closed */
	struct segment segment; /* open only where frames are direct */
};

/* `display` is kept. Logs what is missing. */
void grab_init(struct grab *grab, struct display *display, bool use_shm);
void grab_finish(struct grab *grab);

/* After this only frames opened anew may be grabbed into. */
void grab_set_area(struct grab *grab, Drawable drawable, struct rect area);

/* An undefined picture of the area's size. False when memory ran out, which
 * was logged, when the screen has just shrunk, or on loss. */
bool grab_frame_open(struct grab *grab, struct grab_frame *into);
void grab_frame_close(struct grab *grab, struct grab_frame *frame);

/* Reads rows y .. y+height-1 of the area. False on an X error (the screen has
 * just shrunk) or loss: those rows are then undefined. */
bool grab_rows(struct grab *grab, struct grab_frame *into, int y, int height);

#endif
