#include "server/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/access/waiting_room.h"

enum {
	BACKLOG = 128,
	ACCEPTS_A_TURN = 16, /* then everybody else gets a turn */
	PAUSE_MS = 100,
	WARN_MS = 10000,
	AUTOPORT_TRIES = 200,
};

struct endpoint {
	const char *text; /* for messages */
	struct sockaddr_storage name;
	socklen_t length;
	bool dual; /* IPv6 that takes IPv4 too */
};

static void set_port(struct sockaddr_storage *name, int port)
{
	if (name->ss_family == AF_INET6)
		((struct sockaddr_in6 *)name)->sin6_port =
			htons((uint16_t)port);
	else
		((struct sockaddr_in *)name)->sin_port = htons((uint16_t)port);
}

static int bound_port(int fd)
{
	struct sockaddr_storage name;
	socklen_t length = sizeof(name);

	if (getsockname(fd, (struct sockaddr *)&name, &length) < 0)
		return 0;
	if (name.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&name)->sin6_port);
	return ntohs(((struct sockaddr_in *)&name)->sin_port);
}

static int open_socket(const struct endpoint *endpoint)
{
	int on = 1, only6 = !endpoint->dual;
	int fd = socket(endpoint->name.ss_family,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (endpoint->name.ss_family == AF_INET6)
		setsockopt(
			fd, IPPROTO_IPV6, IPV6_V6ONLY, &only6, sizeof(only6));
	if (bind(fd, (const struct sockaddr *)&endpoint->name,
		    endpoint->length) < 0 ||
		listen(fd, BACKLOG) < 0) {
		int why = errno;

		close(fd);
		errno = why;
		return -1;
	}
	return fd;
}

static int add_family(struct endpoint *endpoints, int count, int family,
	const char *text, const char *host)
{
	struct addrinfo hints = { .ai_family = family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE };
	struct addrinfo *found = NULL, *at;

	if (getaddrinfo(host, "0", &hints, &found) != 0)
		return count;
	for (at = found; at != NULL && count < LISTENER_MOST_SOCKETS;
		at = at->ai_next) {
		endpoints[count].text = text;
		memcpy(&endpoints[count].name, at->ai_addr, at->ai_addrlen);
		endpoints[count].length = at->ai_addrlen;
		endpoints[count].dual = false;
		count++;
	}
	freeaddrinfo(found);
	return count;
}

/* Which sockets the options ask for, before it is known which the machine has.
 */
static int plan_endpoints(
	const struct options *options, struct endpoint *endpoints)
{
	const char *host = options->listen;
	bool everywhere = host == NULL;
	int count = 0;

	if (options->localhost) {
		if (options->ipv4)
			count = add_family(endpoints, count, AF_INET,
				"127.0.0.1", "127.0.0.1");
		if (options->ipv6)
			count = add_family(
				endpoints, count, AF_INET6, "::1", "::1");
		return count;
	}
	if (options->ipv6) {
		count = add_family(endpoints, count, AF_INET6,
			everywhere ? "::" : host, everywhere ? "::" : host);
		if (everywhere && count > 0)
			endpoints[0].dual = options->ipv4;
	}
	if (options->ipv4 && !(count > 0 && endpoints[0].dual))
		count = add_family(endpoints, count, AF_INET,
			everywhere ? "0.0.0.0" : host,
			everywhere ? "0.0.0.0" : host);
	return count;
}

static void close_sockets(struct listener *listener)
{
	while (listener->count > 0)
		close(listener->sockets[--listener->count].fd);
}

static bool is_absent_family(int why)
{
	return why == EAFNOSUPPORT || why == EADDRNOTAVAIL;
}

/* All endpoints on one port. A family that the machine does not have is left
 * out; `why` gets the errno of what failed. */
static bool open_all(struct listener *listener, struct endpoint *endpoints,
	int count, int port, int *why, const char **where)
{
	int i;

	listener->port = port;
	*why = EADDRNOTAVAIL;
	for (i = 0; i < count; i++) {
		int fd;

		set_port(&endpoints[i].name, listener->port);
		fd = open_socket(&endpoints[i]);
		if (fd < 0) {
			*why = errno;
			*where = endpoints[i].text;
			if (is_absent_family(*why) && count > 1)
				continue;
			close_sockets(listener);
			return false;
		}
		listener->sockets[listener->count++].fd = fd;
		listener->port = bound_port(fd);
	}
	return listener->count > 0;
}

/* A machine without IPv6 cannot open the dual socket. */
static int without_ipv6(struct endpoint *endpoints)
{
	return add_family(endpoints, 0, AF_INET, "0.0.0.0", "0.0.0.0");
}

static void init_handles(struct listener *listener)
{
	uv_loop_t *loop = &listener->server->loop;
	int i;

	uv_timer_init(loop, &listener->pause);
	listener->pause.data = listener;
	for (i = 0; i < listener->count; i++) {
		uv_poll_init(loop, &listener->sockets[i].poll,
			listener->sockets[i].fd);
		listener->sockets[i].poll.data = listener;
	}
}

bool listener_open(
	struct listener *listener, struct server *server, char **error)
{
	const struct options *options = server->options;
	struct endpoint endpoints[LISTENER_MOST_SOCKETS];
	int count = plan_endpoints(options, endpoints);
	int tries = options->auto_port ? AUTOPORT_TRIES : 1;
	const char *where = options->listen ? options->listen : "localhost";
	int why = 0, i;

	listener->server = server;
	if (count == 0) {
		*error = xasprintf(
			"cannot listen on %s: no such address", where);
		return false;
	}
	for (i = 0; i < tries; i++) {
		if (open_all(listener, endpoints, count, options->port + i,
			    &why, &where)) {
			init_handles(listener);
			return true;
		}
		if (is_absent_family(why) && endpoints[0].dual) {
			count = without_ipv6(endpoints);
			i--;
		} else if (why != EADDRINUSE) {
			break;
		}
	}
	*error = xasprintf("cannot listen on %s port %d: %s%s", where,
		options->port, strerror(why),
		why == EADDRINUSE
			? " (another program has it; choose another with "
			  "-rfbport, or let -autoport find one)"
			: "");
	return false;
}

static void on_pause_over(uv_timer_t *timer)
{
	listener_start(timer->data);
}

static void pause_accepting(struct listener *listener)
{
	int i;

	for (i = 0; i < listener->count; i++)
		uv_poll_stop(&listener->sockets[i].poll);
	uv_timer_start(&listener->pause, on_pause_over, PAUSE_MS, 0);
}

static bool is_exhausted(int why)
{
	return why == EMFILE || why == ENFILE || why == ENOBUFS ||
	       why == ENOMEM;
}

/* Out of descriptors: the connection that has waited longest without logging
 * in goes, and the next is accepted a moment later. */
static void give_way(struct listener *listener, int why)
{
	uint64_t now = clock_ms();

	if (now - listener->warned_ms > WARN_MS) {
		log_warning("cannot accept connections: %s (ulimit -n)",
			strerror(why));
		listener->warned_ms = now;
	}
	waiting_room_give_way(listener->server);
	pause_accepting(listener);
}

static void on_acceptable(uv_poll_t *poll, int status, int events)
{
	struct listener *listener = poll->data;
	struct listener_socket *socket =
		(struct listener_socket *)((char *)poll -
					   offsetof(struct listener_socket,
						   poll));
	int i;

	(void)status;
	(void)events;
	for (i = 0; i < ACCEPTS_A_TURN; i++) {
		struct sockaddr_storage peer = { 0 };
		socklen_t length = sizeof(peer);
		int fd = accept4(socket->fd, (struct sockaddr *)&peer, &length,
			SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			connection_accept(
				listener->server, fd, (struct sockaddr *)&peer);
			continue;
		}
		if (is_exhausted(errno))
			give_way(listener, errno);
		return;
	}
}

void listener_start(struct listener *listener)
{
	int i;

	for (i = 0; i < listener->count; i++)
		uv_poll_start(
			&listener->sockets[i].poll, UV_READABLE, on_acceptable);
}

void listener_close(struct listener *listener)
{
	int i;

	for (i = 0; i < listener->count; i++)
		uv_poll_stop(&listener->sockets[i].poll);
	uv_timer_stop(&listener->pause);
	close_sockets(listener);
}
