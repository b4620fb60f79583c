#include "server/viewer.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/access/audit.h"
#include "server/access/hook.h"
#include "server/connection.h"
#include "server/control/control_event.h"
#include "server/desktop_link.h"
#include "server/pace.h"
#include "server/server.h"
#include "server/tls/tls_layer.h"
#include "server/tcp_line.h"
#include "websocket/http_target.h"
#include "websocket/websocket.h"

/* How long to leave a line alone that was found full. */
enum { LEAST_LOOK_US = 2000, MOST_LOOK_US = 100000 };

static void host_send(void *context, const void *bytes, size_t length)
{
	struct viewer *viewer = context;

	/* An update may come back from the workers after the good-bye. */
	if (viewer->layer.connection->state == CONNECTION_OPEN)
		layer_send_down(&viewer->layer, bytes, length);
}

/* Pixels can be lent only to the socket itself. */
static bool host_lends(void *context)
{
	struct viewer *viewer = context;

	return viewer->layer.below == NULL;
}

static void host_send_lent(
	void *context, struct buffer *bytes, struct loan_list *loans)
{
	struct viewer *viewer = context;
	struct buffer whole = { 0 };

	if (viewer->layer.below == NULL &&
		viewer->layer.connection->state == CONNECTION_OPEN) {
		connection_send_lent(viewer->layer.connection, bytes, loans);
		return;
	}
	if (loans->count == 0) {
		host_send(context, buffer_bytes(bytes), buffer_length(bytes));
	} else {
		loan_list_pour(loans, bytes, &whole);
		host_send(context, buffer_bytes(&whole), buffer_length(&whole));
	}
	buffer_finish(&whole);
	buffer_finish(bytes);
	loan_list_finish(loans);
}

static bool host_output_is_idle(void *context)
{
	struct viewer *viewer = context;

	return !viewer->layer.connection->busy;
}

static void link_viewer(struct viewer *viewer)
{
	struct server *server = viewer->server;

	viewer->next = server->viewers;
	if (viewer->next != NULL)
		viewer->next->previous = viewer;
	server->viewers = viewer;
	server->viewer_count++;
	viewer->listed = true;
	desktop_link_count_viewers(server);
}

static void unlink_viewer(struct viewer *viewer)
{
	struct server *server = viewer->server;

	if (!viewer->listed)
		return;
	if (viewer->previous != NULL)
		viewer->previous->next = viewer->next;
	else
		server->viewers = viewer->next;
	if (viewer->next != NULL)
		viewer->next->previous = viewer->previous;
	server->viewer_count--;
	viewer->listed = false;
	desktop_link_count_viewers(server);
}

/* -noshared: one viewer at a time, and the newest is it. The viewer's own
 * wish to be alone is not heard: TigerVNC's default would end every browser's
 * session (CLIENTS rule 18). */
static void end_others(struct viewer *viewer)
{
	struct viewer *other, *next;

	for (other = viewer->server->viewers; other != NULL; other = next) {
		next = other->next;
		if (other != viewer)
			connection_finish(other->layer.connection,
				WEBSOCKET_NORMAL, "another viewer took over");
	}
}

static bool host_start_tls(void *context, enum session_tls kind,
	const uint8_t *bytes, size_t length)
{
	struct viewer *viewer = context;
	struct connection *connection = viewer->layer.connection;
	struct layer *tls = tls_layer_create(viewer->server->tls,
		kind == SESSION_TLS_X509 ? TLS_X509 : TLS_ANONYMOUS);
	uint8_t *copy;

	if (tls == NULL)
		return false;
	connection_insert_below(connection, &viewer->layer, tls);
	if (length == 0)
		return true;
	copy = xmalloc(length); /* at most one read; a layer may overwrite it */
	memcpy(copy, bytes, length);
	tls->ops->receive(tls, copy, length);
	free(copy);
	return true;
}

static void host_check_login(
	void *context, const char *user, const char *password)
{
	struct viewer *viewer = context;

	login_check_begin(&viewer->server->login_check, viewer, user, password);
}

static void host_logged_in(void *context, bool exclusive)
{
	struct viewer *viewer = context;
	struct server *server = viewer->server;
	struct connection *connection = viewer->layer.connection;

	(void)exclusive;
	connection->logged_in = true;
	connection_set_deadline(connection, 0, NULL);
	metrics_add(&server->metrics, METRICS_LOGINS, 1);
	link_viewer(viewer);
	lifetime_came(&server->lifetime, &viewer->guest, connection);
	hook_run(viewer, BROKER_AFTER_ACCEPT);
	/* What it said before it was let in may be more than a turn's. */
	input_backlog_note(&server->backlog);
	if (!server->options->shared)
		end_others(viewer);
	desktop_link_welcome(server, viewer);
	audit_login(viewer);
}

