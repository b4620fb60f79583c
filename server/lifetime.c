#include "server/lifetime.h"

#include <stddef.h>

#include "base/clock.h"
#include "server/connection.h"
#include "server/server.h"
#include "websocket/websocket.h"

enum {
	/* Who is about to log in when -timeout is over. */
	GRACE_MS = 10000,
	NEVER_MS = 0,
};

static uint64_t after(uint64_t since_ms, int seconds)
{
	return seconds > 0 ? since_ms + (uint64_t)seconds * 1000 : NEVER_MS;
}

/* The sooner of two, where either may be never. */
static uint64_t sooner(uint64_t a, uint64_t b)
{
	if (a == NEVER_MS || b == NEVER_MS)
		return a == NEVER_MS ? b : a;
	return a < b ? a : b;
}

static bool somebody_waits(const struct server *server)
{
	const struct connection *connection = server->connections;

	for (; connection != NULL; connection = connection->next)
		if (connection->state == CONNECTION_OPEN)
			return true;
	return false;
}

static uint64_t first_due(const struct lifetime *lifetime)
{
	const struct options *options = lifetime->server->options;
	uint64_t due = after(lifetime->started_ms, options->first_timeout_s);

	if (lifetime->had_viewer || due == NEVER_MS)
		return NEVER_MS;
	return somebody_waits(lifetime->server) ? due + GRACE_MS : due;
}

static uint64_t alone_due(const struct lifetime *lifetime)
{
	if (lifetime->count > 0)
		return NEVER_MS;
	return after(
		lifetime->alone_ms, lifetime->server->options->most_alone_s);
}

static uint64_t idle_due(const struct lifetime *lifetime)
{
	return after(lifetime->input_ms,
		lifetime->server->options->most_untouched_s);
}

/* Of the guest that has been there longest. */
static uint64_t connected_due(const struct lifetime *lifetime)
{
	const struct server *server = lifetime->server;
	const struct guest *guest = lifetime->guests;
	uint64_t due = NEVER_MS;

	for (; guest != NULL; guest = guest->next)
		due = sooner(due, after(guest->came_ms,
					  server->options->most_connected_s));
	return due;
}

static uint64_t guest_due(
	const struct lifetime *lifetime, const struct guest *guest)
{
	return after(
		guest->input_ms, lifetime->server->options->idle_timeout_s);
}

static const struct {
	uint64_t (*due)(const struct lifetime *lifetime);
	const char *reason;
} ends[] = {
	{ first_due, "-timeout: no viewer came in time" },
	{ alone_due, "-MaxDisconnectionTime: no viewer for so long" },
	{ idle_due, "-MaxIdleTime: no viewer did anything for so long" },
	{ connected_due, "-MaxConnectionTime: a viewer was there for so long" },
};

enum { ENDS = sizeof(ends) / sizeof(ends[0]) };

static void end_idle_guests(struct lifetime *lifetime, uint64_t now)
{
	struct guest *guest, *next;

	for (guest = lifetime->guests; guest != NULL; guest = next) {
		uint64_t due = guest_due(lifetime, guest);

		next = guest->next;
		if (due != NEVER_MS && due <= now)
			connection_finish(guest->connection, WEBSOCKET_NORMAL,
				"did nothing for so long (-IdleTimeout)");
	}
}

static uint64_t next_due(const struct lifetime *lifetime)
{
	const struct guest *guest = lifetime->guests;
	uint64_t due = NEVER_MS;
	int i;

	for (i = 0; i < ENDS; i++)
		due = sooner(due, ends[i].due(lifetime));
	for (; guest != NULL; guest = guest->next)
		due = sooner(due, guest_due(lifetime, guest));
	return due;
}

static void on_due(uv_timer_t *timer);

static void wake_in_time(struct lifetime *lifetime)
{
	uint64_t due = next_due(lifetime), now = clock_ms();

	if (lifetime->started_ms == 0 || lifetime->server->stopping ||
		due == NEVER_MS) {
		uv_timer_stop(&lifetime->timer);
		return;
	}
	uv_update_time(&lifetime->server->loop);
	uv_timer_start(&lifetime->timer, on_due, due > now ? due - now : 1, 0);
}

static void on_due(uv_timer_t *timer)
{
	struct lifetime *lifetime = timer->data;
	uint64_t now = clock_ms();
	int i;

	for (i = 0; i < ENDS; i++) {
		uint64_t due = ends[i].due(lifetime);

		if (due == NEVER_MS || due > now)
			continue;
		server_stop(lifetime->server, EXIT_OK, ends[i].reason);
		return;
	}
	end_idle_guests(lifetime, now);
	wake_in_time(lifetime);
}

void lifetime_init(struct lifetime *lifetime, struct server *server)
{
	lifetime->server = server;
	uv_timer_init(&server->loop, &lifetime->timer);
	lifetime->timer.data = lifetime;
}

void lifetime_start(struct lifetime *lifetime)
{
	lifetime->started_ms = clock_ms();
	lifetime->alone_ms = lifetime->started_ms;
	lifetime->input_ms = lifetime->started_ms;
	wake_in_time(lifetime);
}

void lifetime_options_changed(struct lifetime *lifetime)
{
	wake_in_time(lifetime);
}

void lifetime_came(struct lifetime *lifetime, struct guest *guest,
	struct connection *connection)
{
	guest->connection = connection;
	guest->came_ms = clock_ms();
	guest->previous = NULL;
	guest->next = lifetime->guests;
	if (guest->next != NULL)
		guest->next->previous = guest;
	lifetime->guests = guest;
	lifetime->count++;
	lifetime->had_viewer = true;
	lifetime_touched(lifetime, guest);
	wake_in_time(lifetime);
}

void lifetime_gone(struct lifetime *lifetime, struct guest *guest)
{
	if (guest->previous != NULL)
		guest->previous->next = guest->next;
	else
		lifetime->guests = guest->next;
	if (guest->next != NULL)
		guest->next->previous = guest->previous;
	lifetime->count--;
	lifetime->alone_ms = clock_ms();
	wake_in_time(lifetime);
	if (lifetime->server->options->once)
		server_stop(
			lifetime->server, EXIT_OK, "-once: the viewer left");
}

void lifetime_touched(struct lifetime *lifetime, struct guest *guest)
{
	guest->input_ms = lifetime->input_ms = clock_ms();
}

bool lifetime_is_full(const struct lifetime *lifetime)
{
	return lifetime->count >= lifetime->server->options->most_clients;
}
