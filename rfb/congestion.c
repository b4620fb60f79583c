#include "rfb/congestion.h"

enum {
	FIRST_WINDOW = 128 << 10,
	LEAST_WINDOW = 16 << 10,
	MOST_WINDOW = 16 << 20,
	STEP = 16 << 10, /* what the window grows by when all is well */
	/* What a viewer takes to decode, and a scheduler to notice, is no
	 * congestion. */
	SLACK_US = 10000,
};

bool congestion_allows(const struct congestion *congestion)
{
	if (congestion->count == 0)
		return true;
	return congestion->count < CONGESTION_MOST_FENCES &&
	       congestion->sent - congestion->answered < congestion->window;
}

uint32_t congestion_sent(
	struct congestion *congestion, uint64_t bytes, uint64_t now_us)
{
	int place = (congestion->first + congestion->count) %
		    CONGESTION_MOST_FENCES;

	if (congestion->window == 0) {
		congestion->window = FIRST_WINDOW;
		congestion->starting = true;
	}
	congestion->sent += bytes;
	congestion->fences[place] =
		(struct congestion_fence){ ++congestion->next_number,
			congestion->sent, now_us };
	congestion->count++;
	return congestion->next_number;
}

static uint64_t limit(uint64_t window)
{
	if (window < LEAST_WINDOW)
		return LEAST_WINDOW;
	return window > MOST_WINDOW ? MOST_WINDOW : window;
}

static void adapt(struct congestion *congestion, uint64_t trip_us)
{
	uint64_t shortest, window = congestion->window;

	if (congestion->shortest_us == 0 || trip_us < congestion->shortest_us)
		congestion->shortest_us = trip_us;
	shortest = congestion->shortest_us;
	if (trip_us > shortest * 2 + SLACK_US) {
		congestion->starting = false;
		window = window * (shortest + SLACK_US) / trip_us;
	} else if (trip_us < shortest + shortest / 4 + SLACK_US) {
		window += congestion->starting ? window : STEP;
	}
	congestion->window = limit(window);
}

void congestion_answered(
	struct congestion *congestion, uint32_t number, uint64_t now_us)
{
	const struct congestion_fence *fence;
	uint64_t oldest = congestion->fences[congestion->first].number;

	/* Numbers wrap; what is not one of those under way is forged. */
	if (congestion->count == 0 ||
		(uint32_t)(number - oldest) >= (uint32_t)congestion->count)
		return;
	do {
		fence = &congestion->fences[congestion->first];
		congestion->first =
			(congestion->first + 1) % CONGESTION_MOST_FENCES;
		congestion->count--;
	} while (fence->number != number);
	congestion->answered = fence->position;
	adapt(congestion, now_us - fence->sent_us);
}
