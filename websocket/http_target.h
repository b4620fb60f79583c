/* http_target.h - what a request line asks for.
 *
 * Origin-form ("/vnc.html?autoconnect=1") and absolute-form
 * ("http://host/vnc.html") are taken; authority-form belongs to CONNECT and
 * "*" to OPTIONS, which are refused anyway.
 *
 * Owner:   borrows the text.
 * Threads: any.
 * Source:  RFC 9112 section 3.2, RFC 3986 section 2.1.
 */
#ifndef WEBSOCKET_HTTP_TARGET_H
#define WEBSOCKET_HTTP_TARGET_H

#include <stdbool.h>

#include "websocket/http_text.h"

struct http_target {
	struct http_text authority; /* of absolute-form, else empty */
	struct http_text path;      /* not decoded, begins with '/' */
	struct http_text whole;     /* path and query */
};

bool http_target_parse(struct http_text text, struct http_target *target);

/* The path with its %xx taken out: the caller's, to free(). NULL for a broken
 * %xx, for %00 and for %2f: a name in the page table has neither, and an
 * encoded slash must not find what a plain one finds. */
char *http_target_decode(struct http_text path);

/* The first parameter of that name in the query of "/path?name=value&...", with
 * %xx taken out and '+' for a space: the caller's, to free(). NULL where there
 * is none, for a broken %xx and for %00, and for NULL. */
char *http_target_query(const char *target, const char *name);

#endif
