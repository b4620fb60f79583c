#include "rfb/line_rate.h"

#include <stdlib.h>
#include <string.h>

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
