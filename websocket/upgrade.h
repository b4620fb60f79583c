/* upgrade.h - the server's side of the WebSocket opening handshake.
 *
 * Any path is taken (noVNC resolves its `path` against the page's own). No
 * extension is ever answered; a subprotocol only when the client asked for
 * "binary", because Chrome closes on one it did not ask for.
 *
 * Threads: any; pure functions.
 * Source:  RFC 6455 section 4.2.
 */
#ifndef WEBSOCKET_UPGRADE_H
#define WEBSOCKET_UPGRADE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "websocket/http_peer.h"
#include "websocket/http_request.h"

/* Whether the request means to open a WebSocket, rightly or not. */
bool upgrade_is_asked(const struct http_request *request);

/* 101, or the status to refuse with and a sentence in *problem. */
int upgrade_check(const struct http_request *request,
	const struct http_policy *policy, const char **problem);

/* Appends the whole 101 answer; after upgrade_check() said 101. */
void upgrade_write(const struct http_request *request, struct buffer *head);

#endif
