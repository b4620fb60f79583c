/* proxy_url.h - a proxy on the way out (-proxy), as it is written.
 *
 *	socks5://[USER:PASSWORD@]HOST[:PORT]	1080
 *	socks4://HOST[:PORT]			1080; socks:// is the same
 *	http://[USER:PASSWORD@]HOST[:PORT]	80
 *	HOST:PORT				http, as with x11vnc
 *
 * Owner:   a plain value.
 * Threads: any.
 */
#ifndef SERVER_NETWORK_PROXY_URL_H
#define SERVER_NETWORK_PROXY_URL_H

#include <stdbool.h>

enum proxy_kind { PROXY_HTTP, PROXY_SOCKS4, PROXY_SOCKS5 };

enum {
	PROXY_URL_HOST_BYTES = 256,
	PROXY_URL_WORD_BYTES = 256, /* SOCKS5 has a byte for their lengths */
};

struct proxy_url {
	enum proxy_kind kind;
	char host[PROXY_URL_HOST_BYTES];
	int port;
	char user[PROXY_URL_WORD_BYTES], password[PROXY_URL_WORD_BYTES];
};

/* False: it is none of these. */
bool proxy_url_parse(struct proxy_url *url, const char *text);

#endif
