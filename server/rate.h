/* rate.h - so many bytes a second, and no more: what may go now.
 *
 * What was not used is saved up for a moment only, so that quiet does not earn
 * a flood.
 *
 * Owner:   a plain value, zeroed is no limit.
 * Threads: one at a time.
 * Units:   bytes; times as clock_us().
 */
#ifndef SERVER_RATE_H
#define SERVER_RATE_H

#include <stdint.h>

struct rate {
	uint64_t bytes_per_s;     /* 0: no limit */
	uint64_t saved, saved_us; /* as they were then */
};

void rate_init(struct rate *rate, uint64_t bytes_per_s, uint64_t now_us);

/* UINT64_MAX where there is no limit. */
uint64_t rate_allows(struct rate *rate, uint64_t now_us);
/* At most what it allowed. */
void rate_spend(struct rate *rate, uint64_t bytes);

#endif
