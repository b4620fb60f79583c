/* proxy_header.h - what a proxy says, before all else, of the client it speaks
 * for.
 *
 * Owner:   a plain value; borrows nothing.
 * Threads: any; a pure function.
 * Source:  haproxy's proxy-protocol.txt, versions 1 (a line of text) and 2
 *          (binary).
 */
#ifndef SERVER_PROXY_PROXY_HEADER_H
#define SERVER_PROXY_PROXY_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/parse.h"
#include "server/access/address_book.h"

/* With all that may follow the addresses in version 2; proxies send less than
 * a tenth of it. */
enum { PROXY_HEADER_MOST_BYTES = 4096 };

struct proxy_header {
	/* False: the proxy speaks for itself (a health check), or cannot tell.
	 */
	bool has_client;
	struct address client;
	size_t length; /* the client's own bytes begin here */
};

/* PARSE_BAD as soon as it can be seen. */
enum parse_result proxy_header_parse(
	const uint8_t *bytes, size_t length, struct proxy_header *header);

#endif
