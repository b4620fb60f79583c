/* A PROXY header: what is said of a prefix must agree with what is said of the
 * whole, and nothing beyond the header may matter. */
#include <assert.h>
#include <string.h>

#include "server/proxy/proxy_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	struct proxy_header whole, part;
	enum parse_result result;
	size_t i;

	if (length > PROXY_HEADER_MOST_BYTES + 16)
		length = PROXY_HEADER_MOST_BYTES + 16;
	result = proxy_header_parse(input, length, &whole);
	assert(result != PARSE_MORE || length < PROXY_HEADER_MOST_BYTES);
	if (result == PARSE_DONE)
		assert(whole.length >= 8 && whole.length <= length);
	for (i = 0; i < length && i < 300; i++) {
		enum parse_result before = proxy_header_parse(input, i, &part);

		assert(before == PARSE_MORE || before == result);
		if (before == PARSE_DONE)
			assert(part.length == whole.length &&
				part.has_client == whole.has_client &&
				address_equal(&part.client, &whole.client));
		if (result == PARSE_DONE && i < whole.length)
			assert(before == PARSE_MORE);
	}
	return 0;
}
