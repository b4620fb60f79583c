/* tcp_options.h - what a connection's socket is told at its start.
 *
 * Threads: any.
 * Errors:  what is not TCP, or a kernel that lacks one of them, does without.
 * Source:  tcp(7), socket(7).
 */
#ifndef SERVER_NETWORK_TCP_OPTIONS_H
#define SERVER_NETWORK_TCP_OPTIONS_H

#include <stdbool.h>

enum {
	/* The kernel may hold this much that is not yet on the wire before
	 * output counts as waiting: the newest picture is what waits. */
	TCP_OPTIONS_UNSENT_BYTES = 128 << 10,
};

/* `loopback`: the peer is on this machine. `patience_s`: how long one may live
 * without reading (-readtimeout); 0: for ever. */
void tcp_options_set(int fd, bool loopback, int patience_s);

#endif
