#include "server/viewer.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/xmalloc.h"
#include "server/access/hook.h"
#include "server/connection.h"
#include "server/control/control_event.h"
#include "server/desktop_link.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer_host.h"
#include "server/viewer_list.h"
#include "websocket/http_target.h"

/* How long to leave a line alone that was found full. */
enum { LEAST_LOOK_US = 2000, MOST_LOOK_US = 100000 };

void viewer_look(struct viewer *viewer, struct look_wish wish)
{
	struct look *before = viewer->look;

	viewer->look = look_take(viewer->share, wish);
	look_release(viewer->share, before);
}

void viewer_keep_to(struct viewer *viewer, const char *monitor)
{
	viewer_look(viewer, (struct look_wish){ .monitor = monitor,
				    .nothing_else = true,
				    .divisor = viewer->look->wish.divisor });
	/* ServerInit, which is yet to come, tells its size. */
	session_resize(viewer->session, &viewer->look->layout, false);
}

static bool could_be_ready(const struct viewer *viewer)
{
	return viewer->listed && !viewer->layer.connection->busy &&
	       !viewer->encoding;
}

bool viewer_is_ready(const struct viewer *viewer)
{
	uint64_t wait_us;

	return could_be_ready(viewer) &&
	       session_wants_update(viewer->session) &&
	       session_line_is_clear(viewer->session, &wait_us);
}

static uint64_t line_again_us(const struct viewer *viewer, uint64_t now)
{
	uint64_t wait_us;

	if (!session_wants_update(viewer->session))
		return UINT64_MAX;
	/* Whether there is anything to send is not known before a capture, and
	 * there is none while nobody is ready. */
	if (session_line_is_clear(viewer->session, &wait_us))
		return now;
	if (wait_us < LEAST_LOOK_US)
		wait_us = LEAST_LOOK_US;
	if (wait_us > MOST_LOOK_US)
		wait_us = MOST_LOOK_US;
	return now + wait_us;
}

uint64_t viewer_again_us(struct viewer *viewer)
{
	uint64_t now = clock_us(), patience_us;

	if (!could_be_ready(viewer))
		return UINT64_MAX;
	patience_us = session_patience_us(viewer->session);
	if (patience_us != 0 && patience_us <= now) {
		session_lose_patience(viewer->session);
		patience_us = session_patience_us(viewer->session);
	}
	if (patience_us != 0)
		return patience_us;
	return line_again_us(viewer, now);
}

/* What was left over is heard before more is read. */
static void after_input(struct viewer *viewer)
{
	bool more = session_has_input(viewer->session);

	if (more)
		input_backlog_note(&viewer->share->backlog);
	connection_pause_reading(viewer->layer.connection, more);
	if (session_wants_pointer(viewer->session))
		pointer_news_want(&viewer->share->pointer_news);
}

void viewer_hear_more(struct viewer *viewer)
{
	if (!session_has_input(viewer->session))
		return;
	session_continue(viewer->session);
	after_input(viewer);
}

static void take_turn(struct handshake_work_item *item)
{
	struct viewer *viewer =
		(struct viewer *)((char *)item - offsetof(struct viewer, work));

	if (viewer->layer.connection->state != CONNECTION_OPEN)
		return;
	session_take_turn(viewer->session);
	after_input(viewer);
}

/* ---- the layer ---- */

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	struct viewer *viewer = (struct viewer *)layer;

	session_receive(viewer->session, bytes, length);
	after_input(viewer);
}

/* What the layers below mean for the log-in. No client does TLS inside a
 * WebSocket, and noVNC fails where it is offered (CLIENTS rule 16). */
static void tell_transport(struct viewer *viewer)
{
	struct session_transport transport = {
		.can_start_tls = true,
		.encrypted = viewer->layer.connection->behind_https,
		.is_local =
			address_is_loopback(&viewer->layer.connection->peer),
	};
	const struct layer *layer = viewer->layer.below;

	for (; layer != NULL; layer = layer->below) {
		if (layer->ops->encrypts)
			transport.encrypted = true;
		if (layer->ops->is_websocket)
			transport.is_websocket = true;
		transport.can_start_tls = false;
	}
	session_set_transport(viewer->session, &transport);
}

