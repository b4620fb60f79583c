#include "bench/typing.h"

#include <stdlib.h>

#include "base/clock.h"
#include "bench/echo.h"

enum { LOST_US = 2000000, LETTER = 'a' };

/* Goes on decoding meanwhile. */
static bool rest(struct viewer *viewer)
{
	uint64_t end = clock_us() + 30000 + (uint64_t)rand() % 70000;
	for (uint64_t now = clock_us(); now < end; now = clock_us()) {
		if (!viewer_wait(viewer, end - now))
			return false;
	}
	return true;
}

static bool type_one(
	struct typing *typing, struct viewer *viewer, unsigned *number)
{
	unsigned shown = *number;
	uint64_t start = clock_us();
	if (!viewer_key(viewer, LETTER))
		return false;
	while (!viewer_stamp(viewer, ECHO_X, ECHO_Y, &shown) ||
		shown == *number) {
		if (clock_us() - start > LOST_US) {
			typing->lost++;
			return true;
		}
		if (!viewer_wait(viewer, 100000))
			return false;
	}
	*number = shown;
	sample_add(&typing->waits, (double)(clock_us() - start) / 1e3);
	return true;
}

bool typing_run(struct typing *typing, struct viewer *viewer, unsigned count)
{
	unsigned number = 0;
	viewer_stamp(viewer, ECHO_X, ECHO_Y, &number);
	for (unsigned i = 0; i < count; i++) {
		if (!rest(viewer) || !type_one(typing, viewer, &number))
			return false;
	}
	return true;
}

void typing_finish(struct typing *typing)
{
	sample_finish(&typing->waits);
}
