#include "server/rate.h"

#include <assert.h>

enum {
	SECOND_US = 1000000,
	SAVED_PER_SECOND = 20, /* a twentieth of a second's bytes are saved */
	LEAST_SAVED = 2000,    /* but a packet, at least */
};

static uint64_t most_saved(const struct rate *rate)
{
	uint64_t most = rate->bytes_per_s / SAVED_PER_SECOND;

	return most < LEAST_SAVED ? LEAST_SAVED : most;
}

void rate_init(struct rate *rate, uint64_t bytes_per_s, uint64_t now_us)
{
	*rate = (struct rate){ .bytes_per_s = bytes_per_s, .saved_us = now_us };
	rate->saved = most_saved(rate);
}

uint64_t rate_allows(struct rate *rate, uint64_t now_us)
{
	uint64_t passed_us = now_us - rate->saved_us, earned;

	if (rate->bytes_per_s == 0)
		return UINT64_MAX;
	if (passed_us > SECOND_US) {
		rate->saved_us = now_us - SECOND_US;
		passed_us = SECOND_US;
	}
	earned = passed_us * rate->bytes_per_s / SECOND_US;
	/* The time of what is less than a byte goes on counting. */
	rate->saved += earned;
	rate->saved_us += earned * SECOND_US / rate->bytes_per_s;
	if (rate->saved > most_saved(rate))
		rate->saved = most_saved(rate);
	return rate->saved;
}

void rate_spend(struct rate *rate, uint64_t bytes)
{
	if (rate->bytes_per_s == 0)
		return;
	assert(bytes <= rate->saved);
	rate->saved -= bytes;
}
