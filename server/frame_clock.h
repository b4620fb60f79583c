/* frame_clock.h - when the screen is captured, and who gets the picture.
 *
 * After quiet, the first change is captured at once (a settle time later, so
 * that a burst of drawing is not cut in half); afterwards about -fps a
 * second at most, and two early ones after a viewer's key or button, that do
 * not wait for a burst's end. Nothing runs while no viewer is ready for a
 * picture. While one watches, a strip of the screen is compared every SWEEP_US,
 * to heal what XDamage missed. What a viewer got as JPEG and what has been
 * quiet since follows losslessly. Where there is no XDamage, that compare is
 * all there is, paced by how much it finds. What cannot be captured is tried
 * ever less often, and told once.
 *
 * Owner:   embedded in struct share.
 * Threads: the loop thread.
 */
#ifndef SERVER_FRAME_CLOCK_H
#define SERVER_FRAME_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct share;

struct frame_clock {
	struct share *share;
	uv_timer_t timer;
	uv_timer_t again; /* to look at the viewers once more */
	bool damaged;     /* since the last capture */
	bool captured;    /* at least once */
	uint64_t slot_us; /* of -fps, that the last capture used */
	int early;        /* so many pictures need not wait for their slots */
	uint64_t hurried_us;
	uint64_t damaged_us, captured_us, swept_us; /* clock_us() */
	uint64_t poll_us; /* the interval without XDamage */
	uint64_t aged_us; /* when lossy areas last grew older */
	/* While captures give no frame. */
	uint64_t failing_us; /* since then; 0: they do */
	uint64_t pause_us;   /* between the last try and the next */
	uint64_t barred_us;  /* no try before this, whoever wants one */
	bool told;
};

void frame_clock_init(struct frame_clock *clock, struct share *share);

/* The desktop was drawn on. */
void frame_clock_damaged(struct frame_clock *clock);
/* The screen is another one: what it refused it may give now. */
void frame_clock_renewed(struct frame_clock *clock);
/* A viewer pressed a key or a button: it waits for what that changes. */
void frame_clock_hurry(struct frame_clock *clock);
/* A viewer may have become ready, or a frame may have come back. */
void frame_clock_wake(struct frame_clock *clock);

#endif
