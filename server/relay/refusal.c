#include "server/relay/refusal.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "websocket/websocket.h"

enum {
	VERSION_BYTES = 12,
	PATIENCE_MS = 5000,
	INVALID = 0, /* the security type that is none */
};

struct refusal {
	struct layer layer;
	char *reason;
	size_t heard;
};

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	struct refusal *refusal = (struct refusal *)layer;

	(void)bytes;
	refusal->heard += length;
	if (refusal->heard >= VERSION_BYTES)
		connection_finish(
			layer->connection, WEBSOCKET_NORMAL, refusal->reason);
}

static void destroy(struct layer *layer)
{
	struct refusal *refusal = (struct refusal *)layer;

	free(refusal->reason);
	free(refusal);
}

static const struct layer_ops refusal_ops = {
	.name = "refusal",
	.receive = receive,
	.destroy = destroy,
};

static struct layer *create(const char *reason)
{
	struct refusal *refusal = xcalloc(1, sizeof(*refusal));

	refusal->layer.ops = &refusal_ops;
	refusal->reason = xstrdup(reason);
	return &refusal->layer;
}

static void say(struct layer *layer, const char *reason)
{
	struct buffer text = { 0 };

	buffer_text(&text, "RFB 003.003\n");
	buffer_u32(&text, INVALID);
	buffer_u32(&text, (uint32_t)strlen(reason));
	buffer_text(&text, reason);
	layer_send_down(layer, buffer_bytes(&text), buffer_length(&text));
	buffer_finish(&text);
}

static bool is_plain(const struct connection *connection)
{
	const struct layer *layer = connection->top;

	for (; layer != NULL; layer = layer->below)
		if (layer->ops->is_websocket)
			return false;
	return true;
}

void refusal_tell(struct connection *connection, int code, const char *reason)
{
	struct layer *layer;

	if (!is_plain(connection)) {
		connection_finish(connection, code, reason);
		return;
	}
	if (connection->state != CONNECTION_OPEN)
		return;
	layer = create(reason);
	connection_replace_top(connection, layer);
	connection_set_deadline(connection, PATIENCE_MS, "was refused");
	connection_pause_reading(connection, false);
	say(layer, reason);
}
