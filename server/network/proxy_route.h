/* proxy_route.h - the way to a viewer through one proxy after the other.
 *
 * Owner:   embedded in who has the connection; borrows the names of the
 *          proxies, the host and the connection until it is over.
 * Threads: the loop thread.
 */
#ifndef SERVER_NETWORK_PROXY_ROUTE_H
#define SERVER_NETWORK_PROXY_ROUTE_H

#include <uv.h>

#include "server/network/proxy_talk.h"
#include "server/options/options.h"

enum { PROXY_ROUTE_MOST = OPTIONS_MOST_PROXIES, PROXY_ROUTE_WHY_BYTES = 256 };

struct proxy_route {
	struct proxy_url hops[PROXY_ROUTE_MOST];
	int count, at;
	const char *host;
	int port;
	struct proxy_talk talk;
	uv_stream_t *stream;
	uv_write_t write;
	struct buffer out;
	char input[512];
	char why[PROXY_ROUTE_WHY_BYTES]; /* once it has failed */
	/* Told once, unless the stream was closed before. */
	void (*done)(struct proxy_route *route, bool good);
};

/* `urls`, NULL-ended, were checked; NULL: none. */
void proxy_route_init(struct proxy_route *route, char *const *urls);
/* On a stream to the first of them, whose data is the route, or something that
 * begins with it. */
void proxy_route_start(struct proxy_route *route, uv_stream_t *stream,
	const char *host, int port,
	void (*done)(struct proxy_route *route, bool good));
void proxy_route_finish(struct proxy_route *route);

#endif
