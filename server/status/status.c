#include "server/status/status.h"

#include <stdlib.h>
#include <string.h>

#include "server/connection.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/status/metrics_text.h"
#include "server/status/peer_owner.h"
#include "server/status/screenshot.h"
#include "server/status/status_facts.h"
#include "server/status/status_json.h"
#include "websocket/http_peer.h"
#include "websocket/origin.h"
#include "websocket/page_table.h"

#define TEXT "text/plain; charset=utf-8"

static int make_health(struct server *server, struct status_visit *visit,
	struct http_made *made, const char **problem)
{
	(void)visit;
	*problem = "The server is ending.";
	if (server->stopping)
		return 503;
	buffer_text(&made->body, "ok\n");
	return HTTP_ADMITTED;
}

static int make_readiness(struct server *server, struct status_visit *visit,
	struct http_made *made, const char **problem)
{
	const struct share *share = visit->share;

	/* Of several one is enough, unless that one is asked about. */
	if (!visit->of_one)
		while (share != NULL && share->next != NULL &&
			!share_is_up(share))
			share = share->next;
	*problem = "There is no X display now.";
	if (server->options->serves_display && !share_is_up(share))
		return 503;
	buffer_text(&made->body, "ready\n");
	return HTTP_ADMITTED;
}

static int make_metrics(struct server *server, struct status_visit *visit,
	struct http_made *made, const char **problem)
{
	(void)visit;
	(void)problem;
	metrics_text_write(server, &made->body);
	return HTTP_ADMITTED;
}

static int make_json(struct server *server, struct status_visit *visit,
	struct http_made *made, const char **problem)
{
	(void)problem;
	status_json_write(
		server, visit->of_one ? visit->share : NULL, &made->body);
	return HTTP_ADMITTED;
}

static int make_screenshot(enum screenshot_form form,
	struct status_visit *visit, struct http_made *made,
	const char **problem)
{
	const struct buffer *file;

	*problem = "No display is shared here.";
	if (visit->share == NULL)
		return 404;
	*problem = "The display of this desktop is gone.";
	if (visit->share->ended)
		return 503;
	file = screenshot_get(&visit->share->screenshot, form, visit);
	if (file == NULL)
		return HTTP_LATER;
	*problem = "There is not enough memory for it.";
	if (file->failed)
		return 503;
	buffer_append(&made->body, buffer_bytes(file), buffer_length(file));
	return HTTP_ADMITTED;
}

static int make_png(struct server *server, struct status_visit *visit,
	struct http_made *made, const char **problem)
{
	(void)server;
	return make_screenshot(SCREENSHOT_PNG, visit, made, problem);
}

static int make_jpeg(struct server *server, struct status_visit *visit,
	struct http_made *made, const char **problem)
{
	(void)server;
	return make_screenshot(SCREENSHOT_JPEG, visit, made, problem);
}

static const struct status_page pages[] = {
	{ "/healthz", TEXT, true, false, make_health },
	{ "/readyz", TEXT, true, false, make_readiness },
	{ "/metrics", METRICS_TEXT_TYPE, false, false, make_metrics },
	{ "/status.json", "application/json", false, false, make_json },
	{ "/screenshot.png", "image/png", false, true, make_png },
	{ "/screenshot.jpg", "image/jpeg", false, true, make_jpeg },
};

static bool has_file(const struct server *server, const char *path)
{
	struct page_table *files = server->plain_policy.pages;

	return files != NULL && page_table_find(files, path) != NULL;
}

const struct status_page *status_find(
	const struct server *server, const struct http_request *request)
{
	const struct http_text path = request->target.path;
	size_t i;

	if (!server->options->status)
		return NULL;
	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strlen(pages[i].path) == path.length &&
			memcmp(pages[i].path, path.at, path.length) == 0)
			return has_file(server, pages[i].path) ? NULL
							       : &pages[i];
	return NULL;
}

/* Programs send neither field. */
static bool is_for_a_page_of_ours(
	const struct server *server, const struct http_request *request)
{
	const struct http_policy *policy = &server->plain_policy;
	struct http_text field;

	if (http_request_field(request, "Origin", &field) &&
		!origin_is_allowed(field, request->host, policy->origins))
		return false;
	return !http_request_field(request, "Sec-Fetch-Site", &field) ||
	       !http_text_is(field, "cross-site");
}

static bool is_open_for(const struct status_page *page,
	const struct options *options, const struct connection *connection)
{
	const char *whom = options->status_for;

	if (whom != NULL && strcmp(whom, "all") == 0)
		return true;
	if (whom != NULL && strcmp(whom, "probes") == 0 && page->is_probe)
		return true;
	if (!address_is_loopback(&connection->peer))
		return false;
	/* A proxy's own address says nothing of who is behind it. */
	if (connection_is_proxys_own(connection))
		return page->is_probe;
	return !page->is_picture ||
	       peer_owner_is_us(
		       &connection->server->peer_owner, connection->fd);
}

int status_admit(const struct status_page *page,
	const struct connection *connection, const struct http_request *request,
	const char **problem)
{
	const struct server *server = connection->server;
	const struct http_policy *policy = &server->plain_policy;

	*problem =
		"This machine does not know the name it was asked by: use its "
		"address, or allow the name with -origin.";
	if (!origin_knows_host(request->host, policy->hosts, policy->origins))
		return 403;
	*problem = "A web page from another host may not read this.";
	if (!is_for_a_page_of_ours(server, request))
		return 403;
	if (server->status_users.count > 0 &&
		!(page->is_probe &&
			is_open_for(page, server->options, connection)))
		return 401;
	*problem =
		"Only this machine may read this, and of pictures only the "
		"user whose desktop it is; -statusauth or -statusfor opens it "
		"for others.";
	return is_open_for(page, server->options, connection) ? HTTP_ADMITTED
							      : 403;
}

int status_make(const struct status_page *page, struct server *server,
	struct status_visit *visit, struct http_made *made,
	const char **problem)
{
	made->type = page->type;
	return page->make(server, visit, made, problem);
}

void status_forget(struct status_visit *visit)
{
	if (visit->share != NULL)
		screenshot_forget(&visit->share->screenshot, visit);
}
