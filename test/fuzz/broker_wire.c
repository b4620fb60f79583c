/* What the broker is asked, by a server that somebody else may have taken over:
 * the request as it comes from the socket, of any length. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "server/broker/broker_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static void check_strings(const struct broker_request *request)
{
	const char *strings[BROKER_MOST_STRINGS + 1];
	const char *end = request->text + request->length;
	int count = broker_wire_strings(request, strings), i;

	assert(count >= 0 && count <= BROKER_MOST_STRINGS);
	assert(strings[count] == NULL);
	for (i = 0; i < count; i++) {
		assert(strings[i] >= request->text && strings[i] < end);
		assert(strings[i] + strlen(strings[i]) < end);
		if (broker_wire_is_variable(strings[i]))
			assert(strchr(strings[i], '=') != NULL &&
				strchr(strings[i], '\n') == NULL);
	}
}

/* What was taken over whole makes the same bytes again. */
static void check_again(const struct broker_request *request)
{
	const char *strings[BROKER_MOST_STRINGS + 1];
	struct broker_request *again = xcalloc(1, sizeof(*again));
	int i;

	again->number = request->number;
	again->job = request->job;
	broker_wire_strings(request, strings);
	for (i = 0; strings[i] != NULL; i++)
		assert(broker_wire_add(again, strings[i]));
	assert(again->length <= request->length);
	assert(memcmp(again->text, request->text, again->length) == 0);
	assert(broker_wire_is_request(again, broker_wire_size(again)));
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	struct broker_request *request = xcalloc(1, sizeof(*request));
	struct broker_reply reply = { 0 };

	if (length > sizeof(*request))
		length = sizeof(*request);
	memcpy(request, input, length);
	if (broker_wire_is_request(request, length)) {
		check_strings(request);
		check_again(request);
	}
	memcpy(&reply, input, length < sizeof(reply) ? length : sizeof(reply));
	if (broker_wire_is_reply(&reply, length))
		assert(length == sizeof(reply) && reply.status <= 255);
	free(request);
	return 0;
}
