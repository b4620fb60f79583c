#include "server/connection_io.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "server/connection.h"
#include "server/connection_pass.h"
#include "server/network/tcp_options.h"
#include "server/pace.h"
#include "server/server.h"
#include "websocket/websocket.h"

enum {
	DIRECT_BYTES = 32 << 10, /* written without a copy where possible */
	FLUSHES_A_TURN = 4,      /* then everybody else gets a turn */
	LINGER_MS = 1000,        /* for the peer's FIN after ours */
};

/* ---- output ---- */

static size_t unsent_bytes(const struct connection *connection)
{
	int unsent = 0;

	if (ioctl(connection->fd, SIOCOUTQNSD, &unsent) < 0)
		return 0; /* not TCP */
	return unsent > 0 ? (size_t)unsent : 0;
}

static void on_poll(uv_poll_t *poll, int status, int events);

void connection_update_poll(struct connection *connection)
{
	bool reads = !connection->busy ||
		     connection->state != CONNECTION_OPEN ||
		     connection->top->ops->reads_while_output_waits;
	int events = 0;

	if (connection->state == CONNECTION_CLOSED)
		return;
	if (connection->reading_paused && connection->state == CONNECTION_OPEN)
		reads = false;
	if (connection->deaf)
		reads = false;
	if (reads && !connection->peer_ended)
		events |= UV_READABLE;
	if (connection->busy && !connection->flush_wanted && !connection->paced)
		events |= UV_WRITABLE;
	if (events == connection->poll_events)
		return; /* saves a system call */
	connection->poll_events = events;
	if (events == 0)
		uv_poll_stop(&connection->poll);
	else
		uv_poll_start(&connection->poll, events, on_poll);
}

void connection_pause_reading(struct connection *connection, bool pause)
{
	if (connection->reading_paused == pause)
		return;
	connection->reading_paused = pause;
	connection->read_bytes = CONNECTION_READ_BYTES;
	connection_update_poll(connection);
}

/* False: the connection broke and was closed. */
static bool is_whole(struct connection *connection)
{
	if (!connection->out.failed)
		return true;
	connection_close(connection, "no memory for its output");
	return false;
}

bool connection_count_sent(struct connection *connection, ssize_t written)
{
	if (written < 0 && errno != EAGAIN && errno != EINTR) {
		connection_close(connection, strerror(errno));
		return false;
	}
	if (written > 0) {
		connection->sent_bytes += (uint64_t)written;
		metrics_add(&connection->server->metrics, METRICS_SENT_BYTES,
			(uint64_t)written);
		pace_spend(connection, (size_t)written);
	}
	return true;
}

/* What waits, as far as the socket takes it and -maxrate lets it. */
static bool write_waiting(struct connection *connection)
{
	size_t most;

	if (outbox_is_empty(&connection->out))
		return true;
	most = pace_allows(connection);
	return most == 0 ||
	       connection_count_sent(connection,
		       outbox_write(&connection->out, connection->fd, most));
}

/* Behind what waits; what the socket does not take is kept. */
static void write_through(
	struct connection *connection, const uint8_t *bytes, size_t length)
{
	size_t waiting = outbox_length(&connection->out), taken = 0;
	ssize_t written;

	if (pace_allows(connection) >= waiting + length) {
		written = outbox_write_with(
			&connection->out, connection->fd, bytes, length);
		if (!connection_count_sent(connection, written))
			return;
		if (written > 0 && (size_t)written > waiting)
			taken = (size_t)written - waiting;
	} else if (!write_waiting(connection)) {
		return;
	}
	outbox_append(&connection->out, bytes + taken, length - taken);
	is_whole(connection);
}

void connection_send(
	struct connection *connection, const void *bytes, size_t length)
{
	if (connection->state == CONNECTION_CLOSED || length == 0)
		return;
	connection->busy = true;
	connection->flush_wanted = true;
	if (length >= DIRECT_BYTES) {
		write_through(connection, bytes, length);
		return;
	}
	outbox_append(&connection->out, bytes, length);
	is_whole(connection);
}

void connection_send_lent(struct connection *connection, struct buffer *bytes,
	struct loan_list *loans)
{
	if (connection->state == CONNECTION_CLOSED) {
		buffer_finish(bytes);
		loan_list_finish(loans);
		return;
	}
	connection->busy = true;
	connection->flush_wanted = true;
	outbox_take(&connection->out, bytes, loans);
	if (is_whole(connection))
		write_waiting(connection);
}

bool connection_settle(struct connection *connection)
{
	bool any = outbox_settle(&connection->out);

	is_whole(connection);
	return any;
}

/* False: it was already. */
static bool shut_down(struct connection *connection)
{
	if (connection->shut_down)
		return false;
	connection->shut_down = true;
	shutdown(connection->fd, SHUT_WR);
	return true;
}

