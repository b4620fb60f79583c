/* Requests about addresses that are not listened to. */
#include <string.h>

#include "base/clock.h"
#include "server/access/blacklist.h"
#include "server/control/control_call.h"
#include "server/server.h"

enum { NORMAL_S = 3600, MOST_S = 366 * 86400 };

static bool read_address(struct control_call *call, struct address *address)
{
	const char *text = control_call_text(call, "address");

	if (text != NULL && address_parse(text, address))
		return true;
	control_call_fail(call, "\"address\" is an IP address");
	return false;
}

json_t *control_block(struct control_call *call)
{
	struct address address;
	json_int_t seconds;

	if (!read_address(call, &address) ||
		!control_call_number(call, "seconds", 1, NORMAL_S, &seconds))
		return NULL;
	if (seconds > MOST_S)
		seconds = MOST_S;
	blacklist_block(&call->server->door.blacklist, &address, clock_ms(),
		(uint64_t)seconds * 1000);
	return json_pack("{s:I}", "seconds", seconds);
}

json_t *control_unblock(struct control_call *call)
{
	struct blacklist *list = &call->server->door.blacklist;
	const char *text = control_call_text(call, "address");
	struct address address;

	if (text != NULL && strcmp(text, "all") == 0) {
		list->count = 0;
		return json_true();
	}
	if (!read_address(call, &address))
		return NULL;
	if (blacklist_remaining(list, &address, clock_ms()) == 0)
		return control_call_fail(call, "it is not blocked");
	blacklist_right(list, &address);
	return json_true();
}

json_t *control_blocked(struct control_call *call)
{
	const struct blacklist *list = &call->server->door.blacklist;
	uint64_t now_ms = clock_ms(), left_ms;
	json_t *made = json_array();
	char text[64];
	int i;

	for (i = 0; i < list->count; i++) {
		const struct address *network = &list->entries[i].network;

		left_ms = blacklist_remaining(list, network, now_ms);
		if (left_ms == 0)
			continue;
		address_format(network, text);
		json_array_append_new(made,
			json_pack("{s:s, s:I}", "address", text, "seconds",
				(json_int_t)(left_ms + 999) / 1000));
	}
	return made;
}
