/* connection_pass.h - bytes from one connection's socket to another's that are
 * not copied to us: for relays whose bytes come as fast as they are read.
 *
 * Only where nothing is to be done with them: no TLS, no rate, no mask. A
 * WebSocket's header goes before them.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_CONNECTION_PASS_H
#define SERVER_CONNECTION_PASS_H

#include <sys/types.h>

struct connection;
struct layer;

/* The layer to which all of the connection's bytes can be passed now, or NULL:
 * they have to be read. */
struct layer *connection_pass_to(struct connection *from);

/* Passes what has come; returns as recv() does. */
ssize_t connection_pass(struct connection *from, struct layer *to);

#endif
