/* The sniffer, alone: what it says of a prefix must agree with what it says of
 * the whole. */
#include <assert.h>

#include "server/sniff.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	enum sniff_kind before = SNIFF_MORE;
	size_t i;

	if (length > 64)
		length = 64;
	for (i = 0; i <= length; i++) {
		enum sniff_kind kind = sniff(input, i);

		assert(before == SNIFF_MORE || kind == before);
		before = kind;
	}
	return 0;
}
