/* Requests about options. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "server/control/control_call.h"
#include "server/control/control_event.h"
#include "server/control/control_fact.h"
#include "server/options/option_live.h"
#include "server/options/option_table.h"
#include "server/options/option_value.h"
#include "server/process/reload.h"
#include "server/server.h"
#include "server/share/share.h"

static const struct option_entry *find(const char *name, bool *opposite)
{
	const struct option_name one = { name, strlen(name) };
	const struct option_entry *entry =
		option_table_find(one, OPTION_MATCH_EXACT, opposite);

	if (entry == NULL)
		entry = option_table_find(one, OPTION_MATCH_ANY_CASE, opposite);
	return entry;
}

static json_t *fail_unknown(struct control_call *call, const char *name)
{
	char *shown = text_printable(name, strlen(name), 40);

	control_call_fail(call, "there is no option or fact '%s'", shown);
	free(shown);
	return NULL;
}

static json_t *value_of(const struct option_entry *entry, bool opposite,
	const struct options *options)
{
	const void *field = (const char *)options + entry->field;
	const char *text;

	switch (entry->kind) {
	case OPTION_FLAG:
		return json_integer(
			(*(const bool *)field == entry->value) != opposite);
	case OPTION_NUMBER:
	case OPTION_NUMBER_OR_NONE:
		return json_integer(*(const int *)field);
	case OPTION_TEXT:
	case OPTION_TEXT_OR_NONE:
	case OPTION_CHOICE:
		text = *(const char *const *)field;
		return json_string(text != NULL ? text : "");
	default:
		return NULL;
	}
}

static json_t *tell(
	const char *name, json_t *value, bool changes, bool is_option)
{
	return json_pack("{s:s, s:o, s:b, s:b}", "name", name, "value", value,
		"changes", changes, "option", is_option);
}

static const struct options *options_of(const struct control_call *call)
{
	return call->share != NULL ? call->share->options
				   : call->server->options;
}

json_t *control_get(struct control_call *call)
{
	const char *name = control_call_text(call, "name");
	const struct option_entry *entry;
	json_t *value;
	bool opposite;

	if (name == NULL)
		return control_call_fail(call, "\"name\" is missing");
	value = control_fact_get(call, name);
	if (value != NULL)
		return tell(name, value, false, false);
	entry = find(name, &opposite);
	if (entry == NULL)
		return fail_unknown(call, name);
	value = entry->secret ? NULL
			      : value_of(entry, opposite, options_of(call));
	if (value == NULL)
		return control_call_fail(call, "its value is not told");
	return tell(name, value, option_live_has(entry), true);
}

/* A number in JSON is as good as one in a string. */
static const char *value_text(
	struct control_call *call, char *room, size_t size)
{
	const json_t *value = json_object_get(call->arguments, "value");

	if (json_is_integer(value))
		snprintf(room, size, "%lld",
			(long long)json_integer_value(value));
	else if (json_is_boolean(value))
		snprintf(room, size, "%d", json_is_true(value));
	else
		return json_string_value(value);
	return room;
}

/* Of all where no desktop was named, and of each that may have its own. */
static bool store(struct control_call *call, const struct option_entry *entry,
	bool opposite, const char *text, struct option_why *why)
{
	struct server *server = call->server;
	struct share *share = server->shares;

	if (call->share == NULL && !option_value_store(entry, opposite, text,
					   server->changing_options, why))
		return false;
	for (; share != NULL; share = share->next)
		if (share->name != NULL && control_call_means(call, share) &&
			!option_value_store(entry, opposite, text,
				share->changing_options, why))
			return false;
	return true;
}

json_t *control_set(struct control_call *call)
{
	const char *name = control_call_text(call, "name");
	struct server *server = call->server;
	const struct option_entry *entry;
	struct option_why why;
	const char *text;
	char room[32];
	bool opposite;

	if (name == NULL)
		return control_call_fail(call, "\"name\" is missing");
	entry = find(name, &opposite);
	if (entry == NULL)
		return fail_unknown(call, name);
	if (!option_live_has(entry))
		return control_call_fail(call, "-%s needs a new start", name);
	if (call->share != NULL && entry->scope == OPTION_OF_ALL)
		return control_call_fail(
			call, "-%s is for all desktops alike", name);
	text = value_text(call, room, sizeof(room));
	if (!store(call, entry, opposite, text, &why))
		return control_call_fail(call, "-%s: %s", name, why.text);
	reload_apply(server);
	log_info("control: -%s is %s now", name, text != NULL ? text : "on");
	if (control_event_is_wanted(server, CONTROL_SETTING))
		control_event_tell(server, CONTROL_SETTING,
			json_pack("{s:s, s:o}", "name", name, "value",
				value_of(entry, opposite, options_of(call))));
	return tell(
		name, value_of(entry, opposite, options_of(call)), true, true);
}
