#include "server/connection_io.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "server/connection.h"
#include "server/server.h"
#include "websocket/websocket.h"

enum {
	DIRECT_BYTES = 32 << 10, /* written without a copy where possible */
	KEPT_BYTES = 256 << 10,  /* of an empty output buffer */
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

void connection_pause_reading(struct connection *connection, bool pause)
{
	if (connection->reading_paused == pause)
		return;
	connection->reading_paused = pause;
	connection_update_poll(connection);
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
	if (connection->out.capacity > KEPT_BYTES)
		buffer_finish(&connection->out);
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
		unsent_bytes(connection) < CONNECTION_UNSENT_BYTES)
		on_drained(connection);
}

/* How much has gone onto the wire. */
static uint64_t taken_bytes(const struct connection *connection)
{
	return connection->sent_bytes - unsent_bytes(connection);
}

void connection_be_patient(struct connection *connection)
{
	connection->patient = true;
	connection->taken_bytes = taken_bytes(connection);
	connection_set_deadline(connection,
		(unsigned)connection->server->options->read_timeout_s * 1000,
		"did not take what waited for it (-readtimeout)");
}

bool connection_took_some(const struct connection *connection)
{
	return taken_bytes(connection) != connection->taken_bytes;
}

/* A viewer that reads slowly is served slowly; one that does not read at all
 * goes after a while. */
static void watch_reading(struct connection *connection)
{
	if (!connection->logged_in || connection->state != CONNECTION_OPEN)
		return;
	if (connection->busy && !connection->patient)
		connection_be_patient(connection);
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
	connection_update_poll(connection);
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
		connection_update_poll(connection);
}
