/* host_name.h - "name", "name:port", "[v6]:port" as a Host field has it.
 *
 * Only letters, digits, '-', '.' and '_' make a name (an international name
 * travels as punycode), so that a name may be written into our own header
 * fields.
 *
 * Owner:   borrows the text.
 * Threads: any.
 * Source:  RFC 9110 section 7.2, RFC 3986 section 3.2.
 */
#ifndef WEBSOCKET_HOST_NAME_H
#define WEBSOCKET_HOST_NAME_H

#include <stdbool.h>

#include "websocket/http_text.h"

struct host_name {
	struct http_text name; /* an IPv6 address with its brackets */
	struct http_text port; /* empty where there is none */
};

bool host_name_parse(struct http_text text, struct host_name *host);

/* The names only, not the ports. localhost, 127.0.0.1 and [::1] are one: a
 * tunnel's user may type any of them. */
bool host_name_same(const struct host_name *a, const struct host_name *b);

bool host_name_is_ipv6(const struct host_name *host);

#endif
