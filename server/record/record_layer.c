#include "server/record/record_layer.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/record/recorder.h"
#include "server/server.h"

struct record_layer {
	struct layer layer;
	struct recording *recording; /* NULL: none */
	bool tells;                  /* -traffic */
};

static void take(struct record_layer *self, enum record_from from,
	const void *bytes, size_t length)
{
	const struct connection *connection = self->layer.connection;

	if (self->tells)
		log_info("#%lu %c %zu", connection->number, from, length);
	if (self->recording == NULL)
		return;
	if (connection->logged_in)
		recording_keep(self->recording);
	recording_add(self->recording, from, bytes, length);
}

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	take((struct record_layer *)layer, RECORD_FROM_CLIENT, bytes, length);
	layer_receive_up(layer, bytes, length);
}

static void send_down(struct layer *layer, const void *bytes, size_t length)
{
	take((struct record_layer *)layer, RECORD_FROM_SERVER, bytes, length);
	layer_send_down(layer, bytes, length);
}

static void drained(struct layer *layer)
{
	if (layer->above->ops->drained != NULL)
		layer->above->ops->drained(layer->above);
}

/* What was heard before the login is kept if that came at all. */
static void gone(struct layer *layer)
{
	struct record_layer *self = (struct record_layer *)layer;

	if (self->recording == NULL)
		return;
	if (layer->connection->logged_in)
		recording_keep(self->recording);
	recording_end(self->recording);
	self->recording = NULL;
}

static void destroy(struct layer *layer)
{
	gone(layer);
	free(layer);
}

static const struct layer_ops record_ops = {
	.name = "record",
	.receive = receive,
	.send = send_down,
	.drained = drained,
	.gone = gone,
	.destroy = destroy,
};

void record_layer_push(struct connection *connection)
{
	struct server *server = connection->server;
	struct record_layer *layer;

	if (server->recorder.place == NULL && !server->options->traffic)
		return;
	layer = xcalloc(1, sizeof(*layer));
	layer->layer.ops = &record_ops;
	layer->tells = server->options->traffic;
	if (server->recorder.place != NULL)
		layer->recording =
			recorder_begin(&server->recorder, connection->number);
	connection_push(connection, &layer->layer);
}
