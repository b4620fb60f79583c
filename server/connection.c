#include "server/connection.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/access/audit.h"
#include "server/connection_io.h"
#include "server/network/tcp_options.h"
#include "server/pace.h"
#include "server/relay/relay.h"
#include "server/server.h"
#include "server/sniffer.h"
#include "server/tls/tls_layer.h"
#include "server/viewer.h"
#include "server/web_page.h"
#include "server/access/waiting_room.h"

enum {
	/* A peer that does not even take our good-bye. */
	FINISH_MS = 2000,
};

/* ---- life ---- */

static void destroy_layers(struct connection *connection)
{
	struct layer *layer, *next;

	for (layer = connection->top; layer != NULL; layer = next) {
		next = layer->below;
		layer->ops->destroy(layer);
	}
	for (layer = connection->retired; layer != NULL; layer = next) {
		next = layer->above;
		layer->ops->destroy(layer);
	}
}

static void connection_consider_free(struct connection *connection)
{
	if (connection->handles > 0 || connection->jobs > 0)
		return;
	server_forget_connection(connection->server, connection);
	destroy_layers(connection);
	outbox_finish(&connection->out);
	free(connection);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct connection *connection = handle->data;

	connection->handles--;
	if (handle == (uv_handle_t *)&connection->poll)
		close(connection->fd);
	connection_consider_free(connection);
}

void connection_hold(struct connection *connection)
{
	connection->jobs++;
}

void connection_release(struct connection *connection)
{
	assert(connection->jobs > 0);
	connection->jobs--;
	connection_consider_free(connection);
}

static void log_end(const struct connection *connection, const char *reason)
{
	/* A browser opens and closes half a dozen for each page. */
	bool usual = web_page_is(connection->top) && connection->peer_ended;
	char stack[64];

	connection_describe(connection, stack, sizeof(stack));
	(usual ? log_debug : log_info)("#%lu %s %s: %s", connection->number,
		connection->peer_text, stack, reason);
}

static void tell_gone(struct connection *connection, const char *reason)
{
	struct viewer *viewer = viewer_of(connection->top);
	struct layer *layer;

	if (viewer != NULL || connection->refused ||
		relay_target_of(connection->top) != NULL)
		audit_end(connection, viewer, reason);
	else
		log_end(connection, reason);
	for (layer = connection->top; layer != NULL; layer = layer->below)
		if (layer->ops->gone != NULL)
			layer->ops->gone(layer);
}

void connection_close(struct connection *connection, const char *reason)
{
	if (connection->state == CONNECTION_CLOSED)
		return;
	if (connection->state == CONNECTION_OPEN) {
		connection->state = CONNECTION_CLOSED;
		tell_gone(connection, reason);
		if (connection->is_sole)
			server_stop(connection->server, EXIT_OK,
				"the connection that was given has ended");
	}
	connection->state = CONNECTION_CLOSED;
	connection->flush_wanted = false;
	pace_forget(connection);
	if (connection->poll_error == 0)
		uv_close((uv_handle_t *)&connection->poll, on_handle_closed);
	else
		close(connection->fd);
	uv_close((uv_handle_t *)&connection->tick, on_handle_closed);
	uv_close((uv_handle_t *)&connection->deadline, on_handle_closed);
	uv_close((uv_handle_t *)&connection->patience, on_handle_closed);
}

void connection_finish(
	struct connection *connection, int code, const char *reason)
{
	struct layer *layer;

	if (connection->state != CONNECTION_OPEN)
		return;
	for (layer = connection->top; layer != NULL; layer = layer->below)
		if (layer->ops->finish != NULL)
			layer->ops->finish(layer, code, reason);
	if (connection->state != CONNECTION_OPEN)
		return;
	connection->state = CONNECTION_ENDING;
	connection_set_tick(connection, 0);
	connection_set_deadline(
		connection, FINISH_MS, "did not take the last bytes");
	tell_gone(connection, reason);
	connection->busy = true;
	connection->flush_wanted = true;
}

/* ---- timers ---- */

static void on_tick(uv_timer_t *timer)
{
	struct connection *connection = timer->data;
	struct layer *layer = connection->top, *below;

	for (; layer != NULL && connection->state == CONNECTION_OPEN;
		layer = below) {
		below = layer->below;
		if (layer->ops->tick != NULL)
			layer->ops->tick(layer);
	}
}

void connection_set_tick(struct connection *connection, unsigned interval_ms)
{
	if (connection->state == CONNECTION_CLOSED)
		return;
	uv_timer_stop(&connection->tick);
	if (interval_ms > 0)
		uv_timer_start(
			&connection->tick, on_tick, interval_ms, interval_ms);
}

/* What was waited for all the time. */
static const char *why_overdue(const struct connection *connection)
{
	const struct layer *layer;
	const char *reason = NULL;

	for (layer = connection->bottom; layer != NULL && reason == NULL;
		layer = layer->above)
		if (layer->ops->overdue != NULL)
			reason = layer->ops->overdue(layer);
	return reason != NULL ? reason : "did not log in in time";
}

