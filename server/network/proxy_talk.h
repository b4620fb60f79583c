/* proxy_talk.h - asks a proxy for the way to somewhere: bytes in, bytes out.
 *
 * Names are left to the proxy to look up: behind it they may mean something
 * else.
 *
 * Owner:   embedded; borrows the URL and the host until it is over.
 * Threads: any; pure.
 * Source:  RFC 1928, RFC 1929 (SOCKS5), SOCKS4a, RFC 9110 section 9.3.6
 *          (CONNECT).
 */
#ifndef SERVER_NETWORK_PROXY_TALK_H
#define SERVER_NETWORK_PROXY_TALK_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "server/network/proxy_url.h"

enum { PROXY_TALK_MOST_ANSWER = 8192, PROXY_TALK_WHY_BYTES = 128 };

enum proxy_result { PROXY_MORE, PROXY_DONE, PROXY_FAILED };

struct proxy_talk {
	const struct proxy_url *url;
	const char *host;
	int port;
	/* Looks at what has come; gives the bytes it took, 0 for more. */
	size_t (*stage)(struct proxy_talk *talk, struct buffer *out);
	uint8_t answer[PROXY_TALK_MOST_ANSWER];
	size_t have;
	enum proxy_result result;
	char why[PROXY_TALK_WHY_BYTES]; /* once it has failed */
};

/* Appends to `out` what is to be said first. */
void proxy_talk_begin(struct proxy_talk *talk, const struct proxy_url *url,
	const char *host, int port, struct buffer *out);
/* Appends to `out` what is to be said next. A proxy that says more than it was
 * asked has failed: behind it a viewer waits for us to speak. */
enum proxy_result proxy_talk_receive(struct proxy_talk *talk,
	const uint8_t *bytes, size_t count, struct buffer *out);

#endif
