/* listener.h - the one port, on one or more addresses.
 *
 * Owner:   embedded in struct server.
 * Threads: the loop thread.
 */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

#include <stdbool.h>
#include <uv.h>

struct server;

enum { LISTENER_MOST_SOCKETS = 8 };

struct listener_socket {
	int fd;
	uv_poll_t poll;
};

struct listener {
	struct server *server;
	int port; /* as bound */
	int count;
	struct listener_socket sockets[LISTENER_MOST_SOCKETS];
	uv_timer_t pause; /* while descriptors have run out */
	uint64_t warned_ms;
};

/* False: *error gets a sentence with the address and the reason, the
 * caller's. */
bool listener_open(
	struct listener *listener, struct server *server, char **error);
/* Begins to accept. */
void listener_start(struct listener *listener);
/* The descriptors; the handles are closed with the loop. */
void listener_close(struct listener *listener);

#endif
