/* same.h - for targets that let one input in in two ways: nothing may differ.
 */
#ifndef TEST_FUZZ_SAME_H
#define TEST_FUZZ_SAME_H

#include <assert.h>
#include <string.h>

#include "base/buffer.h"

static inline void same_bytes(const struct buffer *a, const struct buffer *b)
{
	assert(!a->failed && !b->failed);
	assert(buffer_length(a) == buffer_length(b));
	if (buffer_length(a) > 0)
		assert(memcmp(buffer_bytes(a), buffer_bytes(b),
			       buffer_length(a)) == 0);
}

#endif
