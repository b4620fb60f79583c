/* Everything a stranger may say before login. */
#include "test/fuzz/rfb_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	fuzz_session(input, length, false);
	return 0;
}
