#include "x11/desktop.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "x11/backdrop.h"
#include "x11/capture.h"
#include "x11/clipboard.h"
#include "x11/cursor.h"
#include "x11/damage.h"
#include "x11/display.h"
#include "x11/input.h"
#include "x11/monitors.h"
#include "x11/patience.h"
#include "x11/resize.h"
#include "x11/screen_power.h"
#include "x11/source.h"
#include "x11/watch_sign.h"

struct desktop {
	const struct desktop_host *host;
	void *context;
	struct display display;
	struct source source;
	bool area_changed; /* as an event or a failed grab has it */
	bool window_gone;  /* told once */
	bool watched;      /* there are viewers */
	/* The next request's number when there were no events left. */
	unsigned long asked;
	struct capture capture;
	struct damage damage;
	struct cursor cursor;
	struct monitors monitors;
	struct resize resize;
	struct input input;
	struct screen_power power;
	struct watch_sign sign;
	struct backdrop backdrop;
	struct clipboard clipboard;
};

static void on_lost(void *context, const char *reason)
{
	struct desktop *desktop = context;

	if (desktop->host->lost != NULL)
		desktop->host->lost(desktop->context, reason);
}

static void init_parts(struct desktop *desktop,
	const struct desktop_options *options,
	const struct keyboard_options *keyboard,
	const struct pointer_options *pointer)
{
	const struct source *source = &desktop->source;

	monitors_update(
		&desktop->monitors, source->area, !source_has_monitors(source));
	monitors_warn_xwayland(&desktop->monitors);
	resize_init(&desktop->resize, &desktop->display,
		desktop->monitors.available);
	capture_init(&desktop->capture, &desktop->display, options->use_shm);
	capture_set_area(&desktop->capture, source->drawable, source->grab);
	damage_init(&desktop->damage, &desktop->display, source_damaged(source),
		options->use_damage);
	cursor_init(&desktop->cursor, &desktop->display, options->use_cursor);
	input_init(&desktop->input, &desktop->display, options->view_only,
		keyboard, pointer);
	clipboard_init(&desktop->clipboard, &desktop->display, options,
		desktop->host, desktop->context);
	screen_power_init(&desktop->power, &desktop->display, options->power);
	watch_sign_init(&desktop->sign, &desktop->display, options->watch_sign);
	backdrop_init(&desktop->backdrop, &desktop->display, options->backdrop);
	/* The area was measured before we asked to be told of changes. */
	desktop->area_changed = true;
}

static bool find_source(struct desktop *desktop,
	const struct desktop_options *options, char **error)
{
	struct display *display = &desktop->display;

	XSelectInput(display->x, display->root, StructureNotifyMask);
	monitors_init(&desktop->monitors, display);
	monitors_ask(&desktop->monitors);
	return source_init(&desktop->source, display, options, error) &&
	       source_begin(&desktop->source, &desktop->monitors, error);
}

bool desktop_check(const struct desktop_options *options, char **error)
{
	struct keyboard_options keyboard;
	struct pointer_options pointer;

	return input_read_options(
		       &options->input, &keyboard, &pointer, error) &&
	       source_check(options, error);
}

struct desktop *desktop_open(const struct desktop_options *options,
	const struct desktop_host *host, void *context, char **error)
{
	struct desktop *desktop;
	struct keyboard_options keyboard;
	struct pointer_options pointer;

	if (!input_read_options(&options->input, &keyboard, &pointer, error))
		return NULL;
	desktop = xcalloc(1, sizeof(*desktop));
	desktop->host = host;
	desktop->context = context;
	if (!display_open(&desktop->display, options->display,
		    options->authority, on_lost, desktop, error)) {
		free(desktop);
		return NULL;
	}
	if (!find_source(desktop, options, error)) {
		source_finish(&desktop->source);
		desktop->display.stillborn = desktop->display.lost;
		display_close(&desktop->display);
		free(desktop);
		return NULL;
	}
	if (options->impatient)
		patience_watch(desktop->display.x);
	init_parts(desktop, options, &keyboard, &pointer);
	desktop->display.stillborn = desktop->display.lost;
	return desktop;
}

