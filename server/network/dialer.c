#include "server/network/dialer.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
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
#include "server/network/reach.h"
#include "server/server.h"

enum { TIMEOUT_MS = 20000 }; /* for each address */

struct dial {
	struct proxy_route route; /* first: the stream's data is both */
	struct dialer *dialer;
	struct dial *next;
	struct dial_target target;
	struct reach *reach; /* NULL: it has told */
	struct sockaddr_storage address;
	uv_tcp_t tcp;     /* to the first proxy */
	uv_timer_t timer; /* of the proxies */
	int fd;           /* taken from tcp */
	int why;          /* of libuv */
};

static void on_timer_closed(uv_handle_t *handle)
{
	struct dial *dial = handle->data;

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

	if (!server->stopping)
		log_warning("-connect: cannot reach %s port %d: %s",
			dial->target.host, dial->target.port,
			dial->route.why[0] != '\0' ? dial->route.why
						   : uv_strerror(dial->why));
	end(dial);
	if (!server->stopping && server->options->connect_or_exit)
		server_stop(server, EXIT_FAULT,
			"-connect_or_exit: a viewer was not reached");
}

/* What is to be said first fits the empty buffer of a new socket. */
static bool say_prefix(const struct dial *dial, int fd)
{
	const struct dial_target *target = &dial->target;

	return target->prefix_bytes == 0 ||
	       send(fd, target->prefix, (size_t)target->prefix_bytes,
		       MSG_NOSIGNAL) == target->prefix_bytes;
}

/* Takes the socket. */
static void hand_over(struct dial *dial, int fd)
{
	const struct dial_target *target = &dial->target;

	if (fd < 0 || !say_prefix(dial, fd)) {
		dial->why = uv_translate_sys_error(errno);
		if (fd >= 0)
			close(fd);
		fail(dial);
		return;
	}
	log_info("connected to %s port %d", target->host, target->port);
	connection_reach(dial->dialer->server, fd,
		(const struct sockaddr *)&dial->address, target->waits);
	end(dial);
}

/* ---- through proxies ---- */

static void on_refused_closed(uv_handle_t *handle)
{
	fail(handle->data);
}

/* A descriptor of its own: libuv's handle is closed. */
static void on_arrived_closed(uv_handle_t *handle)
{
	struct dial *dial = handle->data;

	hand_over(dial, dial->fd);
}

static void on_route_over(struct proxy_route *route, bool good)
{
	struct dial *dial = (struct dial *)route;
	uv_handle_t *tcp = (uv_handle_t *)&dial->tcp;
	uv_os_fd_t fd;

	uv_timer_stop(&dial->timer);
	if (good && uv_fileno(tcp, &fd) == 0)
		dial->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	uv_close(tcp, good ? on_arrived_closed : on_refused_closed);
}

static void on_timeout(uv_timer_t *timer)
{
	struct dial *dial = timer->data;

	dial->why = UV_ETIMEDOUT;
	uv_close((uv_handle_t *)&dial->tcp, on_refused_closed);
}

static void follow_route(struct dial *dial, int fd)
{
	uv_tcp_init(&dial->dialer->server->loop, &dial->tcp);
	dial->tcp.data = dial;
	dial->why = uv_tcp_open(&dial->tcp, fd);
	if (dial->why < 0) {
		close(fd);
		uv_close((uv_handle_t *)&dial->tcp, on_refused_closed);
		return;
	}
	uv_timer_start(&dial->timer, on_timeout, TIMEOUT_MS, 0);
	proxy_route_start(&dial->route, (uv_stream_t *)&dial->tcp,
		dial->target.host, dial->target.port, on_route_over);
}

/* ---- dialling ---- */

static void on_reached(
	void *context, int fd, const struct sockaddr *address, int why)
{
	struct dial *dial = context;

	dial->reach = NULL;
	dial->why = why;
	if (fd < 0) {
		fail(dial);
		return;
	}
	memcpy(&dial->address, address,
		address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					       : sizeof(struct sockaddr_in));
	if (dial->route.count > 0)
		follow_route(dial, fd);
	else
		hand_over(dial, fd);
}

bool dialer_dial(struct dialer *dialer, const char *text)
{
	struct dial *dial = xcalloc(1, sizeof(*dial));
	const struct proxy_url *first = dial->route.hops;
	uv_loop_t *loop = &dialer->server->loop;
	bool direct;

	if (!dial_target_parse(&dial->target, text)) {
		free(dial);
		return false;
	}
	dial->dialer = dialer;
	dial->next = dialer->dials;
	dialer->dials = dial;
	dial->fd = -1;
	uv_timer_init(loop, &dial->timer);
	dial->timer.data = dial;
	proxy_route_init(&dial->route, dialer->server->options->proxies);
	direct = dial->route.count == 0;
	dial->reach =
		reach_begin(loop, direct ? dial->target.host : first->host,
			direct ? dial->target.port : first->port, TIMEOUT_MS,
			on_reached, dial);
	return true;
}

void dialer_start(struct dialer *dialer, struct server *server)
{
	char **target = server->options->connect;

	dialer->server = server;
	for (; target != NULL && *target != NULL; target++)
		dialer_dial(dialer, *target);
}

/* What has begun with libuv ends while the loop is run to its end. */
void dialer_stop(struct dialer *dialer)
{
	struct dial *dial, *next;

	for (dial = dialer->dials; dial != NULL; dial = next) {
		uv_handle_t *tcp = (uv_handle_t *)&dial->tcp;

		next = dial->next;
		if (dial->reach != NULL) {
			reach_cancel(dial->reach);
			end(dial);
		} else if (!uv_is_closing(tcp)) {
			uv_timer_stop(&dial->timer);
			uv_close(tcp, on_refused_closed);
		}
	}
}
