/* Requests about viewers. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/access/door.h"
#include "server/connection.h"
#include "server/control/control_call.h"
#include "server/control/control_event.h"
#include "server/relay/relay.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/status/status_json.h"
#include "server/viewer.h"
#include "websocket/websocket.h"

#define BY_OPERATOR "disconnected by the operator"

/* "all", a number, or an address; 0 and NULL where neither was given. */
struct whom {
	bool all;
	json_int_t id;
	const char *address;
};

static bool read_whom(struct control_call *call, struct whom *whom)
{
	const json_t *who = json_object_get(call->arguments, "who");
	const char *text = json_string_value(who);

	*whom = (struct whom){ .id = json_integer_value(who) };
	if (text != NULL && strcmp(text, "all") == 0)
		whom->all = true;
	else if (text != NULL && text[0] != '\0' &&
		 text[strspn(text, "0123456789")] == '\0')
		whom->id = strtoll(text, NULL, 10);
	else
		whom->address = text;
	if (whom->all || whom->id > 0 ||
		(whom->address != NULL && whom->address[0] != '\0'))
		return true;
	control_call_fail(
		call, "\"who\" is a viewer's id, its address, or \"all\"");
	return false;
}

static bool is_meant(const struct whom *whom, const struct connection *one)
{
	if (whom->all)
		return true;
	if (whom->id > 0)
		return one->number == (unsigned long)whom->id;
	return strcmp(whom->address, one->peer_text) == 0;
}

/* Calls `act` for those meant, at the door too; how many it was true for. */
static int for_each(struct control_call *call, const struct whom *whom,
	bool (*act)(struct viewer *viewer, const void *detail),
	const void *detail)
{
	struct connection *connection = call->server->connections, *next;
	int count = 0;

	for (; connection != NULL; connection = next) {
		struct viewer *viewer = viewer_of(connection->top);

		next = connection->next;
		if (viewer != NULL && connection->state == CONNECTION_OPEN &&
			control_call_means(call, viewer->share) &&
			is_meant(whom, connection))
			count += act(viewer, detail);
	}
	return count;
}

/* Of "all" there may be none. */
static json_t *tell_count(
	struct control_call *call, const struct whom *whom, int count)
{
	if (count == 0 && !whom->all)
		return control_call_fail(call, "there is no such viewer");
	return json_pack("{s:i}", "count", count);
}

static bool list(struct viewer *viewer, const void *detail)
{
	json_array_append_new((json_t *)detail, status_json_viewer(viewer));
	return true;
}

json_t *control_viewers(struct control_call *call)
{
	const struct whom everybody = { .all = true };
	json_t *made = json_array();

	for_each(call, &everybody, list, made);
	return made;
}

static bool disconnect(struct viewer *viewer, const void *detail)
{
	(void)detail;
	connection_finish(
		viewer->layer.connection, WEBSOCKET_NORMAL, BY_OPERATOR);
	return true;
}

/* They look at no desktop of ours. */
static int disconnect_relayed(
	const struct control_call *call, const struct whom *whom)
{
	struct connection *connection = call->server->connections, *next;
	int count = 0;

	for (; connection != NULL && call->share == NULL; connection = next) {
		next = connection->next;
		if (relay_target_of(connection->top) == NULL ||
			connection->state != CONNECTION_OPEN ||
			!is_meant(whom, connection))
			continue;
		connection_finish(connection, WEBSOCKET_NORMAL, BY_OPERATOR);
		count++;
	}
	return count;
}

json_t *control_disconnect(struct control_call *call)
{
	struct whom whom;
	int count;

	if (!read_whom(call, &whom))
		return NULL;
	count = for_each(call, &whom, disconnect, NULL);
	count += disconnect_relayed(call, &whom);
	return tell_count(call, &whom, count);
}

static bool set_view_only(struct viewer *viewer, const void *detail)
{
	const bool *on = detail;

	if (!viewer->listed || (!*on && viewer->share->began_view_only))
		return false;
	session_set_view_only(viewer->session, *on);
	pointer_seat_leave(&viewer->share->pointer_seat, &viewer->right);
	control_event_viewer(CONTROL_VIEW_ONLY, viewer);
	return true;
}

/* Everybody: who comes later, too. */
static void set_for_those_to_come(const struct control_call *call, bool on)
{
	struct share *share = call->server->shares;

	for (; share != NULL; share = share->next) {
		if (!control_call_means(call, share) ||
			(!on && share->began_view_only))
			continue;
		share->changing_options->view_only = on;
		share->session_config.view_only = on;
	}
}

/* Their keyboards were never looked at. */
static bool all_began_view_only(const struct control_call *call)
{
	const struct share *share = call->server->shares;

	while (share != NULL &&
		(!control_call_means(call, share) || share->began_view_only))
		share = share->next;
	return share == NULL;
}

json_t *control_view_only(struct control_call *call)
{
	const json_t *value = json_object_get(call->arguments, "on");
	struct whom whom = { .all = true };
	bool on = json_is_true(value);

	if (!json_is_boolean(value))
		return control_call_fail(call, "\"on\" is true or false");
	if (!on && all_began_view_only(call))
		return control_call_fail(call,
			"this x11wsvnc was started with -viewonly and cannot "
			"press keys");
	if (json_object_get(call->arguments, "who") != NULL &&
		!read_whom(call, &whom))
		return NULL;
	if (whom.all)
		set_for_those_to_come(call, on);
	return tell_count(
		call, &whom, for_each(call, &whom, set_view_only, &on));
}

static bool decide(struct viewer *viewer, const void *detail)
{
	const enum accept_answer *answer = detail;

	return door_decide(&viewer->server->door, viewer, *answer);
}

json_t *control_accept(struct control_call *call)
{
	static const struct {
		const char *word;
		enum accept_answer answer;
	} answers[] = { { "yes", ACCEPT_YES }, { "no", ACCEPT_NO },
		{ "view", ACCEPT_VIEW } };
	const char *word = control_call_text(call, "answer");
	struct whom whom;
	size_t i = 0;

	while (i < 3 && (word == NULL || strcmp(word, answers[i].word) != 0))
		i++;
	if (i == 3)
		return control_call_fail(
			call, "\"answer\" is \"yes\", \"no\" or \"view\"");
	if (!read_whom(call, &whom))
		return NULL;
	return tell_count(
		call, &whom, for_each(call, &whom, decide, &answers[i].answer));
}
