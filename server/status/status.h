/* status.h - what can be read by HTTP about how it goes: /healthz, /readyz,
 * /metrics, /status.json, /screenshot.png, /screenshot.jpg.
 *
 * A file of -httpdir by one of these names is served instead. They are told to
 * this machine alone, and there pictures only to the user whose desktop it is;
 * or to who knows -statusauth's password; -statusfor opens them further. A
 * browser may read them only where it came by a name of ours, and for no page
 * from elsewhere (DNS rebinding).
 *
 * Adding one is a line in the table in status.c.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_STATUS_STATUS_H
#define SERVER_STATUS_STATUS_H

#include <stdbool.h>

#include "websocket/http_request.h"

struct connection;
struct http_made;
struct server;
struct share;

/* Somebody who asked, and may have to wait. Embedded in the page layer. */
struct status_visit {
	struct status_visit *next;
	/* What it waited for is there: to be asked once more. */
	void (*again)(struct status_visit *visit);
	struct share *share; /* of which desktop it asks; NULL: there is none */
	bool of_one;         /* and of no other */
	bool waits;
};

struct status_page {
	const char *path;
	const char *type; /* a literal */
	bool is_probe;    /* tells nothing but whether we are well */
	bool is_picture;  /* of what only logging in would show */
	/* As http_host.make. */
	int (*make)(struct server *server, struct status_visit *visit,
		struct http_made *made, const char **problem);
};

/* NULL: there is none by that path. */
const struct status_page *status_find(
	const struct server *server, const struct http_request *request);

/* Whether it may be told to this peer without a password: HTTP_ADMITTED, 401
 * where one is needed, or 403 and a sentence. */
int status_admit(const struct status_page *page,
	const struct connection *connection, const struct http_request *request,
	const char **problem);

int status_make(const struct status_page *page, struct server *server,
	struct status_visit *visit, struct http_made *made,
	const char **problem);
/* It waits no longer. */
void status_forget(struct status_visit *visit);

#endif
