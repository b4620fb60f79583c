#include "server/status/status_json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "config.h"
#include "server/connection.h"
#include "server/desktop_link.h"
#include "server/network/listener.h"
#include "server/relay/relay.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/share/share_list.h"
#include "server/status/status_facts.h"
#include "server/viewer.h"
#include "x11/desktop.h"

enum { MOST_TEXT_BYTES = 256 };

json_t *status_json_text(const char *text)
{
	char *printable;
	json_t *made;

	if (text == NULL)
		return json_null();
	printable = text_printable(text, strlen(text), MOST_TEXT_BYTES);
	made = json_string(printable);
	free(printable);
	return made != NULL ? made : json_null();
}

/* No figure of ours comes near 2^63. */
static void set_number(json_t *object, const char *name, uint64_t value)
{
	json_object_set_new(object, name, json_integer((json_int_t)value));
}

static void set_text(json_t *object, const char *name, const char *text)
{
	json_object_set_new(object, name, status_json_text(text));
}

static void set_flag(json_t *object, const char *name, bool value)
{
	json_object_set_new(object, name, json_boolean(value));
}

static void set_origin(json_t *made, const struct connection *connection)
{
	char transport[64];

	status_facts_transport(connection, transport, sizeof(transport));
	set_number(made, "id", connection->number);
	set_text(made, "address", connection->peer_text);
	if (connection->peer_port > 0)
		set_number(made, "port", (uint64_t)connection->peer_port);
	set_text(made, "transport", transport);
}

static void set_traffic(json_t *made, const struct connection *connection)
{
	set_number(made, "connected_s",
		(clock_ms() - connection->opened_ms) / 1000);
	set_number(made, "received_bytes", connection->received_bytes);
	set_number(made, "sent_bytes", connection->sent_bytes);
	set_number(made, "queued_bytes", outbox_length(&connection->out));
}

json_t *status_json_relay(const struct connection *connection)
{
	json_t *made = json_object();

	set_origin(made, connection);
	set_text(made, "target", relay_target_of(connection->top));
	set_traffic(made, connection);
	return made;
}

json_t *status_json_viewer(const struct viewer *viewer)
{
	const struct connection *connection = viewer->layer.connection;
	const struct session *session = viewer->session;
	json_t *made = json_object();

	set_origin(made, connection);
	if (viewer->share->name != NULL)
		set_text(made, "desktop", viewer->share->name);
	set_text(made, "security", session_security_name(session));
	set_text(made, "user", session_user(session));
	set_flag(made, "logged_in", connection->logged_in);
	set_flag(made, "waiting", viewer->knock.question != 0);
	set_flag(made, "view_only", session_is_view_only(session));
	set_text(made, "encoding", session_encoding_name(session));
	set_traffic(made, connection);
	return made;
}

static void add_viewers(json_t *list, const struct share *share)
{
	const struct viewer *viewer = share->viewers;

	for (; viewer != NULL; viewer = viewer->next)
		json_array_append_new(list, status_json_viewer(viewer));
}

/* Of all desktops where none is asked about. */
static json_t *make_viewers(
	const struct server *server, const struct share *share)
{
	json_t *made = json_array();

	if (share != NULL)
		add_viewers(made, share);
	else
		for (share = server->shares; share != NULL; share = share->next)
			add_viewers(made, share);
	return made;
}

/* Those whose way to their target is there. */
static json_t *make_relays(const struct server *server)
{
	const struct connection *connection = server->connections;
	json_t *made = json_array();

	for (; connection != NULL; connection = connection->next)
		if (connection->logged_in &&
			connection->state == CONNECTION_OPEN &&
			relay_target_of(connection->top) != NULL)
			json_array_append_new(
				made, status_json_relay(connection));
	return made;
}

static json_t *make_screen(const struct share *share)
{
	struct status_screen screen = status_facts_screen(share);
	json_t *made = json_object();

	set_flag(made, "up", screen.up);
	set_text(made, "display", desktop_link_name(share));
	set_number(made, "width", (uint64_t)screen.width);
	set_number(made, "height", (uint64_t)screen.height);
	return made;
}

/* Where there are several. */
static json_t *make_desktops(const struct share *share)
{
	json_t *list = json_array();

	for (; share != NULL; share = share->next) {
		json_t *made = json_object();

		set_text(made, "name", share->name);
		set_text(made, "desktop", share->desktop_name);
		if (share->listener.port > 0)
			set_number(made, "rfb_port",
				(uint64_t)share->listener.port);
		json_object_set_new(made, "screen", make_screen(share));
		set_number(made, "viewers", (uint64_t)share->viewer_count);
		json_array_append_new(list, made);
	}
	return list;
}

static json_t *make_process(const struct server *server)
{
	struct process_usage usage;
	json_t *made = json_object();

	process_figures_read(&server->process_figures, &usage);
	set_number(made, "pid", (uint64_t)getpid());
	set_number(made, "cpu_ms", usage.cpu_us / 1000);
	set_number(made, "resident_bytes", usage.resident_bytes);
	set_number(made, "open_fds", usage.open_fds);
	return made;
}

json_t *status_json_make(const struct server *server, const struct share *share)
{
	const struct share *shown = share != NULL ? share : server->shares;
	json_t *made = json_object();
	struct status_facts facts;

	status_facts_read(server, &facts);
	set_text(made, "program", PACKAGE_NAME);
	set_text(made, "version", PACKAGE_VERSION);
	if (shown != NULL)
		set_text(made, "desktop", shown->desktop_name);
	set_number(made, "rfb_port", (uint64_t)server->listener.port);
	set_number(made, "uptime_s", facts.uptime_s);
	set_number(made, "connections", facts.connections);
	if (shown != NULL)
		json_object_set_new(made, "screen", make_screen(shown));
	if (share == NULL && share_list_is_named(server))
		json_object_set_new(
			made, "desktops", make_desktops(server->shares));
	json_object_set_new(made, "process", make_process(server));
	json_object_set_new(made, "viewers", make_viewers(server, share));
	if (share == NULL && relay_desk_is_open(&server->relay_desk))
		json_object_set_new(made, "relays", make_relays(server));
	return made;
}

static int append(const char *bytes, size_t length, void *context)
{
	buffer_append(context, bytes, length);
	return 0;
}

void status_json_write(const struct server *server, const struct share *share,
	struct buffer *to)
{
	json_t *made = status_json_make(server, share);

	json_dump_callback(made, append, to, JSON_INDENT(2));
	buffer_text(to, "\n");
	json_decref(made);
}
