/* door.h - whether who knocks may come in: what all ways to log in have in
 * common, whichever protocol asks.
 *
 * In order: the address (door_admits(), before a byte is answered), addresses
 * that gave too many wrong answers (door_refusal()), the answer itself
 * (a session's, or HTTP Basic's), the person before the display (-QueryConnect,
 * -accept popup), a command (-accept).
 *
 * A viewer's session says that it answered; the door says session_let_in() or
 * session_turn_away(), perhaps later. Ways to log in that are not a session's
 * (HTTP's Basic, tokens) use door_refusal() before they look at an answer, and
 * door_wrong() or door_wrong_token() after.
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

#include "server/access/accept_rule.h"
#include "server/access/blacklist.h"
#include "server/access/host_list.h"
#include "server/broker/broker_plan.h"

struct address;
struct broker;
struct server;
struct viewer;

/* A viewer at the door; embedded in struct viewer. */
struct knock {
	struct knock *next; /* door->waiting */
	struct viewer *viewer;
	bool waits;
	uint64_t due_ms;    /* when it is turned away, */
	const char *reason; /* and why; a literal, or NULL: its type knows */
	uint32_t question;  /* with the broker; 0: none */
	int asked;          /* how many of those that decide have said yes */
	bool view_only;     /* one of them said so */
};

struct door {
	struct server *server;
	uv_timer_t timer;
	struct knock *waiting;
	struct blacklist blacklist;
	struct host_list hosts;
	struct accept_rule accept;
	struct broker_plan plan;
	struct broker *broker; /* NULL: nothing needs it */
};

/* Before there are threads: forks the broker, if anything needs it, and reads
 * who may connect. EXIT_OK, or what was logged. */
int door_open(struct door *door, struct server *server);
/* The loop is there. */
void door_init(struct door *door);
void door_close(struct door *door);

/* Whether this address may connect at all. */
bool door_admits(struct door *door, const struct address *address);
/* Why nobody from this address is listened to now, fit to be told; NULL: they
 * are. A literal. */
const char *door_refusal(
	const struct door *door, const struct address *address);

/* Somebody was refused before he answered, by door_refusal() or because there
 * is no room. */
void door_count_refusal(struct door *door, const struct address *address);

/* An answer was wrong, which is to be told only after so many milliseconds. */
unsigned door_wrong(struct door *door, const struct address *address);
/* The same of a token, or a repeater's ID, that there is not: it is as good as
 * a password. One that is told again and again is wrong once. */
unsigned door_wrong_token(
	struct door *door, const struct address *address, const char *token);

/* The viewer's session says that it answered. */
void door_answered(struct door *door, struct viewer *viewer, bool rightly);
/* Answers in place of who was asked about the viewer. False: nobody is. */
bool door_decide(
	struct door *door, struct viewer *viewer, enum accept_answer answer);
/* The viewer is gone: nothing more is said to its session. */
void door_forget(struct door *door, struct viewer *viewer);

#endif
