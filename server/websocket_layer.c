#include "server/websocket_layer.h"

#include <stdlib.h>

#include "base/xmalloc.h"
#include "server/connection.h"
#include "websocket/websocket.h"

struct websocket_layer {
	struct layer layer;
	struct websocket *websocket;
};

static void host_send(void *context, const void *bytes, size_t length)
{
	struct websocket_layer *self = context;

	layer_send_down(&self->layer, bytes, length);
}

static void host_receive(void *context, const uint8_t *bytes, size_t length)
{
	struct websocket_layer *self = context;

	/* The bytes lie in our own receive buffer: see websocket_receive(). */
	layer_receive_up(&self->layer, (uint8_t *)bytes, length);
}

static void host_closed(void *context, int code, const char *reason)
{
	struct websocket_layer *self = context;

	connection_finish(self->layer.connection, code, reason);
}

static const struct websocket_host host = {
	.send = host_send,
	.receive = host_receive,
	.closed = host_closed,
};

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	struct websocket_layer *self = (struct websocket_layer *)layer;

	websocket_set_busy(self->websocket, layer->connection->busy);
	websocket_receive(self->websocket, bytes, length);
}

static void send_message(struct layer *layer, const void *bytes, size_t length)
{
	struct websocket_layer *self = (struct websocket_layer *)layer;

	websocket_send(self->websocket, bytes, length);
}

static void announce(struct layer *layer, size_t length)
{
	struct websocket_layer *self = (struct websocket_layer *)layer;

	websocket_announce(self->websocket, length);
}

static void drained(struct layer *layer)
{
	struct websocket_layer *self = (struct websocket_layer *)layer;

	websocket_set_busy(self->websocket, false);
	websocket_drained(self->websocket);
	if (layer->above->ops->drained != NULL)
		layer->above->ops->drained(layer->above);
}

static void tick(struct layer *layer)
{
	struct websocket_layer *self = (struct websocket_layer *)layer;

	websocket_set_busy(self->websocket, layer->connection->busy);
	websocket_tick(self->websocket);
}

static void finish(struct layer *layer, int code, const char *reason)
{
	struct websocket_layer *self = (struct websocket_layer *)layer;

	websocket_close(self->websocket, code, reason);
}

static void destroy(struct layer *layer)
{
	struct websocket_layer *self = (struct websocket_layer *)layer;

	websocket_destroy(self->websocket);
	free(self);
}

static const struct layer_ops websocket_ops = {
	.name = "websocket",
	.is_websocket = true,
	.receive = receive,
	.send = send_message,
	.announce = announce,
	.drained = drained,
	.tick = tick,
	.finish = finish,
	.destroy = destroy,
};

struct layer *websocket_layer_create(void)
{
	struct websocket_layer *self = xcalloc(1, sizeof(*self));

	self->layer.ops = &websocket_ops;
	self->websocket = websocket_create(&host, self);
	return &self->layer;
}
