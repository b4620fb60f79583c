#include "rfb/deflated_state.h"

#include <stdlib.h>

void deflated_state_destroy(void *state)
{
	struct deflated_state *kept = state;

	if (kept == NULL)
		return;
	deflater_finish(&kept->deflater);
	buffer_finish(&kept->plain);
	free(kept);
}

bool deflated_state_is_like(const void *state, const void *other)
{
	const struct deflated_state *one = state, *two = other;

	return one->deflater.headed == two->deflater.headed;
}

void deflated_state_skip(void *state)
{
	struct deflated_state *kept = state;

	deflater_skip(&kept->deflater);
}
