#include "server/share/share_page.h"

#include <string.h>

#include "server/connection.h"
#include "server/server.h"
#include "server/share/share.h"
#include "websocket/basic_auth.h"

static void write_escaped(struct buffer *to, const char *text)
{
	static const struct {
		char letter;
		const char *entity;
	} escapes[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" } };
	size_t i;

	for (; *text != '\0'; text++) {
		for (i = 0; i < 5 && escapes[i].letter != *text; i++)
			;
		if (i < 5)
			buffer_text(to, escapes[i].entity);
		else
			buffer_append(to, text, 1);
	}
}

static bool knows(
	const struct share *share, const struct basic_auth *auth, bool said)
{
	return share->web_users.count == 0 ||
	       (said && web_users_have(
				&share->web_users, auth->bytes, auth->length));
}

static void write_one(struct buffer *to, const struct share *share)
{
	buffer_text(to, "<li><a href=\"");
	write_escaped(to, share->name);
	buffer_text(to, "/\">");
	write_escaped(to, share->name);
	buffer_text(to, "</a> ");
	write_escaped(to, share_is_up(share) ? share->desktop_name
					     : "(its display is away)");
	buffer_text(to, "</li>\n");
}

void share_page_write(const struct connection *connection,
	const struct http_request *request, struct buffer *to)
{
	struct share *share = connection->server->shares;
	struct basic_auth auth;
	bool said = basic_auth_read(request, &auth), any = false;

	buffer_text(to,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n"
		"<title>Desktops</title>\n</head>\n<body>\n"
		"<h1>Desktops</h1>\n<ul>\n");
	for (; share != NULL; share = share->next) {
		if ((connection->share != NULL && connection->share != share) ||
			!share_admits(share, &connection->peer) ||
			!knows(share, &auth, said))
			continue;
		write_one(to, share);
		any = true;
	}
	explicit_bzero(&auth, sizeof(auth));
	buffer_text(to, any ? "</ul>\n" : "</ul>\n<p>None for you.</p>\n");
	buffer_text(to, "</body>\n</html>\n");
}
