/* One line at the control socket. What is taken for a request has a name, and
 * nothing deeper than a list of strings; what is not has a reason. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "server/control/control_request.h"
#include "server/control/control_word.h"
#include "base/xmalloc.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_members(json_t *whole)
{
	const char *name;
	json_t *value;
	size_t i;

	json_object_foreach(whole, name, value)
	{
		assert(!json_is_object(value));
		for (i = 0; i < json_array_size(value); i++)
			assert(json_is_string(json_array_get(value, i)));
	}
}

/* What was understood is understood again when it is written anew. */
static void check_again(const struct control_request *request)
{
	char *text = json_dumps(request->whole, JSON_COMPACT);
	struct control_request again;

	assert(text != NULL);
	if (strlen(text) <= CONTROL_MOST_LINE_BYTES) {
		assert(control_request_parse(&again, text, strlen(text)));
		assert(json_equal(request->whole, again.whole));
		control_request_finish(&again);
	}
	free(text);
}

static void check_word(const uint8_t *bytes, size_t length)
{
	char *text = xstrndup((const char *)bytes, length);
	json_t *request = control_word_request(text);

	if (request != NULL)
		assert(json_is_string(json_object_get(request, "do")));
	control_word_tells(text);
	json_decref(request);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct control_request request;

	if (length > 0)
		check_word(bytes, length);
	if (control_request_parse(&request, (const char *)bytes, length)) {
		assert(request.name != NULL && request.problem == NULL);
		assert(length <= CONTROL_MOST_LINE_BYTES);
		check_members(request.whole);
		check_again(&request);
	} else {
		assert(request.problem != NULL);
	}
	control_request_finish(&request);
	return 0;
}
