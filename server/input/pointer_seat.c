#include "server/input/pointer_seat.h"

#include <stddef.h>

static enum pointer_seat_answer sit(struct pointer_seat *seat,
	struct pointer_right *right, unsigned buttons, uint64_t now_us)
{
	seat->holder = buttons != 0 ? right : NULL;
	seat->heard_us = now_us;
	return POINTER_SEAT_YES;
}

enum pointer_seat_answer pointer_seat_ask(struct pointer_seat *seat,
	struct pointer_right *right, unsigned buttons, uint64_t now_us)
{
	bool taken = seat->holder != NULL && seat->holder != right;

	right->late &= buttons != 0;
	if (right->late)
		return POINTER_SEAT_NO;
	if (!taken)
		return sit(seat, right, buttons, now_us);
	if (now_us - seat->heard_us < POINTER_SEAT_MOST_SILENT_US) {
		right->late = buttons != 0;
		return POINTER_SEAT_NO;
	}
	seat->holder->late = true;
	sit(seat, right, buttons, now_us);
	return POINTER_SEAT_TAKEN;
}

void pointer_seat_leave(struct pointer_seat *seat, struct pointer_right *right)
{
	if (seat->holder == right)
		seat->holder = NULL;
}
