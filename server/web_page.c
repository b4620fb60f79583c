#include "server/web_page.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/proxy/forwarded.h"
#include "server/record/record_layer.h"
#include "server/status/status.h"
#include "server/share/share.h"
#include "server/share/share_choice.h"
#include "server/share/share_page.h"
#include "server/web_admission.h"
#include "server/websocket_layer.h"
#include "websocket/http_peer.h"
#include "websocket/websocket.h"

enum { PROGRESS_MS = 5000 };

struct web_page {
	struct layer layer;
	struct server *server;
	struct http_peer *http;
	struct status_visit visit;
	struct web_admission admission;
	uint64_t sent_bytes; /* at the last tick */
	bool secure;         /* inside TLS */
};

static const struct http_policy *policy_of(
	const struct server *server, bool secure)
{
	return secure ? &server->secure_policy : &server->plain_policy;
}

static const struct http_policy *policy_now(const struct web_page *page)
{
	return page->layer.connection->behind_https
		       ? &page->server->behind_https_policy
		       : policy_of(page->server, page->secure);
}

static void patience(struct web_page *page)
{
	connection_await_login(page->layer.connection);
}

static const char *overdue(const struct layer *layer)
{
	const struct web_page *page = (const struct web_page *)layer;

	if (layer->connection->busy)
		return "did not take the answer in time";
	return http_peer_waits(page->http) ? "the answer was not there in time"
					   : "no whole HTTP request in time";
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

	if (!connection_is_proxys_own(connection))
		address_book_spoke_http(
			&page->server->addresses, &connection->peer);
	patience(page);
	metrics_add(&page->server->metrics, METRICS_HTTP, 1);
	if (status >= 400)
		metrics_add(&page->server->metrics, METRICS_HTTP_REFUSED, 1);
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

	/* The page is loaded and speaks RFB now: what is silent beside it is
	 * no longer a spare connection that it will use. */
	address_book_spoke_rfb(&server->addresses, &connection->peer);
	connection_await_login(connection);
	connection_replace_top(connection, websocket);
	record_layer_push(connection);
	connection_push(connection, web_admission_seat(&page->admission, path));
	connection_set_tick(
		connection, (unsigned)server->options->heartbeat_s * 1000);
	connection->top->ops->ready(connection->top);
	if (length == 0 || connection->state != CONNECTION_OPEN)
		return;
	copy = xmalloc(length); /* at most one read; it is unmasked in place */
	memcpy(copy, rest, length);
	websocket->ops->receive(websocket, copy, length);
	free(copy);
}

/* A proxy's connection may carry requests of many clients, one after the other,
 * so each begins anew with what the socket says. */
static void ask_proxy(struct web_page *page, struct http_request *request)
{
	struct server *server = page->server;
	struct connection *connection = page->layer.connection;
	struct address client;

	if (!trusted_proxies_has(&server->proxies, &connection->via) ||
		connection->has_proxy_header)
		return;
	connection_set_peer(
		connection, forwarded_client(request, &server->proxies, &client)
				    ? &client
				    : &connection->via);
	connection->behind_https = forwarded_is_https(request);
	http_peer_set_policy(page->http, policy_now(page));
	(void)forwarded_host(request, &request->host);
}

static void host_asked(void *context, struct http_request *request)
{
	struct web_page *page = context;

	ask_proxy(page, request);
	page->admission.choice =
		share_choice_make(page->layer.connection, request);
	page->visit.share = page->admission.choice.share;
	page->visit.of_one = page->admission.choice.is_below;
}

static int host_admit(void *context, const struct http_request *request,
	bool upgrade, const char **problem)
{
	struct web_page *page = context;

	return web_admission_ask(
		&page->admission, request, policy_now(page), upgrade, problem);
}

static int host_make(void *context, const struct http_request *request,
	struct http_made *made, const char **problem)
{
	struct web_page *page = context;
	struct server *server = page->server;
	const struct status_page *found = status_find(server, request);
	int status;

	if (page->admission.choice.is_list) {
		made->type = "text/html; charset=utf-8";
		share_page_write(page->layer.connection, request, &made->body);
		return HTTP_ADMITTED;
	}
	if (found == NULL)
		return 404;
	status = status_admit(found, page->layer.connection, request, problem);
	if (status == 401)
		status = web_admission_ask_password(&page->admission,
			&server->status_users, request, problem);
	if (status != HTTP_ADMITTED)
		return status;
	return status_make(found, server, &page->visit, made, problem);
}

static char *host_redirect(void *context, const struct http_request *request)
{
	const struct web_page *page = context;

	return share_choice_redirect(
		&page->admission.choice, page->layer.connection, request);
}

static void visit_again(struct status_visit *visit)
{
	struct web_page *page =
		(struct web_page *)((char *)visit -
				    offsetof(struct web_page, visit));

	http_peer_continue(page->http);
}

static const struct http_host host = {
	.send = host_send,
	.upgraded = host_upgraded,
	.finished = host_finished,
	.answered = host_answered,
	.asked = host_asked,
	.admit = host_admit,
	.redirect = host_redirect,
	.make = host_make,
};

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	struct web_page *page = (struct web_page *)layer;

	http_peer_receive(page->http, bytes, length);
	explicit_bzero(bytes, length); /* a password */
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

	if (page->admission.tells_wrong) {
		connection_set_tick(connection, PROGRESS_MS);
		http_peer_continue(page->http);
		return;
	}
	if (connection->busy && connection->sent_bytes != page->sent_bytes)
		patience(page);
	page->sent_bytes = connection->sent_bytes;
}

/* Called by whoever put it on the connection. */
static void ready(struct layer *layer)
{
	connection_set_tick(layer->connection, PROGRESS_MS);
}

static void gone(struct layer *layer)
{
	struct web_page *page = (struct web_page *)layer;

	status_forget(&page->visit);
}

static void destroy(struct layer *layer)
{
	struct web_page *page = (struct web_page *)layer;

	gone(layer);
	relay_desk_forget(&page->admission.ask);
	http_peer_destroy(page->http);
	free(page);
}

static const struct layer_ops page_ops = {
	.name = "http",
	.receive = receive,
	.ready = ready,
	.drained = drained,
	.overdue = overdue,
	.tick = tick,
	.gone = gone,
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
	page->secure = secure;
	page->visit.again = visit_again;
	page->http = http_peer_create(policy_of(server, secure), &host, page);
	page->admission = (struct web_admission){
		.server = server, .layer = &page->layer, .http = page->http
	};
	return &page->layer;
}
