/* basic_auth.h - user and password out of an Authorization field.
 *
 * Threads: any; a pure function.
 * Source:  RFC 7617.
 */
#ifndef WEBSOCKET_BASIC_AUTH_H
#define WEBSOCKET_BASIC_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "websocket/http_request.h"

enum { BASIC_AUTH_MOST_BYTES = 768 };

/* "user:password" as it was said, not ended by NUL. To be wiped after use. */
struct basic_auth {
	uint8_t bytes[BASIC_AUTH_MOST_BYTES];
	size_t length;
};

/* False: there is no such field, or it is another scheme's, or malformed. */
bool basic_auth_read(
	const struct http_request *request, struct basic_auth *auth);

#endif
