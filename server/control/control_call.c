#include "server/control/control_call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xmalloc.h"
#include "server/server.h"

enum { MOST_ERROR_BYTES = 512 };

const char *control_call_text(const struct control_call *call, const char *name)
{
	return json_string_value(json_object_get(call->arguments, name));
}

bool control_call_number(struct control_call *call, const char *name,
	json_int_t least, json_int_t normal, json_int_t *number)
{
	const json_t *value = json_object_get(call->arguments, name);

	*number = normal;
	if (value == NULL)
		return true;
	*number = json_integer_value(value);
	if (json_is_integer(value) && *number >= least)
		return true;
	control_call_fail(call, "\"%s\" is a number from %lld on", name,
		(long long)least);
	return false;
}

json_t *control_call_fail(struct control_call *call, const char *format, ...)
{
	char text[MOST_ERROR_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	free(call->error);
	call->error = xstrdup(text);
	return NULL;
}

const struct share *control_call_shown(const struct control_call *call)
{
	return call->share != NULL ? call->share : call->server->shares;
}

bool control_call_means(
	const struct control_call *call, const struct share *share)
{
	return call->share == NULL || call->share == share;
}
