#include "server/share/share_choice.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/relay/relay_desk.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/share/share_list.h"
#include "websocket/upgrade.h"

static bool begins(struct http_text text, const char *with)
{
	size_t length = strlen(with);

	return text.length >= length && memcmp(text.at, with, length) == 0;
}

static bool is(struct http_text text, const char *what)
{
	return text.length == strlen(what) && begins(text, what);
}

/* A port of its own leads to no other. */
static struct share *find(const struct connection *connection, const char *name)
{
	struct share *share =
		share_list_find(connection->server, name, strlen(name));

	return connection->share == NULL || share == connection->share ? share
								       : NULL;
}

/* The bytes of the target up to there are of nobody's interest any more. */
static void cut(struct http_target *target, size_t length)
{
	target->path.at += length;
	target->path.length -= length;
	target->whole.at += length;
	target->whole.length -= length;
}

static void choose_by_path(struct share_choice *choice,
	const struct connection *connection, struct http_target *target)
{
	struct http_text rest = { target->path.at + 3,
		target->path.length - 3 };
	const char *slash = memchr(rest.at, '/', rest.length);
	char *name;

	if (rest.length == 0) {
		choice->is_list = true;
		return;
	}
	if (slash != NULL)
		rest.length = (size_t)(slash - rest.at);
	name = http_target_decode(rest);
	choice->share = name != NULL ? find(connection, name) : NULL;
	free(name);
	choice->is_below = true;
	choice->is_bare = slash == NULL;
	if (slash != NULL)
		cut(target, rest.length + 3);
}

static void choose_by_token(struct share_choice *choice,
	const struct connection *connection, const struct http_target *target)
{
	char *whole = xstrndup(target->whole.at, target->whole.length);
	char *token = http_target_query(whole, "token");

	if (token != NULL)
		choice->share = find(connection, token);
	free(token);
	free(whole);
}

struct share_choice share_choice_make(
	const struct connection *connection, struct http_request *request)
{
	const struct server *server = connection->server;
	struct http_target *target = &request->target;
	struct share_choice choice = {
		.share = connection->share != NULL ? connection->share
						   : server->shares,
	};

	if (!share_list_is_named(server))
		return choice;
	if (is(target->path, "/d"))
		choice.is_list = choice.is_bare = true;
	else if (begins(target->path, "/d/"))
		choose_by_path(&choice, connection, target);
	else if (upgrade_is_asked(request) &&
		 !relay_desk_has_tokens(&server->relay_desk))
		choose_by_token(&choice, connection, target);
	return choice;
}

/* ---- where to go instead ---- */

static bool is_novnc(const struct server *server, struct http_text path)
{
	static const char *const pages[] = { "/vnc.html", "/vnc_lite.html",
		"/vnc_auto.html" };
	struct page_table *table = server->plain_policy.pages;
	const struct page *page;
	size_t i;

	if (table == NULL)
		return false;
	if (is(path, "/")) {
		page = page_table_find(table, "/");
		if (page == NULL)
			return false;
		path = (struct http_text){ page->path, strlen(page->path) };
	}
	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (is(path, pages[i]))
			return page_table_find(table, pages[i]) != NULL;
	return false;
}

/* noVNC up to 1.5 opens its WebSocket below the root and not below its page, if
 * it is not told the path. Newer ones put it below the page, where we take any
 * path. */
static char *tell_path(
	const struct share_choice *choice, const struct http_request *request)
{
	const struct http_target *target = &request->target;
	char *whole = xstrndup(target->whole.at, target->whole.length);
	char *query = strchr(whole, '?'), *path, *where = NULL;

	path = http_target_query(whole, "path");
	if (path == NULL)
		where = xasprintf("%s%spath=d/%s/websockify",
			query != NULL ? query : "?",
			query != NULL && query[1] != '\0' ? "&" : "",
			choice->share->name);
	free(path);
	free(whole);
	return where;
}

char *share_choice_redirect(const struct share_choice *choice,
	const struct connection *connection, const struct http_request *request)
{
	const struct server *server = connection->server;
	const struct http_text path = request->target.path;

	if (choice->is_bare)
		return choice->is_list ? xstrdup("d/")
				       : xasprintf("%s/", choice->share->name);
	if (choice->is_below && is_novnc(server, path))
		return tell_path(choice, request);
	if (share_list_is_named(server) && connection->share == NULL &&
		!choice->is_below && is(path, "/") &&
		server->options->http_directory == NULL)
		return xstrdup("d/");
	return NULL;
}
