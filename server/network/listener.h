/* listener.h - the one port, on one or more addresses; a socket in the file
 * system; sockets that systemd or inetd opened.
 *
 * Owner:   embedded in struct server; in struct share a port of its own.
 * Threads: the loop thread.
 */
#ifndef SERVER_NETWORK_LISTENER_H
#define SERVER_NETWORK_LISTENER_H

#include <stdbool.h>
#include <uv.h>

struct options;
struct server;
struct share;

enum { LISTENER_MOST_SOCKETS = 24 };

struct listener_socket {
	int fd;
	uv_poll_t poll;
};

struct listener {
	struct server *server;
	const struct options *options;
	struct share *share; /* whom its connections want; NULL: they say */
	int port;            /* the first one bound; 0: none */
	int given; /* a connection, not a listening socket; -1: none */
	int count;
	struct listener_socket sockets[LISTENER_MOST_SOCKETS];
	uv_timer_t pause; /* while descriptors have run out */
	uint64_t warned_ms;
};

/* First of all, while nothing else is open: takes what systemd or inetd gave.
 */
void listener_inherit(struct listener *listener, const struct options *options);
/* With a share that one's options count: its port. False: *error gets a
 * sentence with the address and the reason, the caller's. */
bool listener_open(struct listener *listener, struct server *server,
	struct share *share, char **error);
/* Begins to accept; takes the connection that was given. */
void listener_start(struct listener *listener);
/* The descriptors; the handles are closed with the loop. */
void listener_close(struct listener *listener);

#endif
