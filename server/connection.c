#include "server/connection.h"

#include <assert.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/server.h"
#include "server/sniffer.h"
#include "server/waiting_room.h"
#include "websocket/websocket.h"

enum {
	/* The kernel may hold this much that is not yet on the wire before
	 * output counts as waiting: the newest picture is what waits. */
	UNSENT_BYTES = 128 << 10,
	DIRECT_BYTES = 32 << 10, /* written without a copy where possible */
	FLUSHES_A_TURN = 4,      /* then everybody else gets a turn */
	LINGER_MS = 1000,        /* for the peer's FIN after ours */
	/* A silent peer is asked whether it lives, and one whose machine or
	 * line has gone is found out, so that its keys are released. */
	KEEPALIVE_IDLE_S = 30,
	DEAD_MS = 60000,
	/* A peer that does not even take our good-bye. */
	FINISH_MS = 2000,
};

void layer_send_down(struct layer *layer, const void *bytes, size_t length)
{
	if (layer->below != NULL)
		layer->below->ops->send(layer->below, bytes, length);
	else
		connection_send(layer->connection, bytes, length);
}

void layer_receive_up(struct layer *layer, uint8_t *bytes, size_t length)
{
	if (layer->above != NULL && layer->connection->state == CONNECTION_OPEN)
		layer->above->ops->receive(layer->above, bytes, length);
}

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
	buffer_finish(&connection->out);
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

static void tell_gone(struct connection *connection, const char *reason)
{
	char stack[64];
	struct layer *layer;

	connection_describe(connection, stack, sizeof(stack));
	log_info("#%lu %s %s: %s", connection->number, connection->peer_text,
		stack, reason);
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
	}
	connection->state = CONNECTION_CLOSED;
	connection->flush_wanted = false;
	uv_close((uv_handle_t *)&connection->poll, on_handle_closed);
	uv_close((uv_handle_t *)&connection->tick, on_handle_closed);
	uv_close((uv_handle_t *)&connection->deadline, on_handle_closed);
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

/* ---- output ---- */

static size_t unsent_bytes(const struct connection *connection)
{
	int unsent = 0;

	if (ioctl(connection->fd, SIOCOUTQNSD, &unsent) < 0)
		return 0; /* not TCP */
	return unsent > 0 ? (size_t)unsent : 0;
}

static void on_poll(uv_poll_t *poll, int status, int events);

static void update_poll(struct connection *connection)
{
	bool reads = !connection->busy ||
		     connection->state != CONNECTION_OPEN ||
		     connection->top->ops->reads_while_output_waits;
	int events = 0;

	if (connection->state == CONNECTION_CLOSED)
		return;
	if (reads && !connection->peer_ended)
		events |= UV_READABLE;
	if (connection->busy && !connection->flush_wanted)
		events |= UV_WRITABLE;
	if (events == connection->poll_events)
		return; /* saves a system call */
	connection->poll_events = events;
	if (events == 0)
		uv_poll_stop(&connection->poll);
	else
		uv_poll_start(&connection->poll, events, on_poll);
}

/* Writes `out` and then `bytes`; what the socket does not take of them stays
 * in `out`. False: the connection broke and was closed. */
