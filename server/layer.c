#include "server/layer.h"

#include <stdio.h>

#include "server/connection.h"

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