static void host_answered(void *context, bool rightly)
{
	struct viewer *viewer = context;

	door_answered(&viewer->server->door, viewer, rightly);
}

static void host_update_wanted(void *context)
{
	struct viewer *viewer = context;

	frame_clock_wake(&viewer->server->clock);
}

static void host_key(
	void *context, uint32_t keysym, uint32_t scancode, bool down)
{
	struct viewer *viewer = context;
	const struct desktop_key key = { viewer->layer.connection->number,
		keysym, scancode };

	lifetime_touched(&viewer->server->lifetime, &viewer->guest);
	metrics_add(&viewer->server->metrics, METRICS_KEYS, 1);
	control_event_input(viewer);
	desktop_key(viewer->server->desktop, &key, down);
}

static bool has_turn(struct viewer *viewer, unsigned buttons)
{
	struct server *server = viewer->server;

	switch (pointer_seat_ask(
		&server->pointer_seat, &viewer->right, buttons, clock_us())) {
	case POINTER_SEAT_NO:
		return false;
	case POINTER_SEAT_TAKEN:
		desktop_nudge(server->desktop, 0, 0, 0);
		break;
	case POINTER_SEAT_YES:
		break;
	}
	return true;
}

static void host_pointer(void *context, int x, int y, unsigned buttons)
{
	struct viewer *viewer = context;
	struct server *server = viewer->server;

	lifetime_touched(&server->lifetime, &viewer->guest);
	metrics_add(&server->metrics, METRICS_POINTERS, 1);
	control_event_input(viewer);
	look_point_back(viewer->look, &x, &y);
	if (!has_turn(viewer, buttons))
		return;
	if (looks_stop_pointer(&server->looks, x, y)) {
		/* What is held there can be let go. */
		viewer->buttons &= buttons;
		desktop_nudge(server->desktop, 0, 0, viewer->buttons);
		return;
	}
	viewer->buttons = buttons;
	desktop_point(server->desktop, x, y, buttons);
	pointer_news_place(&server->pointer_news, x, y);
}

/* The pointer is on a blackened part. */
static bool is_stopped(struct server *server)
{
	int x, y;

	return desktop_pointer(server->desktop, &x, &y) &&
	       looks_stop_pointer(&server->looks, x, y);
}

static void host_nudge(void *context, int dx, int dy, unsigned buttons)
{
	struct viewer *viewer = context;
	struct server *server = viewer->server;

	lifetime_touched(&server->lifetime, &viewer->guest);
	metrics_add(&server->metrics, METRICS_POINTERS, 1);
	control_event_input(viewer);
	if (!has_turn(viewer, buttons))
		return;
	viewer->buttons &= buttons;
	desktop_nudge(server->desktop, dx, dy, viewer->buttons);
	if (viewer->buttons != buttons && !is_stopped(server)) {
		viewer->buttons = buttons;
		desktop_nudge(server->desktop, 0, 0, buttons);
	}
	pointer_news_moved(&server->pointer_news);
}

static void look_at(struct viewer *viewer, struct look_wish wish)
{
	struct look *before = viewer->look;

	viewer->look = look_take(viewer->server, wish);
	look_release(viewer->server, before);
}

/* Only that it sees it in another size. */
static void host_scale_asked(void *context, int divisor)
{
	struct viewer *viewer = context;
	struct look_wish wish = viewer->look->wish;

	wish.divisor = divisor;
	look_at(viewer, wish);
	desktop_link_tell_look(viewer->server, viewer);
}

void viewer_keep_to(struct viewer *viewer, const char *monitor)
{
	look_at(viewer, (struct look_wish){ .monitor = monitor,
				.nothing_else = true,
				.divisor = viewer->look->wish.divisor });
	/* ServerInit, which is yet to come, tells its size. */
	session_resize(viewer->session, &viewer->look->layout, false);
}

static void host_clipboard_offered(void *context, unsigned forms)
{
	struct viewer *viewer = context;

	clipboard_exchange_viewer_offers(
		&viewer->server->clipboard, viewer, forms);
}

static void host_clipboard_given(void *context, enum clipboard_format format,
	const void *bytes, size_t length)
{
	struct viewer *viewer = context;

	clipboard_exchange_viewer_gives(
		&viewer->server->clipboard, viewer, format, bytes, length);
}

static void host_clipboard_wanted(void *context, unsigned forms)
{
	struct viewer *viewer = context;

	clipboard_exchange_viewer_wants(
		&viewer->server->clipboard, viewer, forms);
}

