/* forwarded.h - what proxies wrote into the head of an HTTP request.
 *
 * Each proxy appends to X-Forwarded-For the address that it was asked from, so
 * only the end of the list, as far as trusted proxies wrote it, is worth
 * anything: what stands before may be the client's own invention.
 *
 * Threads: any; pure functions.
 */
#ifndef SERVER_PROXY_FORWARDED_H
#define SERVER_PROXY_FORWARDED_H

#include <stdbool.h>

#include "server/access/address_book.h"
#include "websocket/http_request.h"

struct trusted_proxies;

/* The last address of the list that is no trusted proxy's. False where there
 * is none. Only to be asked of a request that a trusted proxy sent. */
bool forwarded_client(const struct http_request *request,
	const struct trusted_proxies *proxies, struct address *client);

/* The name by which the last proxy was asked (X-Forwarded-Host); borrowed from
 * the request. False, and nothing is changed, where it does not say. */
bool forwarded_host(const struct http_request *request, struct http_text *host);

/* The last proxy was asked by https. */
bool forwarded_is_https(const struct http_request *request);

#endif
