#include "server/network/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/access/waiting_room.h"
#include "server/connection.h"
#include "server/network/endpoint.h"
#include "server/network/inherited.h"
#include "server/network/local_socket.h"
#include "server/server.h"
#include "server/share/share.h"

enum {
	ACCEPTS_A_TURN = 2, /* a crowd must not make the loop's turns long */
	PAUSE_MS = 100,
	WARN_MS = 10000,
	AUTOPORT_TRIES = 200,
};

static void add_socket(struct listener *listener, int fd)
{
	if (listener->count == LISTENER_MOST_SOCKETS) {
		log_warning("no more than %d sockets to listen on",
			LISTENER_MOST_SOCKETS);
		close(fd);
		return;
	}
	listener->sockets[listener->count++].fd = fd;
	if (listener->port == 0)
		listener->port = endpoint_bound_port(fd);
}

/* ---- sockets that somebody else opened ---- */

static bool is_same_file(int one, int other)
{
	struct stat a, b;

	return fstat(one, &a) == 0 && fstat(other, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* inetd gives the connection as all three: what is printed must not end up in
 * it. */
static int take_standard_input(void)
{
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, INHERITED_FIRST);
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0 || nothing < 0)
		return fd;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	for (int standard = 0; standard <= STDERR_FILENO; standard++)
		if (is_same_file(standard, fd))
			dup2(nothing, standard);
	close(nothing);
	return fd;
}

void listener_inherit(struct listener *listener, const struct options *options)
{
	int count = inherited_take();

	listener->given = -1;
	if (options->inetd)
		listener->given = take_standard_input();
	for (int fd = INHERITED_FIRST; fd < INHERITED_FIRST + count; fd++)
		if (inherited_is_listening(fd))
			add_socket(listener, fd);
		else if (listener->given < 0)
			listener->given = fd;
}

/* ---- our own ---- */

static void close_sockets(struct listener *listener, int down_to)
{
	while (listener->count > down_to)
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
	int before = listener->count;

	*why = EADDRNOTAVAIL;
	for (int i = 0; i < count; i++) {
		int fd = endpoint_open(&endpoints[i], port);

		if (fd < 0) {
			*why = errno;
			*where = endpoints[i].text;
			if (is_absent_family(*why) && count > 1)
				continue;
			close_sockets(listener, before);
			return false;
		}
		add_socket(listener, fd);
		port = endpoint_bound_port(fd);
	}
	if (listener->count == before)
		return false;
	listener->port = port;
	return true;
}

static bool open_ports(struct listener *listener, char **error)
{
	const struct options *options = listener->options;
	struct options mine = *options;
	struct endpoint endpoints[ENDPOINT_MOST];
	const char *where;
	int count;
	int tries = options->auto_port ? AUTOPORT_TRIES : 1;
	int why = 0;

	mine.ipv6 = options->ipv6 &&
		    (options->port_v6 == 0 || listener->share != NULL);
	count = endpoint_plan(&mine, endpoints, &where);
	if (count == 0) {
		*error = xasprintf(
			"cannot listen on %s: no such address", where);
		return false;
	}
	for (int i = 0; i < tries && options->port + i <= UINT16_MAX; i++) {
		if (open_all(listener, endpoints, count, options->port + i,
			    &why, &where))
			return true;
		if (is_absent_family(why) && endpoints[0].dual) {
			count = endpoint_plan_without_ipv6(endpoints);
			i--;
		} else if (why != EADDRINUSE) {
			break;
		}
	}
	*error = xasprintf("cannot listen on %s port %d: %s%s", where,
		options->port, strerror(why), endpoint_advice(why));
	return false;
}

/* -rfbportv6: a port of its own, where -rfbport is then for IPv4 alone. */
static bool open_port_v6(struct listener *listener, char **error)
{
	struct options only6 = *listener->options;
	struct endpoint endpoints[ENDPOINT_MOST];
	const char *where;
	int port = listener->port, why = EADDRNOTAVAIL, count;

	if (only6.port_v6 == 0 || listener->share != NULL)
		return true;
	only6.ipv4 = false;
	count = endpoint_plan(&only6, endpoints, &where);
	if (count == 0 || !open_all(listener, endpoints, count, only6.port_v6,
				  &why, &where)) {
		*error = xasprintf("cannot listen on %s port %d: %s%s", where,
			only6.port_v6, strerror(why), endpoint_advice(why));
		return false;
	}
	if (port > 0)
		listener->port = port;
	return true;
}

static bool open_local(struct listener *listener, char **error)
{
	const struct options *options = listener->options;
	int fd;

	if (options->local_socket == NULL || listener->share != NULL)
		return true;
	fd = local_socket_open(
		options->local_socket, options->local_socket_mode, error);
	if (fd < 0)
		return false;
	add_socket(listener, fd);
	return true;
}

static void init_handles(struct listener *listener)
{
	uv_loop_t *loop = &listener->server->loop;

	uv_timer_init(loop, &listener->pause);
	listener->pause.data = listener;
	for (int i = 0; i < listener->count; i++) {
		uv_poll_init(loop, &listener->sockets[i].poll,
			listener->sockets[i].fd);
		listener->sockets[i].poll.data = listener;
	}
}

/* A socket that was given is enough, unless a port was asked for, too. */
static bool wants_port(const struct listener *listener)
{
	const struct options *options = listener->options;

	return options->port >= 0 &&
	       (options->port_given ||
		       (listener->count == 0 && listener->given < 0));
}

bool listener_open(struct listener *listener, struct server *server,
	struct share *share, char **error)
{
	listener->server = server;
	listener->share = share;
	listener->options = share != NULL ? share->options : server->options;
	if (listener->given >= 0 && !inherited_is_socket(listener->given)) {
		*error = xstrdup(
			"-inetd: what was given as standard input is no "
			"socket; without -inetd a port is listened on");
		return false;
	}
	if ((wants_port(listener) && !open_ports(listener, error)) ||
		!open_port_v6(listener, error) || !open_local(listener, error))
		return false;
	init_handles(listener);
	return true;
}

/* ---- accepting ---- */

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

/* Out of descriptors or memory: the connection that has waited longest without
 * logging in goes, and the next is accepted a moment later. */
static void give_way(struct listener *listener, int why)
{
	uint64_t now = clock_ms();

	if (now - listener->warned_ms > WARN_MS) {
		log_warning("cannot accept connections: %s%s", strerror(why),
			why == EMFILE ? " (ulimit -n)" : "");
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
			connection_accept(listener->server, listener->share, fd,
				(struct sockaddr *)&peer);
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

	if (listener->given >= 0)
		connection_accept_sole(listener->server, listener->given);
	listener->given = -1;
	for (i = 0; i < listener->count; i++)
		uv_poll_start(
			&listener->sockets[i].poll, UV_READABLE, on_acceptable);
}

void listener_close(struct listener *listener)
{
	const struct options *options;
	int i;

	if (listener->server == NULL)
		return; /* -waitdisplay */
	options = listener->options;
	for (i = 0; i < listener->count; i++)
		uv_poll_stop(&listener->sockets[i].poll);
	uv_timer_stop(&listener->pause);
	if (listener->count > 0 && listener->share == NULL &&
		options->local_socket != NULL)
		local_socket_remove(options->local_socket);
	close_sockets(listener, 0);
}
