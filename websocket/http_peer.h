/* http_peer.h - the server's side of one HTTP/1.1 connection, as bytes.
 *
 * Answers pipelined requests in order, one at a time: the next request is not
 * looked at before http_peer_drained() says that the last response has left,
 * so a peer that does not read costs one response at most. Ends as a
 * WebSocket, or by `finished`.
 *
 * Owner:   http_peer_create() gives, http_peer_destroy() frees; never from
 *          inside a callback.
 * Threads: the loop thread.
 * Source:  RFC 9110, 9112; RFC 6455 section 4.2.
 */
#ifndef WEBSOCKET_HTTP_PEER_H
#define WEBSOCKET_HTTP_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "websocket/page_table.h"

enum { HTTP_MOST_HEAD_BYTES = 8192 };

struct http_policy {
	struct page_table *pages; /* NULL: no page is served (404) */
	/* Origins allowed beside the same host ("https://a.example", host
	 * names alone, or "*"); ended by NULL; may be NULL. */
	const char *const *origins;
	/* Names this machine is known by: a browser that came by another name
	 * may not open a WebSocket (DNS rebinding). Addresses, localhost and
	 * the names in `origins` always count. Ended by NULL; NULL itself
	 * allows every name. */
	const char *const *hosts;
	bool secure; /* inside TLS */
	/* What is not secure is sent to https on the same port, and no
	 * WebSocket is opened. */
	bool tls_only;
	/* "Name: value" each, ended by NULL, may be NULL: sent with every
	 * answer, in place of a field of our own by that name. */
	const char *const *fields;
};

struct http_request;

/* What http_host.admit and make may answer beside a status. */
enum { HTTP_ADMITTED = 0, HTTP_LATER = 1 };

/* What is made for one request, where no file is. */
struct http_made {
	const char *type; /* a literal: "text/plain; charset=utf-8" */
	int status;       /* 0: 200 */
	struct buffer body;
};

struct http_host {
	/* Borrowed bytes, to be sent in order. */
	void (*send)(void *context, const void *bytes, size_t length);
	/* The 101 is sent; from now on the connection is a WebSocket. `rest` is
	 * what the peer sent behind its request (usually nothing). `path` with
	 * query, borrowed. The http_peer gets no more bytes. */
	void (*upgraded)(void *context, const char *path, const uint8_t *rest,
		size_t length);
	/* Close once everything is sent; `reason` is for the log, borrowed. */
	void (*finished)(void *context, const char *reason);
	/* One request was answered, for the log; `path` without its query. */
	void (*answered)(void *context, int status, const char *method,
		const char *path);
	/* Optional. A request is whole, and nothing is decided yet; this is
	 * the moment for http_peer_set_policy(), to put the name that a proxy
	 * was asked for in the place of the request's host, and to cut off
	 * where its target begins. */
	void (*asked)(void *context, struct http_request *request);
	/* Optional. Whether it is answered: HTTP_ADMITTED; HTTP_LATER, then
	 * asked() and this are called again by http_peer_continue(); or the
	 * status to refuse with and a sentence, a literal. */
	int (*admit)(void *context, const struct http_request *request,
		bool upgrade, const char **problem);
	/* Optional. Where a browser that was admitted is to go instead,
	 * relative to what it asked for: the caller's, to free(); NULL:
	 * nowhere. */
	char *(*redirect)(void *context, const struct http_request *request);
	/* Optional. For a path that no page has: HTTP_ADMITTED, and `made` is
	 * filled, whose body the http_peer takes; HTTP_LATER, as above; or the
	 * status to refuse with and a sentence, a literal: 404 for nothing. */
	int (*make)(void *context, const struct http_request *request,
		struct http_made *made, const char **problem);
};

struct http_peer;

/* Keeps `policy`, `host`, `context`. */
struct http_peer *http_peer_create(const struct http_policy *policy,
	const struct http_host *host, void *context);
void http_peer_destroy(struct http_peer *peer);

/* Keeps it. */
void http_peer_set_policy(
	struct http_peer *peer, const struct http_policy *policy);
/* After HTTP_LATER. */
void http_peer_continue(struct http_peer *peer);
bool http_peer_waits(const struct http_peer *peer);

void http_peer_receive(
	struct http_peer *peer, const uint8_t *bytes, size_t length);
/* Everything handed to `send` has left. */
void http_peer_drained(struct http_peer *peer);

#endif
