/* endpoint.h - the addresses that the options ask to listen on.
 *
 * Owner:   plain values.
 * Threads: the loop thread, before the loop runs (names are resolved).
 */
#ifndef SERVER_NETWORK_ENDPOINT_H
#define SERVER_NETWORK_ENDPOINT_H

#include <stdbool.h>
#include <sys/socket.h>

struct options;

/* As deep as the system allows (net.core.somaxconn): who finds it full waits a
 * second before its system tries again, and a flood fills it in no time. */
enum { ENDPOINT_MOST = 16, ENDPOINT_BACKLOG = 4096 };

struct endpoint {
	const char *text; /* for messages; borrowed from the options */
	struct sockaddr_storage name;
	socklen_t length;
	bool dual; /* IPv6 that takes IPv4 too */
};

/* How many of `endpoints` (ENDPOINT_MOST) the options ask for, before it is
 * known what the machine has; their port is still open. 0, and *where is the
 * address that means nothing. */
int endpoint_plan(const struct options *options, struct endpoint *endpoints,
	const char **where);
/* The same for a machine without IPv6, which has no socket for both. */
int endpoint_plan_without_ipv6(struct endpoint *endpoints);

/* A listening socket; -1: errno. */
int endpoint_open(struct endpoint *endpoint, int port);

/* What to do about it, to be put behind what an errno says; a literal. */
const char *endpoint_advice(int why);

/* Of a bound socket; 0 where it has none. */
int endpoint_bound_port(int fd);

#endif
