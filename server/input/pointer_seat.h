/* pointer_seat.h - whose turn the pointer is: while one viewer holds a button
 * the others' mice do not tear at what it drags.
 *
 * A viewer that holds a button and says nothing for a while loses its turn, and
 * gets none before its buttons are up.
 *
 * Owner:   embedded in struct share; each viewer has its struct pointer_right.
 * Threads: the loop thread; pure.
 */
#ifndef SERVER_INPUT_POINTER_SEAT_H
#define SERVER_INPUT_POINTER_SEAT_H

#include <stdbool.h>
#include <stdint.h>

enum { POINTER_SEAT_MOST_SILENT_US = 10000000 };

/* A viewer's part of it; zeroed at first. */
struct pointer_right {
	bool late; /* pressed out of turn: its buttons must come up first */
};

struct pointer_seat {
	struct pointer_right *holder; /* NULL: nobody holds a button */
	uint64_t heard_us;
};

enum pointer_seat_answer {
	POINTER_SEAT_NO, /* drop it */
	POINTER_SEAT_YES,
	POINTER_SEAT_TAKEN, /* yes, after the other's buttons were let go */
};

/* Whether a viewer whose mask of buttons is now this may use the pointer. */
enum pointer_seat_answer pointer_seat_ask(struct pointer_seat *seat,
	struct pointer_right *right, unsigned buttons, uint64_t now_us);

/* The viewer has gone. */
void pointer_seat_leave(struct pointer_seat *seat, struct pointer_right *right);

#endif
