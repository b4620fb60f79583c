#include "server/control/control_fact.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "config.h"
#include "server/connection.h"
#include "server/control/control_call.h"
#include "server/desktop_link.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/status/status_facts.h"
#include "server/status/status_json.h"
#include "server/viewer.h"

static json_t *display(const struct control_call *call)
{
	return status_json_text(desktop_link_name(control_call_shown(call)));
}

static json_t *desktop(const struct control_call *call)
{
	const struct share *share = control_call_shown(call);

	return status_json_text(share != NULL ? share->desktop_name : "");
}

static json_t *port(const struct control_call *call)
{
	if (call->share != NULL && call->share->listener.port > 0)
		return json_integer(call->share->listener.port);
	return json_integer(call->server->listener.port);
}

static json_t *http_port(const struct control_call *call)
{
	return call->server->plain_policy.pages != NULL ? port(call)
							: json_integer(0);
}

static json_t *pid(const struct control_call *call)
{
	(void)call;
	return json_integer(getpid());
}

static json_t *version(const struct control_call *call)
{
	(void)call;
	return json_string(PACKAGE_STRING);
}

static json_t *count(const struct control_call *call)
{
	return json_integer(call->share != NULL ? call->share->viewer_count
						: call->server->viewer_count);
}

static json_t *desktops(const struct control_call *call)
{
	const struct share *share = call->server->shares;
	struct buffer text = { 0 };
	json_t *made;

	for (; share != NULL; share = share->next)
		if (share->name != NULL)
			buffer_printf(&text, "%s%s",
				buffer_length(&text) > 0 ? "," : "",
				share->name);
	made = json_stringn(
		(const char *)buffer_bytes(&text), buffer_length(&text));
	buffer_finish(&text);
	return made != NULL ? made : json_string("");
}

/* ID:ADDRESS:PORT:USER:rw|ro, as far as known; the address in brackets where it
 * has colons itself. */
static void add_client(struct buffer *to, const struct viewer *viewer)
{
	const struct connection *connection = viewer->layer.connection;
	const char *user = session_user(viewer->session);
	bool colons = strchr(connection->peer_text, ':') != NULL;

	buffer_printf(to, "%s%lu:%s%s%s:%d:%s:%s",
		buffer_length(to) > 0 ? "," : "", connection->number,
		colons ? "[" : "", connection->peer_text, colons ? "]" : "",
		connection->peer_port > 0 ? connection->peer_port : 0,
		user != NULL ? user : "",
		session_is_view_only(viewer->session) ? "ro" : "rw");
}

static json_t *clients(const struct control_call *call)
{
	const struct share *share = call->server->shares;
	const struct viewer *viewer;
	struct buffer text = { 0 };
	json_t *made;

	for (; share != NULL; share = share->next)
		for (viewer = share->viewers; viewer != NULL;
			viewer = viewer->next)
			if (control_call_means(call, share))
				add_client(&text, viewer);
	/* A name may be anything that somebody sent. */
	made = json_stringn(
		(const char *)buffer_bytes(&text), buffer_length(&text));
	buffer_finish(&text);
	return made != NULL ? made : json_string("");
}

static json_t *size(const struct control_call *call)
{
	struct status_screen screen =
		status_facts_screen(control_call_shown(call));

	return json_sprintf("%dx%d", screen.width, screen.height);
}

static json_t *uptime(const struct control_call *call)
{
	struct status_facts facts;

	status_facts_read(call->server, &facts);
	return json_integer((json_int_t)facts.uptime_s);
}

static json_t *is_up(const struct control_call *call)
{
	return json_integer(status_facts_screen(control_call_shown(call)).up);
}

static const struct fact {
	const char *name;
	json_t *(*get)(const struct control_call *call);
} facts[] = {
	{ "display", display },
	{ "desktop", desktop },
	{ "desktopname", desktop },
	{ "desktops", desktops },
	{ "port", port },
	{ "rfbport", port },
	{ "http_port", http_port },
	{ "httpport", http_port },
	{ "pid", pid },
	{ "version", version },
	{ "V", version },
	{ "clients", clients },
	{ "client_count", count },
	{ "size", size },
	{ "uptime", uptime },
	{ "display_up", is_up },
};

json_t *control_fact_get(const struct control_call *call, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (strcmp(facts[i].name, name) == 0)
			return facts[i].get(call);
	return NULL;
}