static bool write_some(
	struct connection *connection, const void *bytes, size_t length)
{
	struct buffer *out = &connection->out;
	size_t waiting = buffer_length(out);
	struct iovec parts[2] = { { buffer_bytes(out), waiting },
		{ (void *)bytes, length } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t written =
		sendmsg(connection->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	size_t count = written > 0 ? (size_t)written : 0;

	if (written < 0 && errno != EAGAIN && errno != EINTR) {
		connection_close(connection, strerror(errno));
		return false;
	}
	connection->sent_bytes += count;
	if (count <= waiting) {
		buffer_consume(out, count);
		buffer_append(out, bytes, length);
	} else {
		buffer_consume(out, waiting);
		buffer_append(out, (const uint8_t *)bytes + (count - waiting),
			length - (count - waiting));
	}
	if (out->failed) {
		connection_close(connection, "no memory for its output");
		return false;
	}
	return true;
}

void connection_send(
	struct connection *connection, const void *bytes, size_t length)
{
	if (connection->state == CONNECTION_CLOSED || length == 0)
		return;
	connection->busy = true;
	connection->flush_wanted = true;
	if (length >= DIRECT_BYTES) {
		write_some(connection, bytes, length);
		return;
	}
	buffer_append(&connection->out, bytes, length);
	if (connection->out.failed)
		connection_close(connection, "no memory for its output");
}

static void on_drained(struct connection *connection)
{
	struct layer *bottom = connection->bottom;

	connection->busy = false;
	if (connection->state == CONNECTION_OPEN) {
		if (bottom->ops->drained != NULL)
			bottom->ops->drained(bottom);
		return;
	}
	if (!connection->shut_down) {
		connection->shut_down = true;
		shutdown(connection->fd, SHUT_WR);
		connection_set_deadline(connection,
			connection->peer_ended ? 1 : LINGER_MS, "lingered");
	}
}

/* One try to send what waits; what is above may then send more. */
static void flush_once(struct connection *connection)
{
	connection->flush_wanted = false;
	if (buffer_length(&connection->out) > 0 &&
		!write_some(connection, NULL, 0))
		return;
	if (buffer_length(&connection->out) == 0 &&
		unsent_bytes(connection) < UNSENT_BYTES)
		on_drained(connection);
}

/* How much has gone onto the wire. */
static uint64_t taken_bytes(const struct connection *connection)
{
	return connection->sent_bytes - unsent_bytes(connection);
}

static void lose_patience_later(struct connection *connection)
{
	connection->patient = true;
	connection->taken_bytes = taken_bytes(connection);
	connection_set_deadline(connection,
		(unsigned)connection->server->options->read_timeout_s * 1000,
		"did not take what waited for it (-readtimeout)");
}

/* A viewer that reads slowly is served slowly; one that does not read at all
 * goes after a while. */
static void watch_reading(struct connection *connection)
{
	if (!connection->logged_in || connection->state != CONNECTION_OPEN)
		return;
	if (connection->busy && !connection->patient)
		lose_patience_later(connection);
	if (connection->busy || !connection->patient)
		return;
	connection->patient = false;
	connection_set_deadline(connection, 0, NULL);
}

void connection_flush(struct connection *connection)
{
	int turn;

	for (turn = 0; turn < FLUSHES_A_TURN && connection->flush_wanted;
		turn++)
		flush_once(connection);
	/* What is left is sent when the socket asks for it. */
	connection->flush_wanted = false;
	watch_reading(connection);
	update_poll(connection);
}

/* ---- input ---- */

/* It may have closed only its own side, and still want our answer. */
static void on_peer_ended(struct connection *connection)
{
	connection->peer_ended = true;
	if (connection->state == CONNECTION_OPEN && connection->busy)
		connection_finish(
			connection, WEBSOCKET_NORMAL, "the peer closed it");
	else if (connection->state == CONNECTION_OPEN || !connection->busy)
		connection_close(connection, "the peer closed it");
}

static void read_some(struct connection *connection)
{
	struct server *server = connection->server;
	ssize_t got = recv(connection->fd, server->scratch,
		sizeof(server->scratch), MSG_DONTWAIT);

	if (got < 0) {
		if (errno != EAGAIN && errno != EINTR)
			connection_close(connection, strerror(errno));
		return;
	}
	if (got == 0) {
		on_peer_ended(connection);
		return;
	}
	connection->received_bytes += (uint64_t)got;
	if (connection->state == CONNECTION_OPEN)
		connection->bottom->ops->receive(
			connection->bottom, server->scratch, (size_t)got);
}

/* libuv only says that epoll told of an error. */
static const char *why_broken(const struct connection *connection)
{
	int why = 0;
	socklen_t size = sizeof(why);

	getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &why, &size);
	return why != 0 ? strerror(why) : "the peer is gone";
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct connection *connection = poll->data;

