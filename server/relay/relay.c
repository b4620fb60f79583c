#include "server/relay/relay.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/access/audit.h"
#include "server/connection.h"
#include "server/network/reach.h"
#include "server/relay/refusal.h"
#include "server/relay/relay_target.h"
#include "server/server.h"
#include "websocket/websocket.h"

enum {
	REACH_MS = 10000, /* for each address of the target */
	/* Who reads slowly still gets the last that the other end said. */
	LAST_BYTES_MS = 30000,
	/* One side has ended, the other goes on. */
	HALF_MS = 300000,
};

struct relay {
	struct layer layer;
	struct server *server;
	struct relay *other; /* NULL: not there yet, or gone */
	struct reach *reach; /* under way; or NULL */
	struct buffer early; /* came before the other end was there */
	struct guest guest;  /* of the end that came to us */
	bool is_far;         /* the target's end */
	bool joined;         /* both ends carry bytes */
	bool ended;          /* its peer will say no more */
	struct relay_target target;
	char where[RELAY_TARGET_TEXT_BYTES];
};

static const struct layer_ops relay_ops;

/* ---- reaching the target ---- */

static void fail(struct relay *near, const char *why)
{
	struct connection *connection = near->layer.connection;
	char *reason = xasprintf("the target cannot be reached: %s", why);

	log_warning("#%lu %s: cannot reach %s: %s", connection->number,
		connection->peer_text, near->where, why);
	refusal_tell(connection, WEBSOCKET_SERVER_ERROR, reason);
	free(reason);
}

static struct relay *create(struct server *server)
{
	struct relay *relay = xcalloc(1, sizeof(*relay));

	relay->layer.ops = &relay_ops;
	relay->server = server;
	return relay;
}

static void on_reached(
	void *context, int fd, const struct sockaddr *address, int why)
{
	struct relay *near = context, *far;

	near->reach = NULL;
	if (fd < 0) {
		fail(near, uv_strerror(why));
		return;
	}
	far = create(near->server);
	far->is_far = true;
	far->other = near;
	near->other = far;
	connection_go(near->server, fd, address, &far->layer,
		near->server->options->ssl_target);
	/* Still the two of them: TLS to the target has just begun. */
	if (near->other == far && !far->joined)
		connection_set_deadline(
			far->layer.connection, REACH_MS, "TLS took too long");
}

static void reach(struct relay *near)
{
	const struct relay_target *target = &near->target;
	uv_loop_t *loop = &near->server->loop;

	if (target->kind == RELAY_LOCAL)
		near->reach = reach_begin_local(
			loop, target->place, on_reached, near);
	else
		near->reach = reach_begin(loop, target->place, target->port,
			REACH_MS, on_reached, near);
}

static void turn_away(struct relay *near)
{
	struct server *server = near->server;
	struct connection *connection = near->layer.connection;

	metrics_add(&server->metrics, METRICS_REFUSED_FULL, 1);
	connection->refused = true;
	refusal_tell(connection, WEBSOCKET_SERVER_ERROR,
		"too many viewers are connected (-maxclients)");
}

/* The way to the target carries bytes. */
static void join(struct relay *near, struct relay *far)
{
	struct connection *connection = near->layer.connection;

	/* Others came meanwhile. */
	if (lifetime_is_full(&near->server->lifetime)) {
		near->other = far->other = NULL;
		turn_away(near);
		connection_close(
			far->layer.connection, "its client was turned away");
		return;
	}
	near->joined = far->joined = true;
	connection->logged_in = true;
	connection_set_deadline(connection, 0, NULL);
	connection_set_deadline(far->layer.connection, 0, NULL);
	lifetime_came(&near->server->lifetime, &near->guest, connection);
	audit_relayed(connection);
	layer_send_down(&far->layer, buffer_bytes(&near->early),
		buffer_length(&near->early));
	buffer_finish(&near->early);
	connection_pause_reading(connection, false);
}

/* ---- the layer ---- */

