/* Everything a logged-in viewer may say. */
#include "test/fuzz/rfb_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	fuzz_session(input, length, true);
	return 0;
}
