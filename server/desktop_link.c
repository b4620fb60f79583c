#include "server/desktop_link.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/control/control_event.h"
#include "server/display/display_keeper.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/view/look.h"
#include "server/viewer.h"
#include "x11/desktop.h"

enum {
	ABSENT_WIDTH = 1024,
	ABSENT_HEIGHT = 768,
	MOST_NAME_BYTES = 200,
	TEND_MS = 3000
};

const char *desktop_link_name(const struct share *share)
{
	return share != NULL && share->desktop != NULL
		       ? desktop_name(share->desktop)
		       : "";
}

void desktop_link_layout(
	const struct share *share, struct session_layout *layout)
{
	struct desktop_monitor monitors[DESKTOP_MOST_MONITORS];
	int i, count = desktop_monitors(share->desktop, monitors);

	memset(layout, 0, sizeof(*layout));
	layout->width = desktop_width(share->desktop);
	layout->height = desktop_height(share->desktop);
	if (count > SESSION_MOST_SCREENS)
		count = SESSION_MOST_SCREENS;
	layout->count = count;
	for (i = 0; i < count; i++)
		layout->screens[i] = (struct session_screen){
			.id = monitors[i].id,
			.rect = monitors[i].rect,
			.flags = monitors[i].flags,
		};
}

void desktop_link_tell_look(struct share *share, struct viewer *viewer)
{
	struct look *look = viewer->look;

	session_resize(viewer->session, &look->layout, false);
	session_set_cursor(viewer->session,
		look_cursor(look, desktop_cursor(share->desktop)));
}

void desktop_link_welcome(struct share *share, struct viewer *viewer)
{
	desktop_link_tell_look(share, viewer);
	clipboard_exchange_welcome(&share->clipboard, viewer);
	session_set_leds(viewer->session, desktop_lights(share->desktop));
}

static void on_damaged(void *context)
{
	struct share *share = context;

	frame_clock_damaged(&share->clock);
}

static void on_cursor_changed(void *context)
{
	struct share *share = context;
	struct cursor_image *cursor = desktop_cursor(share->desktop);
	struct viewer *viewer;

	for (viewer = share->viewers; viewer != NULL; viewer = viewer->next)
		session_set_cursor(
			viewer->session, look_cursor(viewer->look, cursor));
}

/* Those that are not logged in yet, too: ServerInit tells the size. */
static void tell_layouts(struct share *share)
{
	struct connection *connection = share->server->connections;

	for (; connection != NULL; connection = connection->next) {
		struct viewer *viewer = viewer_of(connection->top);

		if (viewer != NULL && viewer->share == share &&
			connection->state == CONNECTION_OPEN)
			session_resize(viewer->session, &viewer->look->layout,
				share->resize_asked);
	}
}

static void on_resized(void *context)
{
	struct share *share = context;

	metrics_add(&share->server->metrics, METRICS_RESIZES, 1);
	control_event_size(share);
	log_info("%sthe screen is %dx%d now", share->whose,
		desktop_width(share->desktop), desktop_height(share->desktop));
	looks_refresh(share);
	tell_layouts(share);
	on_cursor_changed(share);
	frame_clock_renewed(&share->clock);
}

enum session_resize_status desktop_link_resize(
	struct share *share, const struct session_layout *wanted)
{
	static const enum session_resize_status answers[] = {
		[DESKTOP_RESIZED] = SESSION_RESIZED,
		[DESKTOP_RESIZE_PROHIBITED] = SESSION_RESIZE_PROHIBITED,
		[DESKTOP_RESIZE_IMPOSSIBLE] = SESSION_RESIZE_NO_RESOURCES,
	};
	struct desktop_monitor monitors[SESSION_MOST_SCREENS];
	enum desktop_resize_status status;
	int i;

	for (i = 0; i < wanted->count; i++)
		monitors[i] = (struct desktop_monitor){
			.id = wanted->screens[i].id,
			.rect = wanted->screens[i].rect,
			.flags = wanted->screens[i].flags,
		};
	status = desktop_resize(share->desktop, wanted->width, wanted->height,
		monitors, wanted->count);
	share->resize_asked = true;
	desktop_dispatch(share->desktop);
	share->resize_asked = false;
	return answers[status];
}

static void on_clipboard_changed(void *context)
{
	struct share *share = context;

	clipboard_exchange_x_changed(&share->clipboard);
}

static void on_clipboard_offered(void *context, unsigned forms)
{
	struct share *share = context;

	clipboard_exchange_x_offers(&share->clipboard, forms);
}

static void on_clipboard_given(void *context, enum clipboard_format format,
	const void *bytes, size_t length)
{
	struct share *share = context;

	clipboard_exchange_x_gives(&share->clipboard, format, bytes, length);
}

static void on_clipboard_wanted(void *context, enum clipboard_format format)
{
	struct share *share = context;

	clipboard_exchange_x_wants(&share->clipboard, format);
}

