/* capture.h - the frame ring: what to grab, where, and what really changed.
 *
 * Each frame of the ring knows which part of it is stale, that is, differs
 * from the frame returned last. A capture takes a frame that nobody else
 * holds, reads what is stale or damaged into it, compares that with the last
 * frame, and makes it the last one if it differs. So a frame once returned is
 * never written again while anybody holds it, and nothing is copied.
 *
 * Owner:   whoever embeds it; capture_finish() frees. It must not move.
 * Threads: the loop thread alone; frames may be read and unreferenced anywhere.
 * Units:   pixels of the shared area.
 */
#ifndef X11_CAPTURE_H
#define X11_CAPTURE_H

#include "base/frame.h"
#include "base/region.h"
#include "x11/grab.h"
#include "x11/move_finder.h"

/* One is shown, one is being encoded for slow viewers, one is written. */
enum { CAPTURE_FRAMES = 3 };

struct capture_slot {
	struct grab_frame grabbed;
	struct region stale;
};

struct capture {
	struct grab grab;
	struct capture_slot slots[CAPTURE_FRAMES];
	struct capture_slot *last; /* NULL before the first picture */
	struct region wanted;      /* damage not yet grabbed */
	int strip; /* which one capture_want_strip() wants next */
	struct move_finder *move_finder;
	bool grab_failed; /* the latest capture_take(): the screen may be
			     another */
};

/* `display` is kept. */
void capture_init(
	struct capture *capture, struct display *display, bool use_shm);
void capture_finish(struct capture *capture);

/* A new ring for another part of another drawable; everything is wanted. */
void capture_set_area(
	struct capture *capture, Drawable drawable, struct rect area);

/* Asks for these areas to be looked at by the next capture_take(). */
void capture_want(struct capture *capture, const struct rect *rects, int count);
void capture_want_everything(struct capture *capture);
/* For the next of CAPTURE_STRIPS strips, which are everything together: a
 * change waits less for it. */
enum { CAPTURE_STRIPS = 4 };
void capture_want_strip(struct capture *capture);

/* Whether the next picture will not have to wait for memory to be made and
 * filled whole, some milliseconds for a large screen. */
bool capture_is_warm(const struct capture *capture);

/* desktop_capture() without the damage: looks at what is wanted. */
struct frame *capture_take(struct capture *capture, struct region *changed,
	struct move_list *moves);

#endif
