/* lifetime.h - ends viewers and the program by the clock, as the options say.
 *
 * Asleep where no such option is given; else it wakes when something may be
 * due, not before.
 *
 * Owner:   embedded in struct server.
 * Threads: the loop thread.
 * Units:   clock_ms().
 */
#ifndef SERVER_LIFETIME_H
#define SERVER_LIFETIME_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct connection;
struct server;

/* Somebody who was let in; embedded in his layer. */
struct guest {
	struct connection *connection;
	struct guest *previous, *next; /* lifetime->guests */
	uint64_t came_ms, input_ms;
};

struct lifetime {
	struct server *server;
	struct guest *guests; /* newest first */
	int count;
	uv_timer_t timer;
	uint64_t started_ms;
	uint64_t alone_ms; /* since when there is no guest */
	uint64_t input_ms; /* the last key or button of any */
	bool had_viewer;
};

void lifetime_init(struct lifetime *lifetime, struct server *server);
/* From here on time counts. */
void lifetime_start(struct lifetime *lifetime);

/* Its limits may be others now. */
void lifetime_options_changed(struct lifetime *lifetime);

void lifetime_came(struct lifetime *lifetime, struct guest *guest,
	struct connection *connection);
/* With -once that ends the program. */
void lifetime_gone(struct lifetime *lifetime, struct guest *guest);
/* He pressed a key or moved the pointer, or what else he says. */
void lifetime_touched(struct lifetime *lifetime, struct guest *guest);
/* As many are there as may be (-maxclients). */
bool lifetime_is_full(const struct lifetime *lifetime);

#endif