static void on_bell(void *context)
{
	struct share *share = context;
	struct viewer *viewer = share->options->bell ? share->viewers : NULL;

	for (; viewer != NULL; viewer = viewer->next)
		session_bell(viewer->session);
}

static void on_lights_changed(void *context)
{
	struct share *share = context;
	int leds = desktop_lights(share->desktop);
	struct viewer *viewer;

	for (viewer = share->viewers; viewer != NULL; viewer = viewer->next)
		session_set_leds(viewer->session, leds);
}

static void on_pointer_moved(void *context)
{
	struct share *share = context;

	pointer_news_moved(&share->pointer_news);
}

static void on_poll_closed(uv_handle_t *poll)
{
	free(poll);
}

/* Before its descriptor is closed. */
static void stop_listening(struct share *share)
{
	uv_poll_t *poll = share->desktop_poll;

	/* At the end it is closed with all the others. */
	if (poll == NULL || uv_is_closing((uv_handle_t *)poll))
		return;
	share->desktop_poll = NULL;
	uv_close((uv_handle_t *)poll, on_poll_closed);
}

static void on_lost(void *context, const char *reason)
{
	struct share *share = context;
	bool wanted_back =
		share->display_keeper.opening ||
		(share->desktop != NULL && desktop_is_lost(share->desktop));

	if (!share->server->stopping && wanted_back &&
		display_keeper_lost(&share->display_keeper, reason))
		return;
	/* The dead socket stays readable, and the farewell takes a while. */
	stop_listening(share);
	share_end(share, EXIT_DISPLAY_LOST, reason);
}

static const struct desktop_host host = {
	.damaged = on_damaged,
	.cursor_changed = on_cursor_changed,
	.resized = on_resized,
	.clipboard_changed = on_clipboard_changed,
	.clipboard_offered = on_clipboard_offered,
	.clipboard_given = on_clipboard_given,
	.clipboard_wanted = on_clipboard_wanted,
	.bell = on_bell,
	.lights_changed = on_lights_changed,
	.pointer_moved = on_pointer_moved,
	.lost = on_lost,
};

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct share *share = poll->data;

	(void)status;
	(void)events;
	desktop_dispatch(share->desktop);
}

static void on_due(uv_timer_t *timer)
{
	struct share *share = timer->data;

	desktop_dispatch(share->desktop);
}

void desktop_link_turn(struct share *share)
{
	if (share->desktop != NULL)
		desktop_turn(share->desktop);
}

void desktop_link_arm(struct share *share)
{
	uint64_t due = 0, now = clock_us();

	if (share->desktop != NULL)
		due = desktop_due_us(share->desktop);
	if (due == 0)
		return;
	uv_timer_start(&share->desktop_timer, on_due,
		due > now ? (due - now + 999) / 1000 : 0, 0);
}

static struct desktop_input_options input_of(const struct options *options)
{
	return (struct desktop_input_options){
		.remap = options->remap,
		.button_map = options->button_map,
		.skip_keycodes = options->skip_keycodes,
		.by_place = options->raw_keyboard,
		.skip_lock_keys = options->skip_lock_keys,
		.no_spare_keys = !options->add_keysyms,
		.warp = options->warp_pointer,
		.clear_modifiers = options->clear_modifiers,
		.clear_keys = options->clear_keys,
		.clear_all = options->clear_all,
	};
}

static enum desktop_power power_policy(const struct options *options)
{
	if (options->keep_dark)
		return DESKTOP_POWER_OFF;
	return options->keep_awake ? DESKTOP_POWER_ON : DESKTOP_POWER_AS_IS;
}

static void on_tend_timer(uv_timer_t *timer)
{
	struct share *share = timer->data;

	desktop_tend(share->desktop);
}

void desktop_link_count_viewers(struct share *share)
{
	const struct options *options = share->options;

	desktop_set_viewers(share->desktop, share->viewer_count);
	if (!options->keep_awake && !options->keep_dark)
		return;
	if (share->viewer_count == 0 || share->server->stopping)
		uv_timer_stop(&share->tend_timer);
	else
		uv_timer_start(&share->tend_timer, on_tend_timer, 0, TEND_MS);
}

static void listen_to(struct share *share)
{
	share->desktop_poll = xcalloc(1, sizeof(*share->desktop_poll));
	uv_poll_init(&share->server->loop, share->desktop_poll,
		desktop_fd(share->desktop));
	share->desktop_poll->data = share;
	uv_poll_start(share->desktop_poll, UV_READABLE, on_readable);
}

static struct desktop_options desktop_of(const struct options *options)
{
	int most_bytes = options->most_clipboard_out_bytes != 0
				 ? options->most_clipboard_out_bytes
				 : options->most_clipboard_bytes;

