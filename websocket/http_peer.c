#include "websocket/http_peer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "base/xmalloc.h"
#include "websocket/http_request.h"
#include "websocket/http_response.h"
#include "websocket/upgrade.h"

enum {
	/* A page goes out in pieces, so that a peer that does not read holds
	 * one of them in our memory, not the file. */
	PIECE_BYTES = 65536,
	/* Requests behind the one being answered; browsers send none. */
	MOST_WAITING_BYTES = 8 * HTTP_MOST_HEAD_BYTES,
	MOST_SHOWN_METHOD = 16,
	MOST_SHOWN_PATH = 256,
};

struct http_peer {
	const struct http_policy *policy;
	const struct http_host *host;
	void *context;

	struct buffer input;      /* begins with a request */
	struct page_table *pages; /* the body's; NULL between responses */
	struct buffer made;       /* a body that no page has */
	const uint8_t *body;
	size_t body_left;
	char *farewell;      /* why it ends behind this response, or NULL */
	bool busy;           /* the last response has not left */
	bool over;           /* upgraded or finished */
	bool waits;          /* for http_peer_continue() */
	bool sending;        /* inside the host's send() */
	bool drained_inside; /* ... which has already sent it all */
};

struct http_peer *http_peer_create(const struct http_policy *policy,
	const struct http_host *host, void *context)
{
	struct http_peer *peer = xcalloc(1, sizeof(*peer));

	peer->policy = policy;
	peer->host = host;
	peer->context = context;
	return peer;
}

void http_peer_destroy(struct http_peer *peer)
{
	if (peer == NULL)
		return;
	buffer_wipe(&peer->input);
	buffer_finish(&peer->input);
	buffer_finish(&peer->made);
	page_table_unref(peer->pages);
	free(peer->farewell);
	free(peer);
}

static void finish(struct http_peer *peer, const char *reason)
{
	if (peer->over)
		return;
	peer->over = true;
	peer->host->finished(peer->context, reason);
}

static void push(struct http_peer *peer, const void *bytes, size_t length)
{
	peer->sending = true;
	peer->drained_inside = false;
	peer->host->send(peer->context, bytes, length);
	peer->sending = false;
}

/* Sends what may be sent now; ends the response when nothing is left. */
static void pump(struct http_peer *peer)
{
	while (peer->drained_inside && peer->body_left > 0) {
		size_t count = peer->body_left < PIECE_BYTES ? peer->body_left
							     : PIECE_BYTES;
		const uint8_t *piece = peer->body;

		peer->body += count;
		peer->body_left -= count;
		push(peer, piece, count);
	}
	if (peer->body_left > 0)
		return;
	if (peer->farewell != NULL)
		finish(peer, peer->farewell);
	else if (peer->drained_inside)
		peer->busy = false;
	if (!peer->busy) {
		page_table_unref(peer->pages);
		peer->pages = NULL;
		buffer_finish(&peer->made);
		peer->made = (struct buffer){ 0 };
	}
}

/* Its head may have had a password in it. */
static void forget(struct http_peer *peer, const struct http_request *request)
{
	explicit_bzero(buffer_bytes(&peer->input), request->length);
	buffer_consume(&peer->input, request->length);
}

static void tell_answered(
	struct http_peer *peer, const struct http_request *request, int status)
{
	struct http_text path = request->target.path, target;
	char *shown_method, *shown_path;

	if (path.length == 0) { /* refused before it was taken apart */
		target = request->raw_target;
		path = http_text_cut(&target, '?');
	}
	shown_method = text_printable(
		request->method.length ? request->method.at : "-",
		request->method.length ? request->method.length : 1,
		MOST_SHOWN_METHOD);
	shown_path = text_printable(path.length ? path.at : "-",
		path.length ? path.length : 1, MOST_SHOWN_PATH);
	peer->host->answered(peer->context, status, shown_method, shown_path);
	free(shown_method);
	free(shown_path);
}

