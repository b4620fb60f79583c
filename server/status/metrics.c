#include "server/status/metrics.h"

const uint32_t metrics_bounds_us[METRICS_BUCKETS] = { 100, 250, 500, 1000, 2500,
	5000, 10000, 25000, 50000, 100000, 250000, 1000000 };

void metrics_took(struct metrics *metrics, enum metrics_time what, uint64_t us)
{
	struct metrics_histogram *histogram = &metrics->times[what];
	int i = 0;

	while (i < METRICS_BUCKETS && us > metrics_bounds_us[i])
		i++;
	if (i < METRICS_BUCKETS)
		histogram->buckets[i]++;
	histogram->count++;
	histogram->sum_us += us;
}
