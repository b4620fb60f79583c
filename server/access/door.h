/* door.h - whether who knocks may come in: what all ways to log in have in
 * common, whichever protocol asks.
 *
 * A viewer's session says that it answered; the door says session_let_in() or
 * session_turn_away(), perhaps later. Ways to log in that are not a session's
 * (HTTP's Basic) use door_refusal() before they look at an answer, and
 * door_right() or door_wrong() after.
 *
 * Owner:   embedded in struct server.
 * Threads: the loop thread.
 * Units:   milliseconds.
 */
#ifndef SERVER_ACCESS_DOOR_H
#define SERVER_ACCESS_DOOR_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "server/access/blacklist.h"

struct address;
struct server;
struct viewer;

/* A viewer at the door; embedded in struct viewer. */
struct knock {
	struct knock *next; /* door->waiting */
	struct viewer *viewer;
	bool waits;
	uint64_t due_ms;    /* when it is turned away, */
	const char *reason; /* and why; a literal, or NULL: its type knows */
};

struct door {
	struct server *server;
	uv_timer_t timer;
	struct knock *waiting;
	struct blacklist blacklist;
};

void door_init(struct door *door, struct server *server);

/* Why nobody from this address is listened to now, fit to be told; NULL: they
 * are. A literal. */
const char *door_refusal(
	const struct door *door, const struct address *address);

/* An answer was right; or it was wrong, which is to be told only after so many
 * milliseconds. */
void door_right(struct door *door, const struct address *address);
unsigned door_wrong(struct door *door, const struct address *address);

/* The viewer's session says that it answered. */
void door_answered(struct door *door, struct viewer *viewer, bool rightly);
/* The viewer is gone: nothing more is said to its session. */
void door_forget(struct door *door, struct viewer *viewer);

#endif
