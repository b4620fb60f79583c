#include "server/control/control_request.h"

#include <string.h>

enum { MOST_NAME_BYTES = 32, MOST_ID_BYTES = 64, MOST_LIST = 32 };

static bool is_plain(const json_t *value)
{
	return json_is_string(value) || json_is_integer(value) ||
	       json_is_boolean(value) || json_is_real(value) ||
	       json_is_null(value);
}

static bool is_list_of_strings(const json_t *value)
{
	size_t i;

	if (!json_is_array(value) || json_array_size(value) > MOST_LIST)
		return false;
	for (i = 0; i < json_array_size(value); i++)
		if (!json_is_string(json_array_get(value, i)))
			return false;
	return true;
}

static const char *check_values(json_t *whole)
{
	const char *name;
	json_t *value;

	json_object_foreach(whole, name,
		value) if (!is_plain(value) &&
			   !is_list_of_strings(
				   value)) return "values are strings, "
						  "numbers, true, false, null "
						  "or short lists of strings";
	return NULL;
}

static bool is_id(const json_t *id)
{
	return json_is_integer(id) ||
	       (json_is_string(id) && json_string_length(id) <= MOST_ID_BYTES);
}

static const char *check(struct control_request *request)
{
	const json_t *name, *id;
	const char *problem;

	if (!json_is_object(request->whole))
		return "a request is an object: {\"do\": \"help\"}";
	id = json_object_get(request->whole, "id");
	if (id != NULL && !is_id(id))
		return "\"id\" is a number or a short string";
	request->id = id;
	problem = check_values(request->whole);
	if (problem != NULL)
		return problem;
	name = json_object_get(request->whole, "do");
	if (!json_is_string(name) || json_string_length(name) > MOST_NAME_BYTES)
		return "\"do\" names what to do: {\"do\": \"help\"}";
	request->name = json_string_value(name);
	return NULL;
}

bool control_request_parse(
	struct control_request *request, const char *bytes, size_t length)
{
	json_error_t ignored;

	*request = (struct control_request){ 0 };
	if (length > CONTROL_MOST_LINE_BYTES) {
		request->problem = "the line is too long";
		return false;
	}
	request->whole =
		json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &ignored);
	request->problem =
		request->whole == NULL ? "the line is no JSON" : check(request);
	return request->problem == NULL;
}

void control_request_finish(struct control_request *request)
{
	json_decref(request->whole);
	*request = (struct control_request){ 0 };
}