void connection_end_output(struct connection *connection)
{
	if (connection->state != CONNECTION_OPEN)
		return;
	connection->ends_output = true;
	connection->busy = true;
	connection->flush_wanted = true;
}

static void on_drained(struct connection *connection)
{
	struct layer *bottom = connection->bottom;

	connection->busy = false;
	if (connection->state == CONNECTION_OPEN) {
		if (bottom->ops->drained != NULL)
			bottom->ops->drained(bottom);
		if (connection->ends_output && !connection->busy)
			shut_down(connection);
		return;
	}
	if (shut_down(connection)) {
		connection_set_deadline(connection,
			connection->peer_ended ? 1 : LINGER_MS, "lingered");
	}
}

/* One try to send what waits; what is above may then send more. */
static void flush_once(struct connection *connection)
{
	connection->flush_wanted = false;
	if (!write_waiting(connection))
		return;
	if (outbox_is_empty(&connection->out) &&
		unsent_bytes(connection) < TCP_OPTIONS_UNSENT_BYTES)
		on_drained(connection);
}

/* How much has gone onto the wire. */
static uint64_t taken_bytes(const struct connection *connection)
{
	return connection->sent_bytes - unsent_bytes(connection);
}

static void on_patience_over(uv_timer_t *timer);

static void be_patient(struct connection *connection)
{
	uint64_t most_ms =
		(uint64_t)connection->server->options->read_timeout_s * 1000;

	connection->taken_bytes = taken_bytes(connection);
	if (most_ms > 0)
		uv_timer_start(
			&connection->patience, on_patience_over, most_ms, 0);
}

static void on_patience_over(uv_timer_t *timer)
{
	struct connection *connection = timer->data;

	if (connection->state != CONNECTION_OPEN)
		return;
	if (taken_bytes(connection) != connection->taken_bytes) {
		be_patient(connection);
		return;
	}
	metrics_add(&connection->server->metrics, METRICS_DROPPED_UNREAD, 1);
	connection_close(
		connection, "did not take what waited for it (-readtimeout)");
}

/* A viewer that reads slowly is served slowly; one that does not read at all
 * goes after a while. */
static void watch_reading(struct connection *connection)
{
	bool watched = uv_is_active((uv_handle_t *)&connection->patience);

	if (!connection->logged_in || connection->state != CONNECTION_OPEN)
		return;
	if (connection->busy && !watched)
		be_patient(connection);
	else if (!connection->busy && watched)
		uv_timer_stop(&connection->patience);
}

static void tell_stuck(struct connection *connection)
{
	struct layer *top = connection->top;

	if (connection->busy && connection->state == CONNECTION_OPEN &&
		top->ops->stuck != NULL)
		top->ops->stuck(top);
}

void connection_flush(struct connection *connection)
{
	int turn;

	for (turn = 0; turn < FLUSHES_A_TURN && connection->flush_wanted;
		turn++)
		flush_once(connection);
	/* What is left is sent when the socket asks for it. */
	connection->flush_wanted = false;
	tell_stuck(connection);
	watch_reading(connection);
	connection_update_poll(connection);
}

/* ---- input ---- */

bool connection_has_unread(const struct connection *connection)
{
	uint8_t byte;

	return recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* It may have closed only its own side, and still want our answer. */
static void on_peer_ended(struct connection *connection)
{
	const struct layer_ops *top = connection->top->ops;

	connection->peer_ended = true;
	if (connection->state == CONNECTION_OPEN && top->ended != NULL &&
		top->ended(connection->top))
		return;
	if (connection->state == CONNECTION_OPEN && connection->busy)
		connection_finish(
			connection, WEBSOCKET_NORMAL, "the peer closed it");
	else if (connection->state == CONNECTION_OPEN || !connection->busy)
		connection_close(connection, "the peer closed it");
}

/* More at once where there is always more, because the kernel's work is for
 * each call and each waking rather than for a byte. Less again where others
 * cannot take it as fast, and what was read would lie with us. */
static ssize_t read_scratch(struct connection *connection)
{
	struct server *server = connection->server;
	ssize_t got = recv(connection->fd, server->scratch,
		connection->read_bytes, MSG_DONTWAIT);

	if (got == (ssize_t)connection->read_bytes &&
		connection->read_bytes < sizeof(server->scratch))
		connection->read_bytes *= 2;
	return got;
}

static void read_some(struct connection *connection)
{
	struct server *server = connection->server;
	struct layer *to = connection_pass_to(connection);
	ssize_t got = to != NULL ? connection_pass(connection, to)
				 : read_scratch(connection);

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
	metrics_add(&server->metrics, METRICS_RECEIVED_BYTES, (uint64_t)got);
	if (to == NULL && connection->state == CONNECTION_OPEN)
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
		connection_update_poll(connection);
}
