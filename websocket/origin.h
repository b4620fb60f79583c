/* origin.h - whether a web page from elsewhere may connect here.
 *
 * A browser lets any page open a WebSocket to any host and tells only the
 * page's origin. Without this check every page its user looks at could reach
 * a desktop on his own machine or network.
 *
 * Threads: any; pure functions.
 * Source:  RFC 6455 section 10.2, RFC 6454 section 7.
 */
#ifndef WEBSOCKET_ORIGIN_H
#define WEBSOCKET_ORIGIN_H

#include <stdbool.h>

#include "websocket/http_text.h"

/* `origin` is the field's value, "https://a.example:8443". `host` is what the
 * request was for. The same host name is allowed whatever the port: proxies
 * drop the port from Host, and one page may serve several desktops. `allowed`
 * (may be NULL, ended by NULL) has whole origins, "host", "host:port" or "*".
 */
bool origin_is_allowed(struct http_text origin, struct http_text host,
	const char *const *allowed);

/* Whether a browser may reach us under the name `host`. A hostile page can
 * make a name of its own resolve to our address (DNS rebinding), and is then
 * the same host; so only names that are known to be ours count: addresses,
 * localhost, those in `hosts` (ended by NULL; NULL itself: any name), and
 * those in `origins`. */
bool origin_knows_host(struct http_text host, const char *const *hosts,
	const char *const *origins);

#endif
