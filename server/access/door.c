#include "server/access/door.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/viewer.h"

#define SHUT "too many wrong passwords from this address; try again later"

static void on_due(uv_timer_t *timer);

void door_init(struct door *door, struct server *server)
{
	door->server = server;
	uv_timer_init(&server->loop, &door->timer);
	door->timer.data = door;
}

/* ---- who is listened to ---- */

const char *door_refusal(const struct door *door, const struct address *address)
{
	if (blacklist_remaining(&door->blacklist, address, clock_ms()) > 0)
		return SHUT;
	return NULL;
}

void door_right(struct door *door, const struct address *address)
{
	blacklist_right(&door->blacklist, address);
}

unsigned door_wrong(struct door *door, const struct address *address)
{
	const struct options *options = door->server->options;
	const struct blacklist_limits limits = {
		.threshold = (unsigned)options->blacklist_threshold,
		.timeout_s = (unsigned)options->blacklist_timeout_s,
	};
	char text[64];
	uint64_t blocked_ms;
	unsigned delay_ms;

	if (!options->use_blacklist)
		return 0;
	delay_ms =
		blacklist_wrong(&door->blacklist, address, &limits, clock_ms());
	blocked_ms = blacklist_remaining(&door->blacklist, address, clock_ms());
	if (blocked_ms > 0) {
		address_format(address, text);
		log_warning(
			"%s: too many wrong answers, not listened to for %u s",
			text, (unsigned)(blocked_ms + 999) / 1000);
	}
	return delay_ms;
}

/* ---- viewers that wait ---- */

static void wake_in_time(struct door *door)
{
	const struct knock *knock = door->waiting;
	uint64_t now = clock_ms(), due_ms;

	if (knock == NULL) {
		uv_timer_stop(&door->timer);
		return;
	}
	due_ms = knock->due_ms;
	for (; knock != NULL; knock = knock->next)
		if (knock->due_ms < due_ms)
			due_ms = knock->due_ms;
	/* The loop's clock stands still within a turn; ours does not. */
	uv_update_time(&door->server->loop);
	uv_timer_start(
		&door->timer, on_due, due_ms > now ? due_ms - now : 0, 0);
}

static void forget(struct door *door, struct knock *knock)
{
	struct knock **at = &door->waiting;

	if (!knock->waits)
		return;
	while (*at != knock)
		at = &(*at)->next;
	*at = knock->next;
	knock->waits = false;
}

static void on_due(uv_timer_t *timer)
{
	struct door *door = timer->data;
	uint64_t now = clock_ms();
	struct knock *knock, *next;

	for (knock = door->waiting; knock != NULL; knock = next) {
		next = knock->next;
		if (knock->due_ms > now)
			continue;
		forget(door, knock);
		session_turn_away(knock->viewer->session, knock->reason);
	}
	wake_in_time(door);
}

static void turn_away_later(struct door *door, struct viewer *viewer,
	const char *reason, unsigned delay_ms)
{
	struct knock *knock = &viewer->knock;

	*knock = (struct knock){
		.next = door->waiting,
		.viewer = viewer,
		.waits = true,
		.due_ms = clock_ms() + delay_ms,
		.reason = reason,
	};
	door->waiting = knock;
	wake_in_time(door);
}

void door_forget(struct door *door, struct viewer *viewer)
{
	forget(door, &viewer->knock);
}

void door_answered(struct door *door, struct viewer *viewer, bool rightly)
{
	const struct address *address = &viewer->layer.connection->peer;
	const char *refusal = door_refusal(door, address);

	/* Many guesses may be under way when the address is blocked: none of
	 * them learns anything, the right one neither. */
	if (refusal != NULL) {
		session_turn_away(viewer->session, refusal);
	} else if (!rightly) {
		turn_away_later(door, viewer, NULL, door_wrong(door, address));
	} else {
		door_right(door, address);
		session_let_in(viewer->session, false);
	}
}
