/* sample.h - measured numbers and what is told of them.
 *
 * Owner:   whoever embeds it; sample_finish() frees. A zeroed struct is valid
 *          and empty.
 * Threads: one at a time.
 */
#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

#include <stddef.h>

struct sample {
	double *values;
	size_t count, capacity;
};

void sample_finish(struct sample *sample);
void sample_add(struct sample *sample, double value);

/* The value below which `share` (0..1) of the sample lies; sorts it. 0 for an
 * empty sample. */
double sample_quantile(struct sample *sample, double share);

#endif
