/* share_choice.h - which of several desktops a request is about.
 *
 *	/d/NAME/...          that one; what follows is as without it
 *	...?token=NAME       that one, for a WebSocket, where there is no other
 *	                     source of tokens
 *	anything else        the one whose port it came to, else the first
 *
 * A desktop's own port leads to no other. Where desktops have no names all of
 * it means nothing.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_SHARE_SHARE_CHOICE_H
#define SERVER_SHARE_SHARE_CHOICE_H

#include <stdbool.h>

#include "websocket/http_request.h"

struct connection;
struct page_table;
struct share;

struct share_choice {
	struct share *share; /* NULL: there is none of that name, or at all */
	bool is_below;       /* it was asked for by /d/NAME */
	bool is_list;        /* the page of all */
	bool is_bare;        /* without the '/' that pages stand below */
};

/* Cuts off what names the desktop. */
struct share_choice share_choice_make(
	const struct connection *connection, struct http_request *request);

/* Where a browser is to go instead, as http_host.redirect. */
char *share_choice_redirect(const struct share_choice *choice,
	const struct connection *connection,
	const struct http_request *request);

#endif
