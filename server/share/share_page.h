/* share_page.h - the page of all desktops: those that a visitor may open.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_SHARE_SHARE_PAGE_H
#define SERVER_SHARE_SHARE_PAGE_H

#include "base/buffer.h"

struct connection;
struct http_request;

/* HTML. Who may open what: share_admits(), and of those with web users whoever
 * the request says he is. */
void share_page_write(const struct connection *connection,
	const struct http_request *request, struct buffer *to);

#endif
