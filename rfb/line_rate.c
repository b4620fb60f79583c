#include "rfb/line_rate.h"

#include <stdlib.h>
#include <string.h>

enum {
	/* For a shorter time nothing is measured but our own clock. */
	LEAST_CARRIED_US = 200,
	/* Of fewer bytes, in less time, the scheduler has a larger part than
	 * the line. */
	MANY_BYTES = 16384,
	SOME_BYTES = 4096,
	LONG_CARRIED_US = 50000,
};

void line_rate_carried(struct line_rate *rate, uint64_t bytes, uint64_t busy_us)
{
	if (busy_us < LEAST_CARRIED_US)
		busy_us = LEAST_CARRIED_US;
	if (bytes >= MANY_BYTES ||
		(bytes >= SOME_BYTES && busy_us >= LONG_CARRIED_US))
		line_rate_note(rate, bytes * 1000000 / busy_us);
}

void line_rate_note(struct line_rate *rate, uint64_t bytes_per_s)
{
	rate->bytes_per_s[rate->count++ % LINE_RATE_SAMPLES] = bytes_per_s;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

uint64_t line_rate_median(const struct line_rate *rate)
{
	uint64_t sorted[LINE_RATE_SAMPLES];
	unsigned count = rate->count < LINE_RATE_SAMPLES ? rate->count
							 : LINE_RATE_SAMPLES;

	if (count < LINE_RATE_LEAST_SAMPLES)
		return 0;
	memcpy(sorted, rate->bytes_per_s, count * sizeof(sorted[0]));
	qsort(sorted, count, sizeof(sorted[0]), compare);
	return sorted[count / 2];
}
