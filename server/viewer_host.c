#include "server/viewer_host.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/access/audit.h"
#include "server/access/hook.h"
#include "server/connection.h"
#include "server/control/control_event.h"
#include "server/desktop_link.h"
#include "server/input/viewer_pointer.h"
#include "server/pace.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/tcp_line.h"
#include "server/tls/tls_layer.h"
#include "server/viewer.h"
#include "server/viewer_list.h"
#include "websocket/websocket.h"

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

static void host_costs(void *context)
{
	struct viewer *viewer = context;

	handshake_work_add(&viewer->server->handshake_work, &viewer->work);
}

static void host_check_login(
	void *context, const char *user, const char *password)
{
	struct viewer *viewer = context;

	login_check_begin(&viewer->share->login_check, viewer, user, password);
}

static void host_logged_in(void *context, bool exclusive)
{
	struct viewer *viewer = context;
	struct server *server = viewer->server;
	struct connection *connection = viewer->layer.connection;

	(void)exclusive;
	connection->logged_in = true;
	connection_set_deadline(connection, 0, NULL);
	share_count(viewer->share, METRICS_LOGINS, 1);
	viewer_list_add(viewer);
	lifetime_came(&server->lifetime, &viewer->guest, connection);
	hook_run(viewer, BROKER_AFTER_ACCEPT);
	/* What it said before it was let in may be more than a turn's. */
	input_backlog_note(&viewer->share->backlog);
	if (!viewer->share->options->shared)
		viewer_list_end_others(viewer);
	desktop_link_welcome(viewer->share, viewer);
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

	frame_clock_wake(&viewer->share->clock);
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
	desktop_key(viewer->share->desktop, &key, down);
	if (down)
		frame_clock_hurry(&viewer->share->clock);
}

static void host_pointer(void *context, int x, int y, unsigned buttons)
{
	viewer_pointer_point(context, x, y, buttons);
}

static void host_nudge(void *context, int dx, int dy, unsigned buttons)
{
	viewer_pointer_nudge(context, dx, dy, buttons);
}

/* Only that it sees it in another size. */
static void host_scale_asked(void *context, int divisor)
{
	struct viewer *viewer = context;
	struct look_wish wish = viewer->look->wish;

	wish.divisor = divisor;
	viewer_look(viewer, wish);
	desktop_link_tell_look(viewer->share, viewer);
}

static void host_clipboard_offered(void *context, unsigned forms)
{
	struct viewer *viewer = context;

	clipboard_exchange_viewer_offers(
		&viewer->share->clipboard, viewer, forms);
}

static void host_clipboard_given(void *context, enum clipboard_format format,
	const void *bytes, size_t length)
{
	struct viewer *viewer = context;

	clipboard_exchange_viewer_gives(
		&viewer->share->clipboard, viewer, format, bytes, length);
}

static void host_clipboard_wanted(void *context, unsigned forms)
{
	struct viewer *viewer = context;

	clipboard_exchange_viewer_wants(
		&viewer->share->clipboard, viewer, forms);
}

static enum session_resize_status host_resize_asked(
	void *context, const struct session_layout *wanted)
{
	struct viewer *viewer = context;

	if (!look_is_whole(viewer->look, viewer->share))
		return SESSION_RESIZE_PROHIBITED;
	return desktop_link_resize(viewer->share, wanted);
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

const struct session_host viewer_host = {
	.send = host_send,
	.send_lent = host_send_lent,
	.lends = host_lends,
	.output_is_idle = host_output_is_idle,
	.answered = host_answered,
	.start_tls = host_start_tls,
	.costs = host_costs,
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
