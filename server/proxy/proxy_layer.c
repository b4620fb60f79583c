#include "server/proxy/proxy_layer.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/proxy/proxy_header.h"
#include "server/server.h"
#include "server/sniffer.h"

struct proxy_layer {
	struct layer layer;
	struct server *server;
	struct buffer input;
	bool over; /* the header is read */
};

/* What came behind the header is the client's. */
static void make_way(struct proxy_layer *proxy, size_t header_length)
{
	struct connection *connection = proxy->layer.connection;
	struct buffer *input = &proxy->input;

	connection_replace_top(connection, sniffer_create(proxy->server));
	connection->top->ops->ready(connection->top);
	buffer_consume(input, header_length);
	if (buffer_length(input) > 0 && connection->state == CONNECTION_OPEN)
		connection->top->ops->receive(connection->top,
			buffer_bytes(input), buffer_length(input));
}

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	struct proxy_layer *proxy = (struct proxy_layer *)layer;
	struct connection *connection = layer->connection;
	struct proxy_header header;

	/* A short header was whole in the first bytes that the sniffer handed
	 * over; these are the rest of what it had. */
	if (proxy->over) {
		connection->bottom->ops->receive(
			connection->bottom, bytes, length);
		return;
	}
	buffer_append(&proxy->input, bytes, length);
	if (proxy->input.failed) {
		connection_close(connection, "no memory for a PROXY header");
		return;
	}
	switch (proxy_header_parse(buffer_bytes(&proxy->input),
		buffer_length(&proxy->input), &header)) {
	case PARSE_MORE:
		return;
	case PARSE_BAD:
		connection_close(connection, "a malformed PROXY header");
		return;
	case PARSE_DONE:
		break;
	}
	proxy->over = connection->has_proxy_header = true;
	if (header.has_client)
		connection_set_peer(connection, &header.client);
	if (connection->state == CONNECTION_OPEN)
		make_way(proxy, header.length);
}

static const char *overdue(const struct layer *layer)
{
	(void)layer;
	return "no whole PROXY header in time";
}

static void destroy(struct layer *layer)
{
	struct proxy_layer *proxy = (struct proxy_layer *)layer;

	buffer_finish(&proxy->input);
	free(proxy);
}

static const struct layer_ops proxy_ops = {
	.name = "proxy",
	.receive = receive,
	.overdue = overdue,
	.destroy = destroy,
	.reads_while_output_waits = true,
};

struct layer *proxy_layer_create(struct server *server)
{
	struct proxy_layer *proxy = xcalloc(1, sizeof(*proxy));

	proxy->layer.ops = &proxy_ops;
	proxy->server = server;
	return &proxy->layer;
}
