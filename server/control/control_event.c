#include "server/control/control_event.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "server/connection.h"
#include "server/control/control_peer.h"
#include "server/relay/relay.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/status/status_json.h"
#include "server/viewer.h"
#include "x11/desktop.h"

enum { INPUT_MS = 1000 };

static const char *const names[CONTROL_EVENTS] = {
	[CONTROL_VIEWER_CAME] = "viewer_came",
	[CONTROL_VIEWER_WENT] = "viewer_went",
	[CONTROL_VIEWER_REFUSED] = "viewer_refused",
	[CONTROL_VIEWER_ASKS] = "viewer_asks",
	[CONTROL_INPUT] = "input",
	[CONTROL_VIEW_ONLY] = "view_only",
	[CONTROL_DISPLAY_LOST] = "display_lost",
	[CONTROL_DISPLAY_BACK] = "display_back",
	[CONTROL_RESIZED] = "resized",
	[CONTROL_SETTING] = "setting",
	[CONTROL_STOPPING] = "stopping",
};

const char *control_event_name(enum control_event event)
{
	return names[event];
}

int control_event_find(const char *name)
{
	int i = CONTROL_EVENTS;

	while (--i >= 0 && strcmp(names[i], name) != 0)
		;
	return i;
}

bool control_event_is_wanted(
	const struct server *server, enum control_event event)
{
	const struct control_peer *peer = server->control.peers;

	for (; peer != NULL; peer = peer->next)
		if (peer->events & 1U << event)
			return true;
	return false;
}

static json_t *make(enum control_event event, json_t *more)
{
	json_t *object = json_object();
	time_t now = time(NULL);
	struct tm split;
	char text[32];

	gmtime_r(&now, &split);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &split);
	json_object_set_new(object, "event", json_string(names[event]));
	json_object_set_new(object, "time", json_string(text));
	if (more != NULL)
		json_object_update(object, more);
	json_decref(more);
	return object;
}

void control_event_tell(
	struct server *server, enum control_event event, json_t *more)
{
	struct control_peer *peer = server->control.peers, *next;
	json_t *object = make(event, more);

	for (; peer != NULL; peer = next) {
		next = peer->next;
		if (peer->events & 1U << event)
			control_peer_send(peer, json_incref(object));
	}
	json_decref(object);
}

void control_event_viewer(enum control_event event, struct viewer *viewer)
{
	if (control_event_is_wanted(viewer->server, event))
		control_event_tell(viewer->server, event,
			json_pack(
				"{s:o}", "viewer", status_json_viewer(viewer)));
}

void control_event_relay(
	enum control_event event, const struct connection *connection)
{
	if (control_event_is_wanted(connection->server, event))
		control_event_tell(connection->server, event,
			json_pack("{s:o}", "relay",
				status_json_relay(connection)));
}

void control_event_end(enum control_event event,
	const struct connection *connection, const struct viewer *viewer,
	const char *reason)
{
	struct server *server = connection->server;
	json_t *more;

	if (!control_event_is_wanted(server, event))
		return;
	more = json_object();
	if (viewer != NULL)
		json_object_set_new(more, "viewer", status_json_viewer(viewer));
	else if (relay_target_of(connection->top) != NULL)
		json_object_set_new(
			more, "relay", status_json_relay(connection));
	else
		json_object_set_new(more, "address",
			status_json_text(connection->peer_text));
	json_object_set_new(more, "reason", status_json_text(reason));
	control_event_tell(server, event, more);
}

void control_event_input(struct viewer *viewer)
{
	uint64_t now_ms;

	if (viewer->server->control.peers == NULL ||
		!control_event_is_wanted(viewer->server, CONTROL_INPUT))
		return;
	now_ms = clock_ms();
	if (viewer->told_input_ms != 0 &&
		now_ms - viewer->told_input_ms < INPUT_MS)
		return;
	viewer->told_input_ms = now_ms;
	control_event_viewer(CONTROL_INPUT, viewer);
}

/* Takes `more`, and says whose it is where that is a question. */
static void tell_of(
	const struct share *share, enum control_event event, json_t *more)
{
	if (share->name != NULL)
		json_object_set_new(more, "desktop", json_string(share->name));
	control_event_tell(share->server, event, more);
}

void control_event_size(struct share *share)
{
	if (control_event_is_wanted(share->server, CONTROL_RESIZED))
		tell_of(share, CONTROL_RESIZED,
			json_pack("{s:i, s:i}", "width",
				desktop_width(share->desktop), "height",
				desktop_height(share->desktop)));
}

void control_event_share(enum control_event event, struct share *share)
{
	if (control_event_is_wanted(share->server, event))
		tell_of(share, event, json_object());
}