static enum session_resize_status host_resize_asked(
	void *context, const struct session_layout *wanted)
{
	struct viewer *viewer = context;

	if (!look_is_whole(viewer->look, viewer->server))
		return SESSION_RESIZE_PROHIBITED;
	return desktop_link_resize(viewer->server, wanted);
}

static void host_line(void *context, struct session_line *line)
{
	struct viewer *viewer = context;
	uint64_t most = pace_limit(viewer->layer.connection);

	tcp_line_read(viewer->layer.connection->fd, line);
	if (most > 0 && (line->bytes_per_s == 0 || line->bytes_per_s > most))
		line->bytes_per_s = most;
}

static void host_carried(void *context, uint64_t trip_us)
{
	struct viewer *viewer = context;

	metrics_took(&viewer->server->metrics, METRICS_FENCE, trip_us);
}

static void host_remark(void *context, const char *text)
{
	struct viewer *viewer = context;

	log_info("#%lu %s: %s", viewer->layer.connection->number,
		viewer->layer.connection->peer_text, text);
}

static void host_closed(void *context, const char *reason)
{
	struct viewer *viewer = context;

	connection_finish(viewer->layer.connection, WEBSOCKET_NORMAL, reason);
}

static const struct session_host host = {
	.send = host_send,
	.send_lent = host_send_lent,
	.lends = host_lends,
	.output_is_idle = host_output_is_idle,
	.answered = host_answered,
	.start_tls = host_start_tls,
	.check_login = host_check_login,
	.logged_in = host_logged_in,
	.update_wanted = host_update_wanted,
	.key = host_key,
	.pointer = host_pointer,
	.nudge = host_nudge,
	.clipboard_offered = host_clipboard_offered,
	.clipboard_given = host_clipboard_given,
	.clipboard_wanted = host_clipboard_wanted,
	.resize_asked = host_resize_asked,
	.scale_asked = host_scale_asked,
	.line = host_line,
	.carried = host_carried,
	.remark = host_remark,
	.closed = host_closed,
};

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
		input_backlog_note(&viewer->server->backlog);
	connection_pause_reading(viewer->layer.connection, more);
	if (session_wants_pointer(viewer->session))
		pointer_news_want(&viewer->server->pointer_news);
}

void viewer_hear_more(struct viewer *viewer)
{
	if (!session_has_input(viewer->session))
		return;
	session_continue(viewer->session);
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
	const struct options *options = server->options;

	if (lifetime_is_full(&server->lifetime))
		return "too many viewers are connected (-maxclients)";
	if (!options->shared && !options->disconnect_clients &&
		server->viewer_count > 0)
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
	password_file_reread(&server->passwords, server->options);
	if (refusal != NULL) {
		door_count_refusal(&server->door, &layer->connection->peer);
		session_start_refusing(viewer->session, refusal);
	} else {
		session_start(viewer->session);
	}
}

static void drained(struct layer *layer)
{
	struct viewer *viewer = (struct viewer *)layer;

	session_drained(viewer->session);
	frame_clock_wake(&viewer->server->clock);
}

static void gone(struct layer *layer)
{
	struct viewer *viewer = (struct viewer *)layer;
	bool was_listed = viewer->listed;

	session_release_input(viewer->session);
	pointer_seat_leave(&viewer->server->pointer_seat, &viewer->right);
	door_forget(&viewer->server->door, viewer);
	login_check_forget(&viewer->server->login_check, viewer);
	unlink_viewer(viewer);
	if (was_listed)
		hook_run(viewer, BROKER_GONE);
	clipboard_exchange_gone(&viewer->server->clipboard, viewer);
	if (was_listed)
		lifetime_gone(&viewer->server->lifetime, &viewer->guest);
}

static void destroy(struct layer *layer)
{
	struct viewer *viewer = (struct viewer *)layer;

	session_destroy(viewer->session);
	look_release(viewer->server, viewer->look);
	free(viewer);
}

static const struct layer_ops viewer_ops = {
	.name = "rfb",
	.receive = receive,
	.ready = ready,
	.drained = drained,
	.gone = gone,
	.destroy = destroy,
	.reads_while_output_waits = true,
};

struct viewer *viewer_of(struct layer *layer)
{
	return layer->ops == &viewer_ops ? (struct viewer *)layer : NULL;
}

struct layer *viewer_create(struct server *server, const char *target)
{
	struct viewer *viewer = xcalloc(1, sizeof(*viewer));
	char *monitor = http_target_query(target, "monitor");

	viewer->layer.ops = &viewer_ops;
	viewer->server = server;
	viewer->look = look_take(
		server, (struct look_wish){ .monitor = monitor, .divisor = 1 });
	free(monitor);
	viewer->session = session_create(
		&server->session_config, &viewer->look->layout, &host, viewer);
	return &viewer->layer;
}
