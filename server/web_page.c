#include "server/web_page.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/proxy/forwarded.h"
#include "server/status/status.h"
#include "server/relay/relay_desk.h"
#include "server/websocket_layer.h"
#include "websocket/basic_auth.h"
#include "websocket/host_name.h"
#include "websocket/http_peer.h"
#include "websocket/websocket.h"

enum { PROGRESS_MS = 5000 };

struct web_page {
	struct layer layer;
	struct server *server;
	struct http_peer *http;
	struct status_visit visit;
	uint64_t sent_bytes;  /* at the last tick */
	bool secure;          /* inside TLS */
	bool tells_wrong;     /* an answer was wrong, and the time has come */
	struct relay_ask ask; /* where its token leads */
};

static const struct http_policy *policy_of(
	const struct server *server, bool secure)
{
	return secure ? &server->secure_policy : &server->plain_policy;
}

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
	patience(page);
	connection_replace_top(connection, websocket);
	connection_push(connection,
		relay_desk_seat(server,
			page->ask.answered ? &page->ask.target : NULL, path));
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
static void host_asked(void *context, struct http_request *request)
{
	struct web_page *page = context;
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
	http_peer_set_policy(page->http,
		connection->behind_https ? &server->behind_https_policy
					 : policy_of(server, page->secure));
	(void)forwarded_host(request, &request->host);
}

/* The delay is told by a tick, which calls admit again. */
static int refuse_wrong(struct web_page *page, const char **problem)
{
	struct connection *connection = page->layer.connection;
	unsigned delay_ms = 0;

	if (!page->tells_wrong)
		delay_ms = door_wrong(&page->server->door, &connection->peer);
	page->tells_wrong = delay_ms > 0;
	if (delay_ms > 0) {
		connection_set_tick(connection, delay_ms);
		return HTTP_LATER;
	}
	*problem = "User or password is wrong.";
	return 401;
}

static int ask_password(struct web_page *page, struct web_users *users,
	const struct http_request *request, const char **problem)
{
	struct server *server = page->server;
	const struct address *peer = &page->layer.connection->peer;
	struct basic_auth auth;
	bool right;

	if (!page->tells_wrong) {
		*problem = door_refusal(&server->door, peer);
		if (*problem != NULL) {
			metrics_add(
				&server->metrics, METRICS_REFUSED_BLOCKED, 1);
			return 403;
		}
	}
	if (!basic_auth_read(request, &auth)) {
		*problem = "User and password are needed.";
		return 401;
	}
	web_users_refresh(users);
	right = web_users_have(users, auth.bytes, auth.length);
	explicit_bzero(&auth, sizeof(auth));
	/* A right one is no fresh start: behind it a desktop's password can
	 * still be guessed. */
	return right ? HTTP_ADMITTED : refuse_wrong(page, problem);
}

static void on_token(struct relay_ask *ask)
{
	struct web_page *page =
		(struct web_page *)((char *)ask -
				    offsetof(struct web_page, ask));

	if (page->layer.connection->state == CONNECTION_OPEN)
		http_peer_continue(page->http);
}

/* A broken source is our fault, and may be mended when he comes again. */
static int tell_token(const struct web_page *page, const char **problem)
{
	const struct relay_ask *ask = &page->ask;
	char shown[TOKEN_SHOWN_BYTES];

	if (ask->answer == TOKEN_FOUND && ask->target.kind == RELAY_DISPLAY &&
		page->server->shares == NULL) {
		*problem = "The token leads to a display, and there is none.";
		return 404;
	}
	if (ask->answer == TOKEN_FOUND)
		return HTTP_ADMITTED;
	token_text_shorten(ask->token, shown);
	log_info("#%lu %s: no target for the token %s",
		page->layer.connection->number,
		page->layer.connection->peer_text, shown);
	*problem = "There is no such token here.";
	if (ask->answer == TOKEN_UNKNOWN)
		return 404;
	*problem = "The tokens cannot be read now.";
	return 503;
}

/* The caller's; NULL: none is there. */
static char *read_token(
	const struct web_page *page, const struct http_request *request)
{
	const struct http_text whole = request->target.whole;
	struct host_name host;
	char *target, *token;

	if (page->server->relay_desk.host_is_token)
		return host_name_parse(request->host, &host)
			       ? xstrndup(host.name.at, host.name.length)
			       : NULL;
	target = xstrndup(whole.at, whole.length);
	token = http_target_query(target, "token");
	free(target);
	return token;
}

/* Where he wants to be relayed to: looked up by a worker, which calls for us
 * again. Without a token the display is meant, where there is one. */
static int ask_token(struct web_page *page, const struct http_request *request,
	const char **problem)
{
	struct relay_desk *desk = &page->server->relay_desk;
	int status = HTTP_LATER;
	char *token;

	if (!relay_desk_has_tokens(desk))
		return HTTP_ADMITTED;
	if (page->ask.answered)
		return tell_token(page, problem);
	token = read_token(page, request);
	if (token == NULL && page->server->shares != NULL)
		return HTTP_ADMITTED;
	page->ask.done = on_token;
	if (token == NULL || *token == '\0') {
		*problem = "A token is needed here: /websockify?token=NAME";
		status = 403;
	} else if (!relay_desk_ask(desk, &page->ask, token, strlen(token))) {
		*problem = "There is no such token here.";
		status = 404;
	}
	free(token);
	return status;
}

static int host_admit(void *context, const struct http_request *request,
	bool upgrade, const char **problem)
{
	struct web_page *page = context;
	struct server *server = page->server;
	const struct connection *connection = page->layer.connection;
	int status = HTTP_ADMITTED;

	/* Of others the sniffer has asked. */
	if (!address_equal(&connection->peer, &connection->via) ||
		connection_is_proxys_own(connection)) {
		*problem = "This address may not connect.";
		if (!door_admits(&server->door, &connection->peer)) {
			metrics_add(
				&server->metrics, METRICS_REFUSED_ADDRESS, 1);
			return 403;
		}
	}
	if (server->web_users.count > 0 &&
		(upgrade || (server->options->web_auth &&
				    status_find(server, request) == NULL)))
		status = ask_password(
			page, &server->web_users, request, problem);
	if (status == HTTP_ADMITTED && upgrade)
		status = ask_token(page, request, problem);
	return status;
}

static int host_make(void *context, const struct http_request *request,
	struct http_made *made, const char **problem)
{
	struct web_page *page = context;
	struct server *server = page->server;
	const struct status_page *found = status_find(server, request);
	int status;

	if (found == NULL)
		return 404;
	status = status_admit(found, page->layer.connection, request, problem);
	if (status == 401)
		status = ask_password(
			page, &server->status_users, request, problem);
	if (status != HTTP_ADMITTED)
		return status;
	return status_make(found, server, &page->visit, made, problem);
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
	.make = host_make,
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

	if (page->tells_wrong) {
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
	relay_desk_forget(&page->ask);
	http_peer_destroy(page->http);
	free(page);
}

static const struct layer_ops page_ops = {
	.name = "http",
	.receive = receive,
	.ready = ready,
	.drained = drained,
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
	page->visit.share = server->shares;
	page->http = http_peer_create(policy_of(server, secure), &host, page);
	return &page->layer;
}