static void ready(struct layer *layer)
{
	struct relay *self = (struct relay *)layer;

	if (self->is_far) {
		join(self->other, self);
		return;
	}
	if (lifetime_is_full(&self->server->lifetime)) {
		turn_away(self);
		return;
	}
	connection_pause_reading(layer->connection, true);
	reach(self);
}

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	struct relay *self = (struct relay *)layer;

	if (!self->joined) { /* at most what was read at once */
		buffer_append(&self->early, bytes, length);
		if (self->early.failed)
			connection_close(layer->connection,
				"no memory for what it said early");
		return;
	}
	if (!self->is_far)
		lifetime_touched(&self->server->lifetime, &self->guest);
	if (self->other != NULL)
		layer_send_down(&self->other->layer, bytes, length);
}

static struct layer *onward(struct layer *layer)
{
	struct relay *self = (struct relay *)layer;

	if (!self->joined || self->other == NULL)
		return NULL;
	if (!self->is_far)
		lifetime_touched(&self->server->lifetime, &self->guest);
	return &self->other->layer;
}

static void stuck(struct layer *layer)
{
	struct relay *self = (struct relay *)layer;

	if (self->joined && self->other != NULL)
		connection_pause_reading(self->other->layer.connection, true);
}

static void drained(struct layer *layer)
{
	struct relay *self = (struct relay *)layer;

	if (self->joined && self->other != NULL)
		connection_pause_reading(self->other->layer.connection, false);
}

static const char *overdue(const struct layer *layer)
{
	(void)layer;
	return "the target was not reached in time";
}

/* Only TCP can say that one side has ended and the other goes on. */
static bool ended(struct layer *layer)
{
	struct relay *self = (struct relay *)layer, *other = self->other;

	if (!self->joined || other == NULL || other->ended ||
		layer->below != NULL || other->layer.below != NULL)
		return false;
	self->ended = true;
	connection_end_output(other->layer.connection);
	connection_set_deadline(
		layer->connection, HALF_MS, "had ended its side long ago");
	return true;
}

/* The way to the target broke before it carried a byte. */
static void tell_no_tls(struct relay *near)
{
	struct connection *connection = near->layer.connection;

	log_warning("#%lu %s: no TLS with %s", connection->number,
		connection->peer_text, near->where);
	refusal_tell(connection, WEBSOCKET_SERVER_ERROR,
		"the target cannot be reached: no TLS with it");
}

static void end_other(struct relay *self, struct relay *other)
{
	struct connection *connection = other->layer.connection;
	bool stopping = self->server->stopping;

	/* A target may push for ever: its bytes stay where they are. */
	connection->deaf = other->is_far;
	connection_finish(connection,
		stopping ? WEBSOCKET_GOING_AWAY : WEBSOCKET_NORMAL,
		stopping       ? "the server ends"
		: self->is_far ? "the target ended it"
			       : "the client ended it");
	if (connection->state == CONNECTION_ENDING)
		connection_set_deadline(connection, LAST_BYTES_MS,
			"did not take the last bytes");
}

static void gone(struct layer *layer)
{
	struct relay *self = (struct relay *)layer, *other = self->other;

	if (self->reach != NULL)
		reach_cancel(self->reach);
	self->reach = NULL;
	self->other = NULL;
	if (other != NULL) {
		other->other = NULL;
		if (self->is_far && !self->joined && !self->server->stopping)
			tell_no_tls(other);
		else
			end_other(self, other);
	}
	if (self->joined && !self->is_far)
		lifetime_gone(&self->server->lifetime, &self->guest);
}

static void destroy(struct layer *layer)
{
	struct relay *self = (struct relay *)layer;

	buffer_finish(&self->early);
	free(self);
}

static const struct layer_ops relay_ops = {
	.name = "relay",
	.receive = receive,
	.onward = onward,
	.ready = ready,
	.drained = drained,
	.stuck = stuck,
	.ended = ended,
	.overdue = overdue,
	.gone = gone,
	.destroy = destroy,
	.reads_while_output_waits = true,
};

struct layer *relay_create(
	struct server *server, const struct relay_target *target)
{
	struct relay *relay = create(server);

	relay->target = *target;
	relay_target_format(target, relay->where);
	return &relay->layer;
}

const char *relay_target_of(const struct layer *layer)
{
	const struct relay *relay = (const struct relay *)layer;

	return layer->ops == &relay_ops && !relay->is_far ? relay->where : NULL;
}
