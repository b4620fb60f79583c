/* web_admission.h - whether a request is answered: the address, the desktop it
 * is about, HTTP's password, the token, in this order. Some of that takes time;
 * then the http_peer is told to ask once more.
 *
 * Owner:   embedded in the page's layer, which calls relay_desk_forget() for
 *          `ask` in the end.
 * Threads: the loop thread.
 */
#ifndef SERVER_WEB_ADMISSION_H
#define SERVER_WEB_ADMISSION_H

#include <stdbool.h>

#include "server/relay/relay_desk.h"
#include "server/share/share_choice.h"

struct http_peer;
struct http_policy;
struct http_request;
struct layer;
struct server;
struct web_users;

struct web_admission {
	struct server *server;
	struct layer *layer;
	struct http_peer *http;
	struct share_choice choice; /* of the request */
	struct relay_ask ask;       /* where its token leads */
	bool tells_wrong; /* an answer was wrong, and the time has come */
};

/* As http_host.admit. */
int web_admission_ask(struct web_admission *self,
	const struct http_request *request, const struct http_policy *policy,
	bool upgrade, const char **problem);
/* The same of these users alone; NULL: those of any desktop. */
int web_admission_ask_password(struct web_admission *self,
	struct web_users *users, const struct http_request *request,
	const char **problem);
/* What speaks RFB with who was admitted; `path` is what he asked for. */
struct layer *web_admission_seat(
	const struct web_admission *self, const char *path);

#endif
