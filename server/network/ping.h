/* ping.h - -ping: a pixel to every viewer now and then, so that what is between
 * it and us does not take the connection for dead.
 *
 * Owner:   embedded in struct server; asleep without the option.
 * Threads: the loop thread.
 */
#ifndef SERVER_NETWORK_PING_H
#define SERVER_NETWORK_PING_H

#include <uv.h>

struct server;

struct ping {
	struct server *server;
	uv_timer_t timer;
};

void ping_start(struct ping *ping, struct server *server);

#endif
