/* conduit.h - a pipe through which bytes go from one socket to another without
 * being copied to us (splice).
 *
 * It is empty between two turns: what the second socket does not take is read
 * out of it at once, so that one is enough for all connections.
 *
 * Owner:   embedded in struct server; a zeroed struct is one that opens itself
 *          when it is first used. conduit_close() ends it.
 * Threads: the loop thread.
 */
#ifndef SERVER_CONDUIT_H
#define SERVER_CONDUIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CONDUIT_MOST_BYTES = 256 << 10 };

struct conduit {
	int ends[2]; /* what goes into the second comes out of the first */
	bool is_open;
};

void conduit_close(struct conduit *conduit);

/* Takes what a socket has, up to CONDUIT_MOST_BYTES; returns as recv() does. */
ssize_t conduit_take(struct conduit *conduit, int fd);
/* Up to `length` bytes into a socket; returns as send() does. */
ssize_t conduit_give(struct conduit *conduit, int fd, size_t length);
/* What is left. False: it could not be read, and is lost. */
bool conduit_empty(struct conduit *conduit, void *bytes, size_t length);

#endif
