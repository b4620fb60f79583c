/* http_request.h - one HTTP/1.x request head, parsed and never acted upon.
 *
 * Owner:   borrows the bytes it was parsed from; nothing to free.
 * Threads: any; pure functions.
 * Errors:  PARSE_BAD leaves the status to answer in `status` and a sentence in
 *          `problem`. What is malformed is refused as soon as its line shows
 *          it; a method, version or body we do not take only when the head is
 *          whole, so that a small request has been read before the answer.
 * Source:  RFC 9112.
 */
#ifndef WEBSOCKET_HTTP_REQUEST_H
#define WEBSOCKET_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/parse.h"
#include "websocket/http_target.h"
#include "websocket/http_text.h"

struct http_request {
	struct http_text method;     /* empty until the request line is whole */
	struct http_text raw_target; /* likewise */
	struct http_target target;
	struct http_text host;   /* of the target, else of the Host field */
	struct http_text fields; /* the field lines, each with its CRLF */
	bool is_head;            /* HEAD, else GET */
	bool is_http10;
	size_t length; /* of the head with its empty line */
	int status;
	const char *problem;
};

/* At most HTTP_MOST_HEAD_BYTES, then 431. Empty lines before the request are
 * skipped (RFC 9112 section 2.2). Lines end in CR LF, nothing else. */
enum parse_result http_request_parse(
	const uint8_t *bytes, size_t length, struct http_request *request);

/* The first field of that name, trimmed; false where there is none. */
bool http_request_field(const struct http_request *request, const char *name,
	struct http_text *value);

/* Whether the comma separated lists of all fields of that name have `token`,
 * without case. */
bool http_request_lists(const struct http_request *request, const char *name,
	const char *token);

/* Walks the field lines; begin with *rest = request->fields. */
bool http_request_next_field(struct http_text *rest, struct http_text *name,
	struct http_text *value);

#endif