static void on_deadline(uv_timer_t *timer)
{
	struct connection *connection = timer->data;
	const char *reason = connection->deadline_reason;

	connection_close(
		connection, reason != NULL ? reason : why_overdue(connection));
}

void connection_set_deadline(
	struct connection *connection, unsigned after_ms, const char *reason)
{
	if (connection->state == CONNECTION_CLOSED)
		return;
	connection->deadline_reason = reason;
	uv_timer_stop(&connection->deadline);
	if (after_ms > 0)
		uv_timer_start(&connection->deadline, on_deadline, after_ms, 0);
}

void connection_await_login(struct connection *connection)
{
	connection_set_deadline(connection,
		(unsigned)connection->server->options->login_timeout_s * 1000,
		NULL);
}

/* ---- birth ---- */

static void init_handles(struct connection *connection)
{
	uv_loop_t *loop = &connection->server->loop;

	connection->poll_error =
		uv_poll_init(loop, &connection->poll, connection->fd);
	uv_timer_init(loop, &connection->tick);
	uv_timer_init(loop, &connection->deadline);
	uv_timer_init(loop, &connection->patience);
	connection->poll.data = connection;
	connection->tick.data = connection;
	connection->deadline.data = connection;
	connection->patience.data = connection;
	connection->handles = connection->poll_error == 0 ? 4 : 3;
}

/* False: it has ended. */
static bool is_watched(struct connection *connection)
{
	char reason[80];

	if (connection->poll_error == 0) {
		connection_update_poll(connection);
		return true;
	}
	snprintf(reason, sizeof(reason), "its socket cannot be watched: %s",
		uv_strerror(connection->poll_error));
	connection_close(connection, reason);
	return false;
}

void connection_set_peer(
	struct connection *connection, const struct address *peer)
{
	char via[INET6_ADDRSTRLEN];

	if (address_equal(&connection->peer, peer))
		return;
	connection->peer = *peer;
	connection->peer_port = -1; /* the socket's is the proxy's */
	address_format(peer, connection->peer_text);
	address_format(&connection->via, via);
	log_debug("#%lu %s comes through %s", connection->number,
		connection->peer_text, via);
	if (connection->state == CONNECTION_OPEN && !connection->logged_in)
		waiting_room_enter(connection->server, connection);
}

bool connection_is_proxys_own(const struct connection *connection)
{
	return address_equal(&connection->peer, &connection->via) &&
	       trusted_proxies_has(
		       &connection->server->proxies, &connection->via);
}

static int port_of(const struct sockaddr *name)
{
	if (name->sa_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)name)->sin6_port);
	if (name->sa_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)name)->sin_port);
	return -1;
}

static struct connection *connection_create(
	struct server *server, int fd, const struct sockaddr *peer)
{
	struct connection *connection = xcalloc(1, sizeof(*connection));

	connection->server = server;
	connection->fd = fd;
	connection->read_bytes = CONNECTION_READ_BYTES;
	connection->opened_ms = clock_ms();
	connection->via = connection->peer = address_from(peer);
	address_format(&connection->peer, connection->peer_text);
	connection->peer_port = port_of(peer);
	tcp_options_set(fd, address_is_loopback(&connection->via),
		server->options->read_timeout_s);
	init_handles(connection);
	server_remember_connection(server, connection);
	return connection;
}

static void begin(struct connection *connection, struct layer *top)
{
	waiting_room_enter(connection->server, connection);
	connection_await_login(connection);
	connection_push(connection, top);
	if (is_watched(connection))
		top->ops->ready(top);
}

void connection_accept(struct server *server, struct share *share, int fd,
	const struct sockaddr *peer)
{
	struct connection *connection = connection_create(server, fd, peer);

	connection->share = share;
	begin(connection, sniffer_create(server));
}

void connection_accept_sole(struct server *server, int fd)
{
	struct sockaddr_storage peer = { 0 };
	socklen_t length = sizeof(peer);
	struct connection *connection;

	getpeername(fd, (struct sockaddr *)&peer, &length);
	connection = connection_create(server, fd, (struct sockaddr *)&peer);
	connection->is_sole = true;
	begin(connection, sniffer_create(server));
}

void connection_reach(struct server *server, int fd,
	const struct sockaddr *peer, bool may_wait)
{
	struct connection *connection = connection_create(server, fd, peer);

	begin(connection, viewer_create(server->shares, NULL));
	if (may_wait)
		connection_set_deadline(connection, 0, NULL);
}

void connection_go(struct server *server, int fd, const struct sockaddr *peer,
	struct layer *top, bool by_tls)
{
	struct connection *connection = connection_create(server, fd, peer);

	connection->logged_in = true; /* waits for nobody's leave */
	if (by_tls)
		connection_push(connection, tls_layer_create_client());
	connection_push(connection, top);
	if (is_watched(connection))
		connection->bottom->ops->ready(connection->bottom);
}
