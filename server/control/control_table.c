#include <string.h>

#include "server/control/control_call.h"

static const struct control_entry entries[] = {
	{ "help", "", "lists the requests", control_help },
	{ "ping", "", "answers true", control_ping },
	{ "status", "", "tells the program, the screen, the viewers",
		control_status },
	{ "viewers", "", "lists them, those at the door too", control_viewers },
	{ "disconnect", "who", "ends viewers: an id, an address, or \"all\"",
		control_disconnect },
	{ "view_only", "on [who]",
		"takes or gives keys and mouse; without who everybody's, and "
		"that of those to come",
		control_view_only },
	{ "accept", "who answer",
		"answers in place of who was asked about a viewer at the door: "
		"\"yes\", \"no\" or \"view\"",
		control_accept },
	{ "connect", "to", "goes to a viewer that listens: \"host:port\"",
		control_connect },
	{ "block", "address [seconds]", "listens to it no more, for an hour",
		control_block },
	{ "unblock", "address", "listens to it again; \"all\"",
		control_unblock },
	{ "blocked", "", "lists who is not listened to", control_blocked },
	{ "get", "name", "tells an option or a fact", control_get },
	{ "set", "name value", "changes an option that can change",
		control_set },
	{ "reload", "", "as SIGHUP: reads certificates and passwords again",
		control_reload },
	{ "reopen_log", "", "as SIGUSR1", control_reopen_log },
	{ "subscribe", "[events]",
		"events follow, all or those of these names; [] ends it",
		control_subscribe },
	{ "stop", "", "ends the program", control_stop },
};

#define COUNT (sizeof(entries) / sizeof(entries[0]))

const struct control_entry *control_table_find(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT; i++)
		if (strcmp(entries[i].name, name) == 0)
			return &entries[i];
	return NULL;
}

json_t *control_help(struct control_call *call)
{
	json_t *made = json_object();
	size_t i;

	(void)call;
	for (i = 0; i < COUNT; i++)
		json_object_set_new(made, entries[i].name,
			json_pack("{s:s, s:s}", "arguments",
				entries[i].arguments, "what",
				entries[i].sentence));
	return made;
}
