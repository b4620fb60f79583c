/* web_page.h - the top layer of a browser's HTTP connection; it hands over to
 * websocket and viewer when the browser upgrades.
 *
 * Owner:   the connection.
 * Threads: the loop thread.
 */
#ifndef SERVER_WEB_PAGE_H
#define SERVER_WEB_PAGE_H

#include <stdbool.h>

struct layer;
struct server;

struct layer *web_page_create(struct server *server, bool secure);
bool web_page_is(const struct layer *layer);

#endif