/* Takes the response. */
static void respond(struct http_peer *peer, const struct http_request *request,
	struct http_response *response)
{
	if (response->head.failed) {
		finish(peer, "out of memory");
		http_response_finish(response);
		return;
	}
	peer->busy = true;
	peer->body = response->body;
	peer->body_left = response->length;
	push(peer, buffer_bytes(&response->head),
		buffer_length(&response->head));
	tell_answered(peer, request, response->status);
	http_response_finish(response);
	/* The first piece goes with the head. */
	peer->drained_inside |= peer->body_left > 0;
	pump(peer);
}

static struct http_manner manner_of(
	const struct http_peer *peer, const struct http_request *request)
{
	return (struct http_manner){ .is_head = request->is_head,
		.secure = peer->policy->secure,
		.fields = peer->policy->fields };
}

static void refuse(struct http_peer *peer, const struct http_request *request,
	int status, const char *problem)
{
	struct http_manner manner = manner_of(peer, request);
	struct http_response response = { 0 };

	peer->farewell = xasprintf("refused with %d: %s", status, problem);
	http_response_error(&response, status, problem, manner);
	respond(peer, request, &response);
}

static struct http_manner last_manner_of(
	struct http_peer *peer, const struct http_request *request)
{
	struct http_manner manner = manner_of(peer, request);

	if (request->is_http10)
		peer->farewell = xstrdup("HTTP/1.0 asks once");
	else if (http_request_lists(request, "Connection", "close"))
		peer->farewell = xstrdup("the peer asked to close");
	manner.keep = peer->farewell == NULL;
	return manner;
}

/* No file has it. */
static void answer_made(
	struct http_peer *peer, const struct http_request *request)
{
	struct http_response response = { 0 };
	struct http_made made = { 0 };
	const char *problem = "There is no such page here.";
	int status = 404;

	if (peer->host->make != NULL)
		status = peer->host->make(
			peer->context, request, &made, &problem);
	if (status == HTTP_LATER) {
		peer->waits = true;
		return;
	}
	if (status == HTTP_ADMITTED && !made.body.failed) {
		peer->made = made.body;
		http_response_made(
			&response, &made, last_manner_of(peer, request));
	} else {
		buffer_finish(&made.body);
		http_response_error(&response,
			status == HTTP_ADMITTED ? 503 : status, problem,
			last_manner_of(peer, request));
	}
	respond(peer, request, &response);
}

static void answer_page(
	struct http_peer *peer, const struct http_request *request)
{
	struct http_response response = { 0 };
	const struct page *page = NULL;
	char *path = http_target_decode(request->target.path);

	if (path == NULL) {
		refuse(peer, request, 400,
			"The request's address is malformed.");
		return;
	}
	if (peer->policy->pages != NULL)
		page = page_table_find(peer->policy->pages, path);
	free(path);
	if (page == NULL) {
		answer_made(peer, request);
		return;
	}
	peer->pages = page_table_ref(peer->policy->pages);
	http_response_page(
		&response, request, page, last_manner_of(peer, request));
	respond(peer, request, &response);
}

/* True: it was. */
static bool send_elsewhere(
	struct http_peer *peer, const struct http_request *request)
{
	struct http_response response = { 0 };
	char *where = peer->host->redirect != NULL
			      ? peer->host->redirect(peer->context, request)
			      : NULL;

	if (where == NULL)
		return false;
	http_response_elsewhere(
		&response, where, last_manner_of(peer, request));
	free(where);
	respond(peer, request, &response);
	return true;
}

static void send_to_https(struct http_peer *peer,
	const struct http_request *request, struct http_text target)
{
	struct http_manner manner = manner_of(peer, request);
	struct http_response response = { 0 };

	/* Browsers follow no redirect of a WebSocket. */
	if (upgrade_is_asked(request) || request->host.length == 0) {
		refuse(peer, request, 403,
			"Only https and wss are served here.");
		return;
	}
	peer->farewell = xstrdup("sent to https");
	http_response_to_https(&response, request->host, target, manner);
	respond(peer, request, &response);
}

