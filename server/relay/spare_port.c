#include "server/relay/spare_port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/random.h"

enum {
	/* Above those of VNC and X servers, by their displays' numbers. */
	LOWEST = 10000,
	/* Where the range cannot be read: Linux's own. */
	USUAL_FIRST = 32768,
	USUAL_LAST = 60999,
	TRIES = 200,
};

struct range {
	int first, last;
};

static struct range given_by_chance(void)
{
	struct range range = { USUAL_FIRST, USUAL_LAST };
	FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");

	if (file == NULL)
		return range;
	if (fscanf(file, "%d %d", &range.first, &range.last) != 2)
		range = (struct range){ USUAL_FIRST, USUAL_LAST };
	fclose(file);
	return range;
}

/* On all addresses of a family, because a server may listen on all. Another
 * reason than that somebody has it is not the port's: no IPv6, for one. */
static bool is_free(const struct sockaddr *any, socklen_t length)
{
	int fd = socket(any->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool held;

	if (fd < 0)
		return true;
	held = bind(fd, any, length) != 0 && errno == EADDRINUSE;
	close(fd);
	return !held;
}

static bool is_spare(int port)
{
	const struct sockaddr_in v4 = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
	};
	const struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port),
	};

	return is_free((const struct sockaddr *)&v4, sizeof(v4)) &&
	       is_free((const struct sockaddr *)&v6, sizeof(v6));
}

static int try_many(struct range but)
{
	int i;

	for (i = 0; i < TRIES; i++) {
		uint16_t port;

		random_bytes(&port, sizeof(port));
		if (port >= LOWEST && (port < but.first || port > but.last) &&
			is_spare(port))
			return port;
	}
	return 0;
}

int spare_port_find(void)
{
	int port = try_many(given_by_chance());

	return port != 0 ? port : try_many((struct range){ 0, 0 });
}