struct desktop *desktop_absent(int width, int height)
{
	struct desktop *desktop = xcalloc(1, sizeof(*desktop));
	const struct rect area = { 0, 0, width, height };

	desktop->display.lost = true;
	desktop->display.name = xstrdup("no display");
	desktop->source.area = area;
	desktop->monitors.count = 1;
	desktop->monitors.list[0].rect = area;
	desktop->damage.available = true; /* nothing is to be looked for */
	desktop->input.keyboard.lights.on = -1;
	return desktop;
}

static bool is_absent(const struct desktop *desktop)
{
	return desktop->display.x == NULL;
}

bool desktop_is_lost(const struct desktop *desktop)
{
	return desktop->display.lost;
}

void desktop_close(struct desktop *desktop)
{
	if (desktop == NULL)
		return;
	if (is_absent(desktop)) {
		display_close(&desktop->display);
		free(desktop);
		return;
	}
	clipboard_finish(&desktop->clipboard);
	input_finish(&desktop->input);
	cursor_finish(&desktop->cursor);
	damage_finish(&desktop->damage);
	capture_finish(&desktop->capture);
	watch_sign_finish(&desktop->sign);
	backdrop_finish(&desktop->backdrop);
	resize_finish(&desktop->resize);
	source_finish(&desktop->source);
	display_close(&desktop->display);
	free(desktop);
}

void desktop_rest(void)
{
	patience_rest();
}

int desktop_fd(const struct desktop *desktop)
{
	return ConnectionNumber(desktop->display.x);
}

static void tell_window_gone(struct desktop *desktop)
{
	char *reason;

	if (desktop->window_gone)
		return;
	desktop->window_gone = true;
	reason = xasprintf("the shared window 0x%lx was closed",
		desktop->source.window.id);
	if (desktop->host->lost != NULL)
		desktop->host->lost(desktop->context, reason);
	free(reason);
}

static void handle(struct desktop *desktop, XEvent *event)
{
	bool gone;

	if (event->type == ConfigureNotify &&
		event->xconfigure.window == desktop->display.root) {
		desktop->area_changed = true;
		return;
	}
	if (source_handle(&desktop->source, event, &gone)) {
		desktop->area_changed = true;
		if (gone)
			tell_window_gone(desktop);
		return;
	}
	if (monitors_handle(&desktop->monitors, event)) {
		desktop->area_changed = true;
		return;
	}
	if (watch_sign_handle(&desktop->sign, event))
		return;
	if (damage_handle(&desktop->damage, event) ||
		cursor_handle(&desktop->cursor, event) ||
		clipboard_handle(&desktop->clipboard, event))
		return;
	input_handle(&desktop->input, event);
}

/* Asks how large things are now: events may tell of a size already past. */
static void update_area(struct desktop *desktop)
{
	struct source *source = &desktop->source;
	bool moved;

	desktop->area_changed = false;
	monitors_ask(&desktop->monitors);
	moved = source_update(source, &desktop->monitors);
	if (desktop->display.lost || desktop->window_gone)
		return;
	/* A grab that failed for another reason gets new segments to try. */
	if (moved || desktop->capture.grab_failed)
		capture_set_area(
			&desktop->capture, source->drawable, source->grab);
	if (!monitors_update(&desktop->monitors, source->area,
		    !source_has_monitors(source)) &&
		!moved)
		return;
	if (desktop->display.lost)
		return;
	log_debug("the shared area is %dx%d pixels now", source->area.width,
		source->area.height);
	if (desktop->host->resized != NULL)
		desktop->host->resized(desktop->context);
}

static void tell(struct desktop *desktop, void (*host_function)(void *context))
{
	if (host_function != NULL && !desktop->display.lost)
		host_function(desktop->context);
}

static bool take_lights(struct desktop *desktop)
{
	bool changed = desktop->input.keyboard.lights.changed;

	desktop->input.keyboard.lights.changed = false;
	return changed;
}