	return (struct desktop_options){
		.display = options->display,
		.authority = options->authority,
		.clip = options->clip,
		.window = options->window != NULL ? options->window
						  : options->window_place,
		.window_place = options->window == NULL,
		.wait_mapped = options->wait_mapped,
		.watch_sign = options->indicator,
		.power = power_policy(options),
		.backdrop = !options->solid_given    ? NULL
			    : options->solid != NULL ? options->solid
						     : "cyan4",
		.use_shm = options->shm,
		.use_damage = options->damage,
		.use_cursor = options->cursor,
		.view_only = options->view_only,
		.input = input_of(options),
		.no_primary = !options->primary,
		.no_clipboard = !options->clipboard,
		.no_set_primary = !options->set_primary,
		.no_set_clipboard = !options->set_clipboard,
		.most_clipboard_bytes = (size_t)most_bytes,
	};
}

bool desktop_link_check(const struct options *options, char **error)
{
	const struct desktop_options wanted = desktop_of(options);

	return desktop_check(&wanted, error);
}

static struct desktop *open_desktop(struct share *share, const char *display,
	const char *authority, char **error)
{
	struct desktop_options wanted = desktop_of(share->options);
	const char *usual = share->server->authority;
	struct desktop *desktop;

	wanted.display = display;
	wanted.authority = authority;
	/* Alone it is waited for as long as it takes: the program would end. */
	wanted.impatient = share->options->reopen || share->name != NULL;
	desktop = desktop_open(&wanted, &host, share, error);
	/* Others may have another one, or none. */
	if (usual != NULL)
		setenv("XAUTHORITY", usual, 1);
	else
		unsetenv("XAUTHORITY");
	return desktop;
}

static void name_desktop(struct share *share)
{
	const struct options *options = share->options;
	const char *name = options->desktop_name ? options->desktop_name
						 : desktop_name(share->desktop);

	free(share->desktop_name);
	share->desktop_name =
		text_printable(name, strlen(name), MOST_NAME_BYTES);
	share->session_config.name = share->desktop_name;
}

bool desktop_link_open(struct share *share, char **error)
{
	struct display_keeper *keeper = &share->display_keeper;
	bool there = display_keeper_begin(keeper, error);

	if (*error != NULL)
		return false;
	share->desktop = there ? open_desktop(share, keeper->target.name,
					 keeper->target.authority, error)
			       : desktop_absent(ABSENT_WIDTH, ABSENT_HEIGHT);
	if (share->desktop == NULL)
		return false;
	looks_refresh(share);
	name_desktop(share);
	if (there) {
		display_keeper_ready(keeper);
		listen_to(share);
	}
	uv_timer_init(&share->server->loop, &share->desktop_timer);
	share->desktop_timer.data = share;
	pointer_news_init(&share->pointer_news, share);
	uv_timer_init(&share->server->loop, &share->tend_timer);
	share->tend_timer.data = share;
	return true;
}

/* ---- lost and found ---- */

void desktop_link_away(struct share *share)
{
	struct viewer *viewer = share->viewers;

	metrics_add(&share->server->metrics, METRICS_DISPLAY_LOST, 1);
	control_event_share(CONTROL_DISPLAY_LOST, share);
	stop_listening(share);
	/* What they hold nobody will ever let go there. */
	for (; viewer != NULL; viewer = viewer->next) {
		session_release_input(viewer->session);
		pointer_seat_leave(&share->pointer_seat, &viewer->right);
		viewer->buttons = 0;
	}
	on_cursor_changed(share);
	clipboard_exchange_x_lost(&share->clipboard);
	frame_clock_damaged(&share->clock);
}

bool desktop_link_reopen(struct share *share, const char *display,
	const char *authority, char **error)
{
	struct desktop *desktop =
		open_desktop(share, display, authority, error);

	if (desktop == NULL)
		return false;
	if (desktop_is_lost(desktop)) {
		desktop_close(desktop);
		return false;
	}
	stop_listening(share);
	desktop_close(share->desktop);
	share->desktop = desktop;
	return true;
}

static void rename_desktop(struct share *share)
{
	char *before = xstrdup(share->desktop_name);
	struct viewer *viewer = share->viewers;

	name_desktop(share);
	if (strcmp(before, share->desktop_name) != 0)
		for (; viewer != NULL; viewer = viewer->next)
			session_rename(viewer->session);
	free(before);
}

void desktop_link_back(struct share *share)
{
	metrics_add(&share->server->metrics, METRICS_DISPLAY_BACK, 1);
	rename_desktop(share);
	control_event_share(CONTROL_DISPLAY_BACK, share);
	listen_to(share);
	/* First of all: only then the pointer is looked at. */
	desktop_link_count_viewers(share);
	on_resized(share);
	on_lights_changed(share);
	clipboard_exchange_x_back(&share->clipboard);
	pointer_news_restart(&share->pointer_news);
}

void desktop_link_close(struct share *share)
{
	/* The loop has closed it. */
	free(share->desktop_poll);
	share->desktop_poll = NULL;
	if (share->desktop != NULL)
		desktop_close(share->desktop);
	share->desktop = NULL;
	free(share->desktop_name);
}
