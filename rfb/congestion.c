#include "rfb/congestion.h"

enum {
	FIRST_WINDOW = 128 << 10,
	LEAST_WINDOW = 16 << 10,
	MOST_WINDOW = 16 << 20,
	STEP = 16 << 10, /* what the window grows by when all is well */
	/* What a viewer takes to decode, and a scheduler to notice, is no
	 * congestion. */
	SLACK_US = 10000,
	PATIENCE_US = 5000000,
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

/* What the line holds: with less under way it would be idle at times. */
static uint64_t line_holds(uint64_t bytes_per_s, uint64_t trip_us)
{
	return limit(bytes_per_s * (trip_us + SLACK_US) / 1000000);
}

static void adapt(struct congestion *congestion, uint64_t trip_us)
{
	uint64_t shortest, held, window = congestion->window;

	if (congestion->shortest_us == 0 || trip_us < congestion->shortest_us)
		congestion->shortest_us = trip_us;
	shortest = congestion->shortest_us;
	if (trip_us > shortest * 2 + SLACK_US) {
		congestion->starting = false;
		window = window * (shortest + SLACK_US) / trip_us;
	} else if (trip_us < shortest + shortest / 4 + SLACK_US) {
		window += congestion->starting ? window : STEP;
	}
	held = line_holds(congestion_rate(congestion), shortest);
	congestion->window = window < held ? held : limit(window);
}

/* From when the line was free for it, and it had had time to travel. */
static void note_carried(struct congestion *congestion,
	const struct congestion_fence *fence, uint64_t now_us)
{
	uint64_t bytes = fence->position - congestion->answered;
	uint64_t begun_us = fence->sent_us + congestion->shortest_us;

	if (begun_us < congestion->answered_us)
		begun_us = congestion->answered_us;
	line_rate_carried(&congestion->rate, bytes,
		now_us > begun_us ? now_us - begun_us : 0);
}

uint64_t congestion_answered(
	struct congestion *congestion, uint32_t number, uint64_t now_us)
{
	const struct congestion_fence *fence;
	uint64_t trip_us, oldest = congestion->fences[congestion->first].number;

	if (congestion->deaf && number == congestion->next_number)
		congestion->deaf = false;
	/* Numbers wrap; what is not one of those under way is forged. */
	if (congestion->count == 0 ||
		(uint32_t)(number - oldest) >= (uint32_t)congestion->count)
		return 0;
	do {
		fence = &congestion->fences[congestion->first];
		congestion->first =
			(congestion->first + 1) % CONGESTION_MOST_FENCES;
		congestion->count--;
	} while (fence->number != number);
	note_carried(congestion, fence, now_us);
	congestion->answered = fence->position;
	congestion->answered_us = now_us;
	trip_us = now_us - fence->sent_us;
	adapt(congestion, trip_us);
	return trip_us != 0 ? trip_us : 1;
}

void congestion_learn_trip(struct congestion *congestion, uint64_t trip_us)
{
	if (congestion->shortest_us == 0)
		congestion->shortest_us = trip_us;
}

uint64_t congestion_rate(const struct congestion *congestion)
{
	return line_rate_median(&congestion->rate);
}

bool congestion_line_is_clear(uint64_t bytes_per_s, uint64_t trip_us,
	uint64_t under_way_bytes, uint64_t *wait_us)
{
	uint64_t window = line_holds(bytes_per_s, trip_us);

	if (bytes_per_s == 0 || under_way_bytes <= window)
		return true;
	*wait_us = (under_way_bytes - window) * 1000000 / bytes_per_s;
	return false;
}

uint64_t congestion_patience_us(const struct congestion *congestion)
{
	uint64_t from_us = congestion->fences[congestion->first].sent_us;

	if (congestion->count == 0)
		return 0;
	if (from_us < congestion->patient_us)
		from_us = congestion->patient_us;
	if (from_us < congestion->answered_us)
		from_us = congestion->answered_us;
	return from_us + PATIENCE_US;
}

void congestion_be_patient(struct congestion *congestion, uint64_t now_us)
{
	congestion->patient_us = now_us;
}

void congestion_give_up(struct congestion *congestion)
{
	congestion->deaf = true;
	congestion->count = 0;
	congestion->answered = congestion->sent;
}