static void take_events(struct desktop *desktop)
{
	Display *x = desktop->display.x;
	XEvent event;

	while (!desktop->display.lost && XPending(x) > 0) {
		XNextEvent(x, &event);
		handle(desktop, &event);
	}
	if (!desktop->display.lost)
		desktop->asked = NextRequest(x);
}

static void work(struct desktop *desktop)
{
	if (desktop->display.lost)
		return;
	keyboard_work(&desktop->input.keyboard);
	if (desktop->area_changed)
		update_area(desktop);
	if (cursor_update(&desktop->cursor))
		tell(desktop, desktop->host->cursor_changed);
	if (keyboard_take_bell(&desktop->input.keyboard))
		tell(desktop, desktop->host->bell);
	if (clipboard_take_changed(&desktop->clipboard))
		tell(desktop, desktop->host->clipboard_changed);
	if (take_lights(desktop))
		tell(desktop, desktop->host->lights_changed);
	if (pointer_watch_take(&desktop->input.watch))
		tell(desktop, desktop->host->pointer_moved);
	if (damage_take_told(&desktop->damage))
		tell(desktop, desktop->host->damaged);
}

void desktop_dispatch(struct desktop *desktop)
{
	take_events(desktop);
	work(desktop);
}

void desktop_turn(struct desktop *desktop)
{
	/* Looking for events reads the socket, twice, and a film's picture
	 * takes many turns. */
	if (!desktop->display.lost &&
		desktop->asked != NextRequest(desktop->display.x))
		take_events(desktop);
	work(desktop);
}

int desktop_width(const struct desktop *desktop)
{
	return desktop->source.area.width;
}

int desktop_height(const struct desktop *desktop)
{
	return desktop->source.area.height;
}

bool desktop_has_damage(const struct desktop *desktop)
{
	return desktop->damage.available;
}

bool desktop_is_warm(const struct desktop *desktop)
{
	return desktop->display.lost || capture_is_warm(&desktop->capture);
}

const char *desktop_name(const struct desktop *desktop)
{
	return desktop->display.name;
}

int desktop_monitors(const struct desktop *desktop,
	struct desktop_monitor monitors[DESKTOP_MOST_MONITORS])
{
	int i;

	for (i = 0; i < desktop->monitors.count; i++)
		monitors[i] = desktop->monitors.list[i];
	return desktop->monitors.count;
}

bool desktop_find_monitor(
	const struct desktop *desktop, const char *name, struct rect *rect)
{
	const struct rect *area = &desktop->source.area;

	if (desktop->display.lost ||
		!monitors_find(&desktop->monitors, name, rect))
		return false;
	*rect = rect_intersect(*rect, *area);
	rect->x -= area->x;
	rect->y -= area->y;
	return true;
}

struct rect desktop_place(const struct desktop *desktop)
{
	struct rect place = desktop->source.area;

	if (!source_has_monitors(&desktop->source))
		place.x = place.y = 0;
	return place;
}

enum desktop_resize_status desktop_resize(struct desktop *desktop, int width,
	int height, const struct desktop_monitor *monitors, int count)
{
	if (desktop->display.lost)
		return DESKTOP_RESIZE_IMPOSSIBLE;
	if (!source_is_screen(&desktop->source))
		return DESKTOP_RESIZE_PROHIBITED;
	desktop->area_changed = true;
	return resize_apply(&desktop->resize, width, height, monitors, count);
}

struct frame *desktop_capture(struct desktop *desktop,
	enum desktop_capture_what what, struct region *changed,
	struct move_list *moves)
{
	struct frame *frame;

	if (moves != NULL)
		moves->count = 0;
	if (desktop->display.lost)
		return NULL;
	if (what == CAPTURE_EVERYTHING || !desktop->damage.available) {
		damage_forget(&desktop->damage);
		capture_want_everything(&desktop->capture);
	} else {
		if (what != CAPTURE_STRIP)
			damage_fetch(&desktop->damage, &desktop->capture);
		if (what != CAPTURE_DAMAGED)
			capture_want_strip(&desktop->capture);
	}
	frame = capture_take(&desktop->capture, changed, moves);
	if (frame == NULL && desktop->capture.grab_failed)
		desktop->area_changed = true;
	if (desktop->display.lost) {
		frame_unref(frame);
		return NULL;
	}
	return frame;
}

