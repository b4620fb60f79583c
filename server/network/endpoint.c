#include "server/network/endpoint.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "server/options/options.h"

static void set_port(struct sockaddr_storage *name, int port)
{
	if (name->ss_family == AF_INET6)
		((struct sockaddr_in6 *)name)->sin6_port =
			htons((uint16_t)port);
	else
		((struct sockaddr_in *)name)->sin_port = htons((uint16_t)port);
}

int endpoint_bound_port(int fd)
{
	struct sockaddr_storage name;
	socklen_t length = sizeof(name);

	if (getsockname(fd, (struct sockaddr *)&name, &length) < 0)
		return 0;
	if (name.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&name)->sin6_port);
	if (name.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *)&name)->sin_port);
	return 0;
}

int endpoint_open(struct endpoint *endpoint, int port)
{
	int on = 1, only6 = !endpoint->dual;
	int fd = socket(endpoint->name.ss_family,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	set_port(&endpoint->name, port);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (endpoint->name.ss_family == AF_INET6)
		setsockopt(
			fd, IPPROTO_IPV6, IPV6_V6ONLY, &only6, sizeof(only6));
	if (bind(fd, (const struct sockaddr *)&endpoint->name,
		    endpoint->length) < 0 ||
		listen(fd, ENDPOINT_BACKLOG) < 0) {
		int why = errno;

		close(fd);
		errno = why;
		return -1;
	}
	return fd;
}

static int add_family(
	struct endpoint *endpoints, int count, int family, const char *host)
{
	struct addrinfo hints = { .ai_family = family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE };
	struct addrinfo *found = NULL, *at;

	if (getaddrinfo(host, "0", &hints, &found) != 0)
		return count;
	for (at = found; at != NULL && count < ENDPOINT_MOST;
		at = at->ai_next) {
		endpoints[count].text = host;
		memcpy(&endpoints[count].name, at->ai_addr, at->ai_addrlen);
		endpoints[count].length = at->ai_addrlen;
		endpoints[count].dual = false;
		count++;
	}
	freeaddrinfo(found);
	return count;
}

static int add_host(const struct options *options, struct endpoint *endpoints,
	int count, const char *host)
{
	if (options->ipv4)
		count = add_family(endpoints, count, AF_INET, host);
	if (options->ipv6)
		count = add_family(endpoints, count, AF_INET6, host);
	return count;
}

static int plan_everywhere(
	const struct options *options, struct endpoint *endpoints)
{
	int count = 0;

	if (options->ipv6)
		count = add_family(endpoints, count, AF_INET6, "::");
	if (count > 0)
		endpoints[0].dual = options->ipv4;
	else if (options->ipv4)
		count = endpoint_plan_without_ipv6(endpoints);
	return count;
}

int endpoint_plan_without_ipv6(struct endpoint *endpoints)
{
	return add_family(endpoints, 0, AF_INET, "0.0.0.0");
}

int endpoint_plan(const struct options *options, struct endpoint *endpoints,
	const char **where)
{
	char **host = options->listen;
	int count = 0, before;

	*where = "localhost";
	if (options->localhost) {
		if (options->ipv4)
			count = add_family(
				endpoints, count, AF_INET, "127.0.0.1");
		if (options->ipv6)
			count = add_family(endpoints, count, AF_INET6, "::1");
		return count;
	}
	if (host == NULL)
		return plan_everywhere(options, endpoints);
	for (; *host != NULL; host++) {
		*where = *host;
		before = count;
		count = add_host(options, endpoints, count, *host);
		if (count == before)
			return 0;
	}
	return count;
}

const char *endpoint_advice(int why)
{
	switch (why) {
	case EADDRINUSE:
		return ": another program, perhaps another x11wsvnc, has it; "
		       "choose another with -rfbport, or let -autoport find a "
		       "free one";
	case EADDRNOTAVAIL:
		return ": this machine does not have that address";
	case EACCES:
		return ": ports below 1024 are root's "
		       "(AmbientCapabilities=CAP_NET_BIND_SERVICE)";
	default:
		return "";
	}
}
