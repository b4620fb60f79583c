#include "server/connection_pass.h"

#include <errno.h>

#include "server/connection.h"
#include "server/connection_io.h"
#include "server/pace.h"
#include "server/server.h"

/* Less is sooner read and sent. */
enum { LEAST_BYTES = 32 << 10 };

/* Whether bytes can follow what the layer says. */
static bool can_announce(const struct layer *layer)
{
	return layer == NULL ||
	       (layer->below == NULL && layer->ops->announce != NULL);
}

struct layer *connection_pass_to(struct connection *from)
{
	struct layer *bottom = from->bottom, *to = NULL;
	struct connection *other;

	if (from->state != CONNECTION_OPEN ||
		from->read_bytes < SERVER_SCRATCH_BYTES)
		return NULL;
	if (bottom->ops->onward != NULL)
		to = bottom->ops->onward(bottom);
	if (to == NULL || !can_announce(to->below))
		return NULL;
	other = to->connection;
	return other->state == CONNECTION_OPEN &&
			       outbox_is_empty(&other->out) &&
			       pace_limit(other) == 0
		       ? to
		       : NULL;
}

/* What the socket takes now; what is left of `length`. */
static size_t give(struct connection *to, size_t length)
{
	struct conduit *conduit = &to->server->conduit;
	ssize_t given = outbox_write_ahead(&to->out, to->fd);

	if (!connection_count_sent(to, given) || !outbox_is_empty(&to->out))
		return length;
	do {
		given = conduit_give(conduit, to->fd, length);
		if (given > 0)
			length -= (size_t)given;
	} while (connection_count_sent(to, given) && given > 0 && length > 0);
	return length;
}

static void pass(struct layer *to, size_t length)
{
	struct connection *connection = to->connection;
	struct server *server = connection->server;

	if (to->below != NULL)
		to->below->ops->announce(to->below, length);
	connection->busy = true;
	connection->flush_wanted = true;
	length = give(connection, length);
	if (length == 0)
		return;
	if (conduit_empty(&server->conduit, server->scratch, length))
		connection_send(connection, server->scratch, length);
	else
		connection_close(connection, "what was for it was lost");
}

ssize_t connection_pass(struct connection *from, struct layer *to)
{
	ssize_t got = conduit_take(&from->server->conduit, from->fd);

	if (got < LEAST_BYTES)
		from->read_bytes = CONNECTION_READ_BYTES;
	if (got < 0) /* recv() will say what is wrong */
		errno = EAGAIN;
	if (got > 0)
		pass(to, (size_t)got);
	return got;
}