bool desktop_refused_capture(const struct desktop *desktop)
{
	return desktop->capture.grab_failed;
}

struct cursor_image *desktop_cursor(const struct desktop *desktop)
{
	return desktop->display.lost ? NULL : desktop->cursor.image;
}

bool desktop_pointer(struct desktop *desktop, int *x, int *y)
{
	const struct rect *area = &desktop->source.area;
	int root_x, root_y, left, top;

	if (desktop->display.lost ||
		!pointer_place(&desktop->input.pointer, &root_x, &root_y))
		return false;
	source_origin(&desktop->source, &left, &top);
	*x = root_x - left;
	*y = root_y - top;
	return *x >= 0 && *y >= 0 && *x < area->width && *y < area->height;
}

bool desktop_watch_pointer(struct desktop *desktop, bool on)
{
	if (!desktop->display.lost)
		pointer_watch_set(&desktop->input.watch, on);
	return desktop->input.watch.opcode != 0;
}

int desktop_lights(const struct desktop *desktop)
{
	return desktop->input.keyboard.lights.on;
}

uint64_t desktop_due_us(const struct desktop *desktop)
{
	return desktop->display.lost ? 0 : desktop->input.keyboard.due_us;
}

void desktop_key(
	struct desktop *desktop, const struct desktop_key *key, bool down)
{
	const struct key_told told = { key->who, key->keysym, key->scancode };

	if (desktop->display.lost)
		return;
	keyboard_key(&desktop->input.keyboard, &told, down);
	if (desktop->input.allowed)
		screen_power_wake(&desktop->power);
}

static int limit(int value, int most)
{
	if (value > most)
		return most;
	return value < 0 ? 0 : value;
}

void desktop_point(struct desktop *desktop, int x, int y, unsigned buttons)
{
	const struct rect *area = &desktop->source.area;
	int left, top;

	if (desktop->display.lost || !desktop->input.allowed)
		return;
	source_origin(&desktop->source, &left, &top);
	pointer_move(&desktop->input.pointer, left + limit(x, area->width - 1),
		top + limit(y, area->height - 1), buttons);
	screen_power_wake(&desktop->power);
}

void desktop_set_viewers(struct desktop *desktop, int count)
{
	bool watched = count > 0;

	if (desktop->display.lost)
		return;
	if (desktop->watched != watched)
		cursor_watch(&desktop->cursor, watched);
	desktop->watched = watched;
	watch_sign_set(&desktop->sign, count);
	backdrop_show(&desktop->backdrop, count > 0);
}

void desktop_tend(struct desktop *desktop)
{
	if (!desktop->display.lost)
		screen_power_tend(&desktop->power);
}

void desktop_nudge(struct desktop *desktop, int dx, int dy, unsigned buttons)
{
	if (!desktop->display.lost && desktop->input.allowed)
		pointer_nudge(&desktop->input.pointer, dx, dy, buttons);
}

void desktop_clipboard_look(struct desktop *desktop)
{
	if (!desktop->display.lost)
		clipboard_look(&desktop->clipboard);
}

void desktop_clipboard_fetch(
	struct desktop *desktop, enum clipboard_format format)
{
	if (!desktop->display.lost)
		clipboard_fetch(&desktop->clipboard, format);
}

void desktop_clipboard_forget(struct desktop *desktop)
{
	if (!desktop->display.lost)
		clipboard_forget(&desktop->clipboard);
}

void desktop_clipboard_own(struct desktop *desktop, unsigned forms)
{
	if (!desktop->display.lost)
		selection_offer_start(&desktop->clipboard.offer, forms);
}

void desktop_clipboard_give(struct desktop *desktop,
	enum clipboard_format format, const void *bytes, size_t length)
{
	if (!desktop->display.lost)
		selection_offer_give(
			&desktop->clipboard.offer, format, bytes, length);
}
