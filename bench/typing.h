/* typing.h - keys through a viewer, and when their letters show.
 */
#ifndef BENCH_TYPING_H
#define BENCH_TYPING_H

#include "bench/sample.h"
#include "bench/viewer.h"

struct typing {
	struct sample waits; /* ms from a key to its decoded answer */
	unsigned lost;       /* keys without one */
};

/* Types `count` keys with a rest of 30 to 100 ms before each. False when the
 * connection is lost. */
bool typing_run(struct typing *typing, struct viewer *viewer, unsigned count);
void typing_finish(struct typing *typing);

#endif
