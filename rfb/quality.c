#include "rfb/quality.h"

enum {
	/* About 15 and 40 moving pictures a second: no step changes the bytes
	 * by as much as lies between. */
	MOST_COST_US = 66000,
	LEAST_COST_US = 24000,
	DOWN_WAIT_US = 200000, /* until what was changed is felt */
	UP_WAIT_US = 1000000,
	MEMORY = 8, /* a picture makes so much of the cost */
};

/* Where few pictures come in a second, each counts for more. */
static uint64_t memory(uint64_t cost_us)
{
	uint64_t memory = MEMORY;

	for (; memory > 2 && cost_us > MOST_COST_US; cost_us /= 2)
		memory /= 2;
	return memory;
}

static void note_cost(struct quality *quality, uint64_t cost_us)
{
	uint64_t part = memory(cost_us);

	if (quality->cost_us == 0)
		quality->cost_us = cost_us;
	quality->cost_us -= quality->cost_us / part;
	quality->cost_us += cost_us / part;
}

/* A step makes about a quarter of the bytes; far off, several are taken. */
static int steps_down(uint64_t cost_us)
{
	int steps = 0;

	for (; cost_us > MOST_COST_US && steps < 4; steps++)
		cost_us -= cost_us / 4;
	return steps;
}

static void change(struct quality *quality, int drop, uint64_t now_us)
{
	for (; quality->drop < drop; quality->drop++)
		quality->cost_us -= quality->cost_us / 4;
	for (; quality->drop > drop; quality->drop--)
		quality->cost_us += quality->cost_us / 3;
	quality->changed_us = now_us;
}

void quality_sent(struct quality *quality, uint64_t bytes, uint64_t bytes_per_s,
	int most_drop, uint64_t now_us)
{
	uint64_t since_us = now_us - quality->changed_us;
	int drop = quality->drop;

	if (bytes_per_s == 0)
		return;
	note_cost(quality, bytes * 1000000 / bytes_per_s);
	if (quality->cost_us > MOST_COST_US && since_us >= DOWN_WAIT_US)
		drop += steps_down(quality->cost_us);
	else if (quality->cost_us < LEAST_COST_US && since_us >= UP_WAIT_US)
		drop--;
	if (drop > most_drop)
		drop = most_drop;
	if (drop < 0)
		drop = 0;
	if (drop != quality->drop)
		change(quality, drop, now_us);
}
