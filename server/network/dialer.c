#include "server/network/dialer.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/network/dial_target.h"
#include "server/network/proxy_route.h"
#include "server/server.h"

enum { TIMEOUT_MS = 20000 }; /* for each address */

struct dial {
	struct proxy_route route; /* first: the stream's data is both */
	struct dialer *dialer;
	struct dial *next;
	struct dial_target target;
	uv_getaddrinfo_t lookup;
	struct addrinfo *addresses, *address; /* the one that is tried */
	uv_tcp_t tcp;
	uv_connect_t request;
	uv_timer_t timer;
	int why; /* of libuv; the last address's */
	bool stopped;
};

static void on_timer_closed(uv_handle_t *handle)
{
	struct dial *dial = handle->data;

	uv_freeaddrinfo(dial->addresses);
	proxy_route_finish(&dial->route);
	free(dial);
}

static void end(struct dial *dial)
{
	struct dial **at = &dial->dialer->dials;

	while (*at != dial)
		at = &(*at)->next;
	*at = dial->next;
	uv_close((uv_handle_t *)&dial->timer, on_timer_closed);
}

static void fail(struct dial *dial)
{
	struct server *server = dial->dialer->server;
	bool stopped = dial->stopped;

	if (!stopped)
		log_warning("-connect: cannot reach %s port %d: %s",
			dial->target.host, dial->target.port,
			dial->route.why[0] != '\0' ? dial->route.why
						   : uv_strerror(dial->why));
	end(dial);
	if (!stopped && server->options->connect_or_exit)
		server_stop(server, EXIT_FAULT,
			"-connect_or_exit: a viewer was not reached");
}

/* A descriptor of its own: libuv's handle is closed. */
static int take_socket(struct dial *dial)
{
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&dial->tcp, &fd) < 0)
		return -1;
	return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

/* What is to be said first fits the empty buffer of a new socket. */
static bool say_prefix(const struct dial *dial, int fd)
{
	const struct dial_target *target = &dial->target;

	return target->prefix_bytes == 0 ||
	       send(fd, target->prefix, (size_t)target->prefix_bytes,
		       MSG_NOSIGNAL) == target->prefix_bytes;
}

static bool hand_over(struct dial *dial)
{
	const struct dial_target *target = &dial->target;
	int fd = take_socket(dial);

	if (fd < 0 || !say_prefix(dial, fd)) {
		dial->why = uv_translate_sys_error(errno);
		if (fd >= 0)
			close(fd);
		return false;
	}
	log_info("connected to %s port %d", target->host, target->port);
	connection_reach(dial->dialer->server, fd, dial->address->ai_addr,
		target->waits);
	return true;
}

static void try_address(struct dial *dial);

static void on_failed_closed(uv_handle_t *handle)
{
	struct dial *dial = handle->data;

	dial->address = dial->address->ai_next;
	if (dial->address == NULL || dial->stopped)
		fail(dial);
	else
		try_address(dial);
}

static void on_reached_closed(uv_handle_t *handle)
{
	end(handle->data);
}

/* Of all that could be said by then a refusal counts most. */
static void on_refused_closed(uv_handle_t *handle)
{
	fail(handle->data);
}

static void on_route_over(struct proxy_route *route, bool good)
{
	struct dial *dial = (struct dial *)route;

	uv_timer_stop(&dial->timer);
	uv_close((uv_handle_t *)&dial->tcp, good && hand_over(dial)
						    ? on_reached_closed
						    : on_refused_closed);
}

static void on_timeout(uv_timer_t *timer);

static void follow_route(struct dial *dial)
{
	uv_timer_start(&dial->timer, on_timeout, TIMEOUT_MS, 0);
	proxy_route_start(&dial->route, (uv_stream_t *)&dial->tcp,
		dial->target.host, dial->target.port, on_route_over);
}

static void on_connected(uv_connect_t *request, int status)
{
	struct dial *dial = request->data;
	uv_handle_t *tcp = (uv_handle_t *)&dial->tcp;

	uv_timer_stop(&dial->timer);
	if (status == UV_ECANCELED) /* we closed it: on_failed_closed() */
		return;
	dial->why = status;
	if (status == 0 && dial->route.count > 0) {
		follow_route(dial);
		return;
	}
	uv_close(tcp, status == 0 && hand_over(dial) ? on_reached_closed
						     : on_failed_closed);
}

static void on_timeout(uv_timer_t *timer)
{
	struct dial *dial = timer->data;

	dial->why = UV_ETIMEDOUT;
	uv_close((uv_handle_t *)&dial->tcp, on_failed_closed);
}

static void try_address(struct dial *dial)
{
	uv_tcp_init(&dial->dialer->server->loop, &dial->tcp);
	dial->tcp.data = dial;
	dial->why = uv_tcp_connect(&dial->request, &dial->tcp,
		dial->address->ai_addr, on_connected);
	if (dial->why < 0)
		uv_close((uv_handle_t *)&dial->tcp, on_failed_closed);
	else
		uv_timer_start(&dial->timer, on_timeout, TIMEOUT_MS, 0);
}

static void on_found(
	uv_getaddrinfo_t *lookup, int status, struct addrinfo *addresses)
{
	struct dial *dial = lookup->data;

	dial->addresses = dial->address = addresses;
	dial->why = status;
	if (status < 0 || dial->stopped)
		fail(dial);
	else
		try_address(dial);
}

bool dialer_dial(struct dialer *dialer, const char *text)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct dial *dial = xcalloc(1, sizeof(*dial));
	const struct proxy_url *first = dial->route.hops;
	bool direct;
	char port[8];

	if (!dial_target_parse(&dial->target, text)) {
		free(dial);
		return false;
	}
	dial->dialer = dialer;
	dial->next = dialer->dials;
	dialer->dials = dial;
	dial->lookup.data = dial->timer.data = dial->request.data = dial;
	uv_timer_init(&dialer->server->loop, &dial->timer);
	proxy_route_init(&dial->route, dialer->server->options->proxies);
	direct = dial->route.count == 0;
	snprintf(port, sizeof(port), "%d",
		direct ? dial->target.port : first->port);
	dial->why =
		uv_getaddrinfo(&dialer->server->loop, &dial->lookup, on_found,
			direct ? dial->target.host : first->host, port, &hints);
	if (dial->why < 0)
		fail(dial);
	return true;
}

void dialer_start(struct dialer *dialer, struct server *server)
{
	char **target = server->options->connect;

	dialer->server = server;
	for (; target != NULL && *target != NULL; target++)
		dialer_dial(dialer, *target);
}

/* The callbacks come while the loop is run to its end. */
void dialer_stop(struct dialer *dialer)
{
	for (struct dial *dial = dialer->dials; dial != NULL;
		dial = dial->next) {
		uv_handle_t *tcp = (uv_handle_t *)&dial->tcp;

		dial->stopped = true;
		uv_cancel((uv_req_t *)&dial->lookup);
		if (tcp->data != NULL && !uv_is_closing(tcp))
			uv_close(tcp, on_failed_closed);
	}
}
