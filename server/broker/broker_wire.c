#include "server/broker/broker_wire.h"

#include <string.h>

bool broker_wire_add(struct broker_request *request, const char *text)
{
	size_t length = strlen(text) + 1;

	if (length > sizeof(request->text) - request->length)
		return false;
	memcpy(request->text + request->length, text, length);
	request->length += (uint32_t)length;
	return true;
}

size_t broker_wire_size(const struct broker_request *request)
{
	return offsetof(struct broker_request, text) + request->length;
}

bool broker_wire_is_request(const struct broker_request *request, size_t size)
{
	const size_t head = offsetof(struct broker_request, text);

	if (size < head || size > sizeof(*request) ||
		request->length != size - head || request->job > BROKER_LOG ||
		request->number == 0)
		return false;
	return request->length == 0 ||
	       request->text[request->length - 1] == '\0';
}

bool broker_wire_is_reply(const struct broker_reply *reply, size_t size)
{
	return size == sizeof(*reply) && reply->verdict <= BROKER_FAILED &&
	       reply->status <= 255;
}

int broker_wire_strings(const struct broker_request *request,
	const char *strings[BROKER_MOST_STRINGS + 1])
{
	const char *at = request->text, *end = at + request->length;
	int count = 0;

	while (at < end && count < BROKER_MOST_STRINGS) {
		strings[count++] = at;
		at += strlen(at) + 1;
	}
	strings[count] = NULL;
	return count;
}

bool broker_wire_is_variable(const char *text)
{
	const char *at = text;

	if (strncmp(text, "DISPLAY=", 8) != 0 &&
		strncmp(text, "XAUTHORITY=", 11) != 0 &&
		(strncmp(text, "RFB_", 4) != 0 || strchr(text, '=') == NULL))
		return false;
	for (; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	return true;
}
