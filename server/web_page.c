#include "server/web_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/viewer.h"
#include "server/websocket_layer.h"
#include "websocket/http_peer.h"
#include "websocket/websocket.h"

enum { PROGRESS_MS = 5000 };

struct web_page {
	struct layer layer;
	struct server *server;
	struct http_peer *http;
	uint64_t sent_bytes; /* at the last tick */
};

static void patience(struct web_page *page)
{
	connection_set_deadline(page->layer.connection,
		(unsigned)page->server->options->login_timeout_s * 1000,
		"no HTTP request in time");
}

static void host_send(void *context, const void *bytes, size_t length)
{
	struct web_page *page = context;

	layer_send_down(&page->layer, bytes, length);
}

static void host_finished(void *context, const char *reason)
{
	struct web_page *page = context;

	connection_finish(page->layer.connection, WEBSOCKET_NORMAL, reason);
}

static void host_answered(
	void *context, int status, const char *method, const char *path)
{
	struct web_page *page = context;
	struct connection *connection = page->layer.connection;

	address_book_spoke_http(&page->server->addresses, &connection->peer);
	patience(page);
	log_debug("#%lu %s %s: %d", connection->number, method, path, status);
}

static void host_upgraded(
	void *context, const char *path, const uint8_t *rest, size_t length)
{
	struct web_page *page = context;
	struct server *server = page->server;
	struct connection *connection = page->layer.connection;
	struct layer *websocket = websocket_layer_create();
	uint8_t *copy = NULL;

	(void)path;
	/* The page is loaded and speaks RFB now: what is silent beside it is
	 * no longer a spare connection that it will use. */
	address_book_spoke_rfb(&server->addresses, &connection->peer);
	patience(page);
	connection_replace_top(connection, websocket);
	connection_push(connection, viewer_create(server));
	connection_set_tick(connection, WEBSOCKET_PING_MS);
	connection->top->ops->ready(connection->top);
	if (length == 0 || connection->state != CONNECTION_OPEN)
		return;
	copy = xmalloc(length); /* at most one read; it is unmasked in place */
	memcpy(copy, rest, length);
	websocket->ops->receive(websocket, copy, length);
	free(copy);
}

static const struct http_host host = {
	.send = host_send,
	.upgraded = host_upgraded,
	.finished = host_finished,
	.answered = host_answered,
};

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	struct web_page *page = (struct web_page *)layer;

	http_peer_receive(page->http, bytes, length);
}

static void drained(struct layer *layer)
{
	struct web_page *page = (struct web_page *)layer;

	http_peer_drained(page->http);
}

/* A slow line that takes a large file may take its time. */
static void tick(struct layer *layer)
{
	struct web_page *page = (struct web_page *)layer;
	struct connection *connection = layer->connection;

	if (connection->busy && connection->sent_bytes != page->sent_bytes)
		patience(page);
	page->sent_bytes = connection->sent_bytes;
}

/* Called by whoever put it on the connection. */
static void ready(struct layer *layer)
{
	connection_set_tick(layer->connection, PROGRESS_MS);
}

static void destroy(struct layer *layer)
{
	struct web_page *page = (struct web_page *)layer;

	http_peer_destroy(page->http);
	free(page);
}

static const struct layer_ops page_ops = {
	.name = "http",
	.receive = receive,
	.ready = ready,
	.drained = drained,
	.tick = tick,
	.destroy = destroy,
};

bool web_page_is(const struct layer *layer)
{
	return layer->ops == &page_ops;
}

struct layer *web_page_create(struct server *server, bool secure)
{
	struct web_page *page = xcalloc(1, sizeof(*page));

	page->layer.ops = &page_ops;
	page->server = server;
	page->http = http_peer_create(
		secure ? &server->secure_policy : &server->plain_policy, &host,
		page);
	return &page->layer;
}