const char *viewer_refusal(const struct viewer *viewer)
{
	const struct server *server = viewer->server;
	const struct share *share = viewer->share;
	const struct options *options = share->options;

	if (share->ended)
		return "the display of this desktop is gone";
	if (!share_admits(viewer->share, &viewer->layer.connection->peer))
		return "this address may not open this desktop";
	if (lifetime_is_full(&server->lifetime))
		return "too many viewers are connected (-maxclients)";
	if (!options->shared && !options->disconnect_clients &&
		share->viewer_count > 0)
		return "somebody else is connected (-dontdisconnect)";
	return door_refusal(&server->door, &viewer->layer.connection->peer);
}

/* Called when the viewer is put on its connection, and again when TLS below it
 * that it asked for has shaken hands. */
static void ready(struct layer *layer)
{
	struct viewer *viewer = (struct viewer *)layer;
	struct server *server = viewer->server;
	const char *refusal = viewer_refusal(viewer);

	if (viewer->started) {
		session_secured(viewer->session);
		return;
	}
	viewer->started = true;
	tell_transport(viewer);
	password_file_reread(&viewer->share->passwords, viewer->share->options);
	if (refusal != NULL) {
		door_count_refusal(&server->door, &layer->connection->peer);
		session_start_refusing(viewer->session, refusal);
	} else {
		session_start(viewer->session);
	}
}

static const char *overdue(const struct layer *layer)
{
	const struct viewer *viewer = (const struct viewer *)layer;

	return viewer->login_question != 0
		       ? "PAM did not say in time who that is"
		       : "did not log in in time";
}

static void drained(struct layer *layer)
{
	struct viewer *viewer = (struct viewer *)layer;

	session_drained(viewer->session);
	frame_clock_wake(&viewer->share->clock);
}

static void gone(struct layer *layer)
{
	struct viewer *viewer = (struct viewer *)layer;
	bool was_listed = viewer->listed;

	session_release_input(viewer->session);
	pointer_seat_leave(&viewer->share->pointer_seat, &viewer->right);
	handshake_work_remove(&viewer->server->handshake_work, &viewer->work);
	door_forget(&viewer->server->door, viewer);
	login_check_forget(&viewer->share->login_check, viewer);
	viewer_list_remove(viewer);
	if (was_listed)
		hook_run(viewer, BROKER_GONE);
	clipboard_exchange_gone(&viewer->share->clipboard, viewer);
	/* It may be in the middle of what the viewer said: the rest would press
	 * keys that nobody lets go, or put the viewer on lists again. */
	session_abandon(viewer->session);
	if (was_listed)
		lifetime_gone(&viewer->server->lifetime, &viewer->guest);
}

static void destroy(struct layer *layer)
{
	struct viewer *viewer = (struct viewer *)layer;

	session_destroy(viewer->session);
	look_release(viewer->share, viewer->look);
	free(viewer);
}

static const struct layer_ops viewer_ops = {
	.name = "rfb",
	.receive = receive,
	.ready = ready,
	.drained = drained,
	.overdue = overdue,
	.gone = gone,
	.destroy = destroy,
	.reads_while_output_waits = true,
};

struct viewer *viewer_of(struct layer *layer)
{
	return layer->ops == &viewer_ops ? (struct viewer *)layer : NULL;
}

struct layer *viewer_create(struct share *share, const char *target)
{
	struct viewer *viewer = xcalloc(1, sizeof(*viewer));
	char *monitor = http_target_query(target, "monitor");

	viewer->layer.ops = &viewer_ops;
	viewer->server = share->server;
	viewer->share = share;
	viewer->work.run = take_turn;
	viewer->look = look_take(
		share, (struct look_wish){ .monitor = monitor, .divisor = 1 });
	free(monitor);
	viewer->session = session_create(&share->session_config,
		&viewer->look->layout, &viewer_host, viewer);
	return &viewer->layer;
}
