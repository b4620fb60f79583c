/* http_response.h - the answer to one request: a head, and a borrowed body.
 *
 * Owner:   http_response_finish() frees the head; the body is the page's, so
 *          the page table must outlive the response.
 * Threads: any.
 * Source:  RFC 9110.
 */
#ifndef WEBSOCKET_HTTP_RESPONSE_H
#define WEBSOCKET_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "websocket/http_peer.h"
#include "websocket/http_request.h"
#include "websocket/page_table.h"

struct http_response {
	int status;
	struct buffer head;  /* with the text of an error behind it */
	const uint8_t *body; /* borrowed */
	size_t length;
};

/* How the connection goes on, for every response. */
struct http_manner {
	bool is_head;              /* no body */
	bool keep;                 /* another request may follow */
	bool secure;               /* inside TLS */
	const char *const *fields; /* see struct http_policy */
};

/* `response` is zeroed. 200, 206, 304 or 416. */
void http_response_page(struct http_response *response,
	const struct http_request *request, const struct page *page,
	struct http_manner manner);
/* Borrows the body. It is of this moment, and for no page from elsewhere. */
void http_response_made(struct http_response *response,
	const struct http_made *made, struct http_manner manner);
/* One sentence for a person to read. */
void http_response_error(struct http_response *response, int status,
	const char *sentence, struct http_manner manner);
/* 308 to the same address by https. Both must have been parsed: they then hold
 * nothing that ends a header field. */
void http_response_to_https(struct http_response *response,
	struct http_text host, struct http_text target,
	struct http_manner manner);
/* 307 to an address relative to the one that was asked for, which holds nothing
 * that ends a header field. */
void http_response_elsewhere(struct http_response *response, const char *where,
	struct http_manner manner);
void http_response_finish(struct http_response *response);

#endif
