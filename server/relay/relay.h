/* relay.h - one end of a relay, the top layer of its connection: what comes
 * from it is sent to the other end, as it is.
 *
 * A relay has two connections. The first came to us; its end goes to the target
 * (network/reach.h), and when that is reached puts the other end on the
 * connection there. Each end stops its own side's reading while the other side
 * does not take what was sent, so that no more than what was read at once lies
 * here. What ends one ends the other, once its last bytes have left.
 *
 * Owner:   the connection. Both are linked until one of them is gone.
 * Threads: the loop thread.
 */
#ifndef SERVER_RELAY_RELAY_H
#define SERVER_RELAY_RELAY_H

struct layer;
struct relay_target;
struct server;

/* For a connection that came to us. */
struct layer *relay_create(
	struct server *server, const struct relay_target *target);

/* Where the layer's connection is relayed to, for the log; NULL where it is
 * not, or is itself the way to the target. */
const char *relay_target_of(const struct layer *layer);

#endif