	if (status < 0) {
		connection_close(connection, why_broken(connection));
		return;
	}
	if (events & UV_WRITABLE) {
		connection->flush_wanted = true;
		connection_flush(connection);
	}
	if (connection->state == CONNECTION_CLOSED)
		return;
	if (events & UV_READABLE)
		read_some(connection);
	if (connection->state != CONNECTION_CLOSED)
		update_poll(connection);
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

static void on_deadline(uv_timer_t *timer)
{
	struct connection *connection = timer->data;

	if (connection->patient && connection->state == CONNECTION_OPEN &&
		taken_bytes(connection) != connection->taken_bytes) {
		lose_patience_later(connection); /* it did take some */
		return;
	}
	connection_close(connection, connection->deadline_reason);
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

/* ---- layers ---- */

void connection_push(struct connection *connection, struct layer *layer)
{
	layer->connection = connection;
	layer->below = connection->top;
	layer->above = NULL;
	if (connection->top != NULL)
		connection->top->above = layer;
	else
		connection->bottom = layer;
	connection->top = layer;
}

void connection_replace_top(struct connection *connection, struct layer *layer)
{
	struct layer *old = connection->top;

	connection->top = old->below;
	if (connection->top == NULL)
		connection->bottom = NULL;
	connection_push(connection, layer);
	old->below = NULL;
	old->above = connection->retired;
	connection->retired = old;
}

void connection_insert_below(
	struct connection *connection, struct layer *above, struct layer *layer)
{
	layer->connection = connection;
	layer->above = above;
	layer->below = above->below;
	if (above->below != NULL)
		above->below->above = layer;
	else
		connection->bottom = layer;
	above->below = layer;
}

void connection_describe(
	const struct connection *connection, char *text, size_t size)
{
	const struct layer *layer;
	size_t used = (size_t)snprintf(text, size, "tcp");

	for (layer = connection->bottom; layer != NULL && used < size;
		layer = layer->above)
		used += (size_t)snprintf(
			text + used, size - used, "+%s", layer->ops->name);
}

/* ---- birth ---- */

static void set_socket_options(int fd)
{
	int on = 1, unsent = UNSENT_BYTES, idle_s = KEEPALIVE_IDLE_S;
	int dead_ms = DEAD_MS;

	/* Fail harmlessly on what is not TCP. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof(unsent));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	setsockopt(
		fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_ms, sizeof(dead_ms));
}

static void init_handles(struct connection *connection)
{
	uv_loop_t *loop = &connection->server->loop;

	uv_poll_init(loop, &connection->poll, connection->fd);
	uv_timer_init(loop, &connection->tick);
	uv_timer_init(loop, &connection->deadline);
	connection->poll.data = connection;
	connection->tick.data = connection;
	connection->deadline.data = connection;
	connection->handles = 3;
}

void connection_accept(
	struct server *server, int fd, const struct sockaddr *peer)
{
	struct connection *connection = xcalloc(1, sizeof(*connection));
	char text[INET6_ADDRSTRLEN];

	connection->server = server;
	connection->fd = fd;
	connection->opened_ms = clock_ms();
	connection->peer = address_from(peer);
	address_format(&connection->peer, text);
	snprintf(connection->peer_text, sizeof(connection->peer_text), "%s",
		text);
	set_socket_options(fd);
	init_handles(connection);
	server_remember_connection(server, connection);
	waiting_room_enter(server, connection);
	connection_set_deadline(connection,
		(unsigned)server->options->login_timeout_s * 1000,
		"did not log in in time");
	connection_push(connection, sniffer_create(server));
	update_poll(connection);
	connection->top->ops->ready(connection->top);
}