static void upgrade(struct http_peer *peer, const struct http_request *request)
{
	const struct http_text whole = request->target.whole;
	struct buffer head = { 0 };
	const char *problem;
	char *path;
	int status = upgrade_check(request, peer->policy, &problem);

	if (status != 101) {
		refuse(peer, request, status, problem);
		return;
	}
	upgrade_write(request, &head);
	if (head.failed) {
		finish(peer, "out of memory");
		buffer_finish(&head);
		return;
	}
	peer->over = true;
	push(peer, buffer_bytes(&head), buffer_length(&head));
	buffer_finish(&head);
	tell_answered(peer, request, status);
	path = xstrndup(whole.at, whole.length);
	forget(peer, request);
	peer->host->upgraded(peer->context, path, buffer_bytes(&peer->input),
		buffer_length(&peer->input));
	free(path);
}

/* Whether the host lets it in; where not, it was told or waits. */
static bool is_admitted(struct http_peer *peer,
	const struct http_request *request, bool upgrades)
{
	const char *problem = NULL;
	int status = HTTP_ADMITTED;

	if (peer->host->admit != NULL)
		status = peer->host->admit(
			peer->context, request, upgrades, &problem);
	if (status == HTTP_LATER)
		peer->waits = true;
	else if (status != HTTP_ADMITTED)
		refuse(peer, request, status, problem);
	return status == HTTP_ADMITTED;
}

/* One request, which is used up unless it waits. */
static void answer(struct http_peer *peer, struct http_request *request)
{
	/* The host may cut off its beginning. */
	const struct http_text target = request->target.whole;
	bool upgrades = upgrade_is_asked(request);

	if (peer->host->asked != NULL)
		peer->host->asked(peer->context, request);
	/* No password is asked for in the open. */
	if (peer->policy->tls_only && !peer->policy->secure) {
		send_to_https(peer, request, target);
		return;
	}
	if (!is_admitted(peer, request, upgrades))
		return;
	if (upgrades) {
		upgrade(peer, request);
		return;
	}
	if (!send_elsewhere(peer, request))
		answer_page(peer, request);
	if (!peer->waits)
		forget(peer, request);
}

/* Answers what waits, until a response has to leave first. */
static void serve(struct http_peer *peer)
{
	while (!peer->busy && !peer->over && !peer->waits &&
		buffer_length(&peer->input) > 0) {
		struct http_request request;

		switch (http_request_parse(buffer_bytes(&peer->input),
			buffer_length(&peer->input), &request)) {
		case PARSE_MORE:
			return;
		case PARSE_BAD:
			refuse(peer, &request, request.status, request.problem);
			return;
		case PARSE_DONE:
			break;
		}
		answer(peer, &request);
	}
}

void http_peer_set_policy(
	struct http_peer *peer, const struct http_policy *policy)
{
	peer->policy = policy;
}

void http_peer_continue(struct http_peer *peer)
{
	peer->waits = false;
	serve(peer);
}

bool http_peer_waits(const struct http_peer *peer)
{
	return peer->waits;
}

void http_peer_receive(
	struct http_peer *peer, const uint8_t *bytes, size_t length)
{
	if (peer->over || peer->farewell != NULL)
		return;
	buffer_append(&peer->input, bytes, length);
	if (peer->input.failed) {
		finish(peer, "out of memory");
		return;
	}
	serve(peer);
	if (!peer->over && buffer_length(&peer->input) > MOST_WAITING_BYTES)
		finish(peer, "too many requests at once");
}

void http_peer_drained(struct http_peer *peer)
{
	peer->drained_inside = true;
	if (peer->sending || peer->over || !peer->busy)
		return;
	pump(peer);
	serve(peer);
}
