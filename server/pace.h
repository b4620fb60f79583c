/* pace.h - -maxrate and -maxtotalrate: how much may be written to a viewer's
 * socket now, and when it is tried again.
 *
 * Below all layers, so that it holds for every transport, with what TLS and
 * WebSocket add. Who waits shares what the total allows.
 *
 * Owner:   embedded in struct server.
 * Threads: the loop thread.
 */
#ifndef SERVER_PACE_H
#define SERVER_PACE_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "server/rate.h"

struct connection;
struct server;

struct pace {
	struct rate total;
	uv_timer_t timer;   /* while somebody waits */
	int waiting;        /* connections */
	unsigned long last; /* number of the connection that wrote last */
};

void pace_init(struct pace *pace, struct server *server);

/* -maxrate and -maxtotalrate may be others now. */
void pace_options_changed(struct pace *pace, struct server *server);

/* How much the connection may write; SIZE_MAX where nothing limits it. Where
 * that is 0, it waits, and is flushed as soon as there is more. */
size_t pace_allows(struct connection *connection);
void pace_spend(struct connection *connection, size_t bytes);
/* It no longer waits, or ends. */
void pace_forget(struct connection *connection);

/* Bytes a second that it cannot exceed; 0: no limit. */
uint64_t pace_limit(const struct connection *connection);

#endif
