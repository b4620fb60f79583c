#include "server/pace.h"

#include <limits.h>

#include "base/clock.h"
#include "server/connection.h"
#include "server/server.h"

enum {
	TICK_MS = 10,
	/* Fewer are not worth a system call, and a packet. */
	LEAST_BYTES = 500,
	BYTES_PER_KB = 1000,
};

/* Those who wait, whose numbers lie between. */
static void flush_some(
	struct server *server, unsigned long above, unsigned long below)
{
	struct connection *connection = server->connections, *next;

	for (; connection != NULL; connection = next) {
		next = connection->next;
		if (!connection->paced || connection->number <= above ||
			connection->number >= below)
			continue;
		connection->flush_wanted = true;
		connection_flush(connection);
	}
}

/* Newest first, but beginning behind the one that wrote last: where there is
 * not enough for all, all have their turn. */
static void on_tick(uv_timer_t *timer)
{
	struct server *server = timer->data;
	unsigned long last = server->pace.last;

	flush_some(server, 0, last);
	flush_some(server, last == 0 ? 0 : last - 1, ULONG_MAX);
	if (server->pace.waiting == 0)
		uv_timer_stop(timer);
}

void pace_options_changed(struct pace *pace, struct server *server)
{
	uint64_t total =
		(uint64_t)server->options->total_rate_kb * BYTES_PER_KB;
	uint64_t own = (uint64_t)server->options->rate_kb * BYTES_PER_KB;
	struct connection *connection = server->connections;
	uint64_t now_us = clock_us();

	if (pace->total.bytes_per_s != total)
		rate_init(&pace->total, total, now_us);
	for (; connection != NULL; connection = connection->next)
		if (connection->rate.bytes_per_s != own)
			rate_init(&connection->rate, own, now_us);
}

void pace_init(struct pace *pace, struct server *server)
{
	uint64_t rate = (uint64_t)server->options->total_rate_kb * BYTES_PER_KB;

	uv_timer_init(&server->loop, &pace->timer);
	pace->timer.data = server;
	rate_init(&pace->total, rate, clock_us());
}

static void wait_for_more(struct connection *connection)
{
	struct pace *pace = &connection->server->pace;

	if (connection->paced)
		return;
	connection->paced = true;
	pace->waiting++;
	if (!uv_is_active((uv_handle_t *)&pace->timer))
		uv_timer_start(&pace->timer, on_tick, TICK_MS, TICK_MS);
}

void pace_forget(struct connection *connection)
{
	if (!connection->paced)
		return;
	connection->paced = false;
	connection->server->pace.waiting--;
}

/* Its part of what all may have together. */
static uint64_t share(struct connection *connection, uint64_t now_us)
{
	struct pace *pace = &connection->server->pace;
	int others = pace->waiting - connection->paced;
	uint64_t all, part;

	if (pace->total.bytes_per_s == 0)
		return UINT64_MAX;
	all = rate_allows(&pace->total, now_us);
	part = all / (uint64_t)(others + 1);
	if (part < LEAST_BYTES)
		part = LEAST_BYTES;
	return part < all ? part : all;
}

size_t pace_allows(struct connection *connection)
{
	const struct options *options = connection->server->options;
	uint64_t now_us, own, shared;

	/* Pages are for everybody, and nobody sees a viewer before them. */
	if (!connection->logged_in ||
		(options->rate_kb == 0 && options->total_rate_kb == 0))
		return SIZE_MAX;
	now_us = clock_us();
	if (connection->rate.bytes_per_s == 0 && options->rate_kb > 0)
		rate_init(&connection->rate,
			(uint64_t)options->rate_kb * BYTES_PER_KB, now_us);
	own = rate_allows(&connection->rate, now_us);
	shared = share(connection, now_us);
	if (shared < own)
		own = shared;
	if (own < LEAST_BYTES) {
		wait_for_more(connection);
		return 0;
	}
	pace_forget(connection);
	return own;
}

void pace_spend(struct connection *connection, size_t bytes)
{
	if (!connection->logged_in)
		return;
	rate_spend(&connection->rate, bytes);
	rate_spend(&connection->server->pace.total, bytes);
	connection->server->pace.last = connection->number;
}

uint64_t pace_limit(const struct connection *connection)
{
	const struct options *options = connection->server->options;
	uint64_t own = (uint64_t)options->rate_kb * BYTES_PER_KB;
	uint64_t total = (uint64_t)options->total_rate_kb * BYTES_PER_KB;
	int viewers = connection->server->viewer_count;

	if (viewers > 1)
		total /= (uint64_t)viewers;
	if (own == 0 || (total > 0 && total < own))
		return total;
	return own;
}
