/* seat.h - whose turn it is at the machine's screen, as logind knows it
 * (seat_systemd.c; without libsystemd seat_absent.c: nobody's).
 *
 * Threads: any; seat_wait() blocks.
 */
#ifndef SERVER_DISPLAY_SEAT_H
#define SERVER_DISPLAY_SEAT_H

#include <stdbool.h>
#include <sys/types.h>

struct seat {
	int vt;      /* its virtual terminal; 0: not known */
	int display; /* -1: not known */
	uid_t user;
	bool is_wayland, is_greeter;
};

/* The session that is active on seat0. False: there is none. */
bool seat_look(struct seat *seat);

/* Until another session is active than `seat` (as seat_look() told it), or
 * there is one after all (NULL). False: it cannot be known. */
bool seat_wait(const struct seat *seat);

#endif
