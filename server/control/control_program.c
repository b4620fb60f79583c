/* Requests about the program itself. */
#include <string.h>

#include "base/log.h"
#include "server/access/audit.h"
#include "server/control/control_call.h"
#include "server/control/control_event.h"
#include "server/control/control_peer.h"
#include "server/process/log_target.h"
#include "server/process/reload.h"
#include "server/server.h"
#include "server/status/status_json.h"

json_t *control_ping(struct control_call *call)
{
	(void)call;
	return json_true();
}

json_t *control_status(struct control_call *call)
{
	return status_json_make(call->server, call->share);
}

json_t *control_reload(struct control_call *call)
{
	reload(call->server);
	return json_true();
}

json_t *control_reopen_log(struct control_call *call)
{
	log_target_reopen(call->server->log_target);
	audit_reopen(&call->server->audit, call->server->options);
	return json_true();
}

json_t *control_stop(struct control_call *call)
{
	server_stop(call->server, EXIT_OK, "asked to by the control socket");
	return json_true();
}

json_t *control_connect(struct control_call *call)
{
	const char *to = control_call_text(call, "to");

	if (to == NULL || !dialer_dial(&call->server->dialer, to))
		return control_call_fail(call,
			"\"to\" is host:port, repeater=ID:n+host:port or "
			"pre=TEXT+host:port");
	return json_true();
}

/* All of them, where no names are given. */
json_t *control_subscribe(struct control_call *call)
{
	const json_t *list = json_object_get(call->arguments, "events");
	unsigned events = list == NULL ? ~0U : 0;
	json_t *made = json_array();
	size_t i;
	int event;

	for (i = 0; i < json_array_size(list); i++) {
		event = control_event_find(
			json_string_value(json_array_get(list, i)));
		if (event < 0) {
			json_decref(made);
			return control_call_fail(call,
				"there is no event '%.40s'",
				json_string_value(json_array_get(list, i)));
		}
		events |= 1U << event;
	}
	for (event = 0; event < CONTROL_EVENTS; event++)
		if (events & 1U << event)
			json_array_append_new(
				made, json_string(control_event_name(
					      (enum control_event)event)));
	call->peer->events = events;
	return made;
}
