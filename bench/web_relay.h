/* web_relay.h - lets a viewer that knows only RFB speak WebSocket.
 *
 * Listens on a Unix socket, takes one viewer, connects to a server, asks for
 * a WebSocket, and carries bytes both ways until either side closes.
 *
 * Owner:   web_relay_start() gives, web_relay_stop() frees.
 * Threads: a thread of its own; the functions are for the starting thread.
 * Source:  RFC 6455.
 */
#ifndef BENCH_WEB_RELAY_H
#define BENCH_WEB_RELAY_H

#include <stdint.h>

struct web_relay;

/* NULL when the socket cannot be made; said on stderr. */
struct web_relay *web_relay_start(const char *host, const char *port);
void web_relay_stop(struct web_relay *relay);

/* The Unix socket; borrowed. */
const char *web_relay_path(const struct web_relay *relay);

/* The socket to the server, or -1: for its byte counters. */
int web_relay_server_fd(const struct web_relay *relay);

#endif
