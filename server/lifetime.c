#include "server/lifetime.h"

#include <stddef.h>

#include "base/clock.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/viewer.h"
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
	const struct server *server = lifetime->server;

	if (server->viewer_count > 0)
		return NEVER_MS;
	return after(lifetime->alone_ms, server->options->most_alone_s);
}

static uint64_t idle_due(const struct lifetime *lifetime)
{
	return after(lifetime->input_ms,
		lifetime->server->options->most_untouched_s);
}

/* Of the viewer that has been there longest. */
static uint64_t connected_due(const struct lifetime *lifetime)
{
	const struct server *server = lifetime->server;
	const struct viewer *viewer = server->viewers;
	uint64_t due = NEVER_MS;

	for (; viewer != NULL; viewer = viewer->next)
		due = sooner(due, after(viewer->came_ms,
					  server->options->most_connected_s));
	return due;
}

static uint64_t viewer_due(
	const struct lifetime *lifetime, const struct viewer *viewer)
{
	return after(
		viewer->input_ms, lifetime->server->options->idle_timeout_s);
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

static void end_idle_viewers(struct lifetime *lifetime, uint64_t now)
{
	struct viewer *viewer, *next;

	for (viewer = lifetime->server->viewers; viewer != NULL;
		viewer = next) {
		uint64_t due = viewer_due(lifetime, viewer);

		next = viewer->next;
		if (due != NEVER_MS && due <= now)
			connection_finish(viewer->layer.connection,
				WEBSOCKET_NORMAL,
				"did nothing for so long (-IdleTimeout)");
	}
}

static uint64_t next_due(const struct lifetime *lifetime)
{
	const struct viewer *viewer = lifetime->server->viewers;
	uint64_t due = NEVER_MS;
	int i;

	for (i = 0; i < ENDS; i++)
		due = sooner(due, ends[i].due(lifetime));
	for (; viewer != NULL; viewer = viewer->next)
		due = sooner(due, viewer_due(lifetime, viewer));
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
	end_idle_viewers(lifetime, now);
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

void lifetime_came(struct lifetime *lifetime, struct viewer *viewer)
{
	viewer->came_ms = clock_ms();
	lifetime->had_viewer = true;
	lifetime_touched(lifetime, viewer);
	wake_in_time(lifetime);
}

void lifetime_gone(struct lifetime *lifetime)
{
	lifetime->alone_ms = clock_ms();
	wake_in_time(lifetime);
}

void lifetime_touched(struct lifetime *lifetime, struct viewer *viewer)
{
	viewer->input_ms = lifetime->input_ms = clock_ms();
}
