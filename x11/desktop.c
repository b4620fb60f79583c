#include "x11/desktop.h"

#include <X11/extensions/XTest.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "x11/capture.h"
#include "x11/clip.h"
#include "x11/clipboard.h"
#include "x11/cursor.h"
#include "x11/damage.h"
#include "x11/display.h"
#include "x11/keyboard.h"
#include "x11/monitors.h"
#include "x11/pointer.h"
#include "x11/resize.h"

struct desktop {
	const struct desktop_host *host;
	void *context;
	struct display display;
	struct rect clip;
	bool clipped;
	struct rect area;  /* of the root window: what we share */
	bool area_changed; /* as an event or a failed grab has it */
	bool input;        /* XTEST is there and wanted */
	struct capture capture;
	struct damage damage;
	struct cursor cursor;
	struct monitors monitors;
	struct resize resize;
	struct pointer pointer;
	struct keyboard keyboard;
	struct clipboard clipboard;
};

static void on_lost(void *context, const char *reason)
{
	struct desktop *desktop = context;

	if (desktop->host->lost != NULL)
		desktop->host->lost(desktop->context, reason);
}

/* False where the clip has nothing to show at all. */
static bool set_first_area(
	struct desktop *desktop, const char *clip, char **error)
{
	struct rect screen = display_root_rect(&desktop->display);

	desktop->clipped = clip != NULL;
	if (clip != NULL && !clip_parse(clip, &desktop->clip)) {
		*error = xasprintf("-clip %s: expected WxH+X+Y", clip);
		return false;
	}
	desktop->area =
		clip == NULL ? screen : rect_intersect(desktop->clip, screen);
	if (!rect_is_empty(desktop->area))
		return true;
	if (rect_is_empty(screen))
		*error = xasprintf("the display %s was lost while opening it",
			desktop->display.name);
	else
		*error = xasprintf(
			"-clip %s lies outside the screen of %s, "
			"which is %dx%d pixels",
			clip, desktop->display.name, screen.width,
			screen.height);
	return false;
}

static void init_input(struct desktop *desktop, bool view_only)
{
	int event_base, error_base, major, minor;
	Display *x = desktop->display.x;

	pointer_init(&desktop->pointer, &desktop->display);
	keyboard_init(&desktop->keyboard, &desktop->display);
	if (view_only)
		return;
	desktop->input = XTestQueryExtension(
		x, &event_base, &error_base, &major, &minor);
	if (!desktop->input) {
		log_warning(
			"the X server lacks XTEST: viewers can look but "
			"not type or click");
		return;
	}
	/* Others' server grabs (menus, screen lockers) do not stop us. */
	XTestGrabControl(x, True);
}

static void init_parts(
	struct desktop *desktop, const struct desktop_options *options)
{
	XSelectInput(
		desktop->display.x, desktop->display.root, StructureNotifyMask);
	monitors_init(&desktop->monitors, &desktop->display);
	monitors_update(&desktop->monitors, desktop->area);
	monitors_warn_xwayland(&desktop->monitors);
	resize_init(&desktop->resize, &desktop->display,
		desktop->monitors.available);
	capture_init(&desktop->capture, &desktop->display, options->use_shm);
	capture_set_area(&desktop->capture, desktop->area);
	damage_init(&desktop->damage, &desktop->display, options->use_damage);
	cursor_init(&desktop->cursor, &desktop->display, options->use_cursor);
	init_input(desktop, options->view_only);
	clipboard_init(&desktop->clipboard, &desktop->display);
	/* The area was measured before we asked to be told of changes. */
	desktop->area_changed = true;
}

struct desktop *desktop_open(const struct desktop_options *options,
	const struct desktop_host *host, void *context, char **error)
{
	struct desktop *desktop = xcalloc(1, sizeof(*desktop));

	desktop->host = host;
	desktop->context = context;
	if (!display_open(&desktop->display, options->display,
		    options->authority, on_lost, desktop, error)) {
		free(desktop);
		return NULL;
	}
	if (!set_first_area(desktop, options->clip, error)) {
		display_close(&desktop->display);
		free(desktop);
		return NULL;
	}
	init_parts(desktop, options);
	desktop->display.stillborn = desktop->display.lost;
	return desktop;
}

void desktop_close(struct desktop *desktop)
{
	if (desktop == NULL)
		return;
	clipboard_finish(&desktop->clipboard);
	keyboard_finish(&desktop->keyboard);
	cursor_finish(&desktop->cursor);
	damage_finish(&desktop->damage);
	capture_finish(&desktop->capture);
	resize_finish(&desktop->resize);
	display_close(&desktop->display);
	free(desktop);
}

int desktop_fd(const struct desktop *desktop)
{
	return ConnectionNumber(desktop->display.x);
}

static void handle(struct desktop *desktop, XEvent *event)
{
	const char *text;
	size_t length;

	if (event->type == ConfigureNotify &&
		event->xconfigure.window == desktop->display.root) {
		desktop->area_changed = true;
		return;
	}
	if (monitors_handle(&desktop->monitors, event)) {
		desktop->area_changed = true;
		return;
	}
	if (damage_handle(&desktop->damage, event) ||
		cursor_handle(&desktop->cursor, event))
		return;
	if (clipboard_handle(&desktop->clipboard, event, &text, &length)) {
		if (text != NULL && desktop->host->copied != NULL)
			desktop->host->copied(desktop->context, text, length);
		return;
	}
	keyboard_handle(&desktop->keyboard, event);
}

/* Asks how large things are now: events may tell of a size already past. */
static void update_area(struct desktop *desktop)
{
	struct rect screen = display_root_rect(&desktop->display), area;
	bool moved;

	desktop->area_changed = false;
	if (desktop->display.lost || rect_is_empty(screen))
		return;
	area = desktop->clipped ? clip_apply(desktop->clip, screen) : screen;
	moved = !rect_equal(area, desktop->area);
	desktop->area = area;
	/* A grab that failed for another reason gets new segments to try. */
	if (moved || desktop->capture.grab_failed)
		capture_set_area(&desktop->capture, area);
	if (!monitors_update(&desktop->monitors, area) && !moved)
		return;
	if (desktop->display.lost)
		return;
	log_debug(
		"the shared area is %dx%d pixels now", area.width, area.height);
	if (desktop->host->resized != NULL)
		desktop->host->resized(desktop->context);
}

static void tell(struct desktop *desktop, void (*host_function)(void *context))
{
	if (host_function != NULL && !desktop->display.lost)
		host_function(desktop->context);
}

void desktop_dispatch(struct desktop *desktop)
{
	Display *x = desktop->display.x;
	XEvent event;

	while (!desktop->display.lost && XPending(x) > 0) {
		XNextEvent(x, &event);
		handle(desktop, &event);
	}
	if (desktop->display.lost)
		return;
	if (desktop->area_changed)
		update_area(desktop);
	if (cursor_update(&desktop->cursor))
		tell(desktop, desktop->host->cursor_changed);
	if (keyboard_take_bell(&desktop->keyboard))
		tell(desktop, desktop->host->bell);
	if (damage_take_told(&desktop->damage))
		tell(desktop, desktop->host->damaged);
}

int desktop_width(const struct desktop *desktop)
{
	return desktop->area.width;
}

int desktop_height(const struct desktop *desktop)
{
	return desktop->area.height;
}

bool desktop_has_damage(const struct desktop *desktop)
{
	return desktop->damage.available;
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

enum desktop_resize_status desktop_resize(struct desktop *desktop, int width,
	int height, const struct desktop_monitor *monitors, int count)
{
	if (desktop->display.lost)
		return DESKTOP_RESIZE_IMPOSSIBLE;
	if (desktop->clipped)
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
	if (what == CAPTURE_DAMAGED && desktop->damage.available) {
		damage_fetch(&desktop->damage, &desktop->capture);
	} else {
		damage_forget(&desktop->damage);
		capture_want_everything(&desktop->capture);
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

struct cursor_image *desktop_cursor(const struct desktop *desktop)
{
	return desktop->cursor.image;
}

bool desktop_pointer(struct desktop *desktop, int *x, int *y)
{
	const struct rect *area = &desktop->area;
	int root_x, root_y;

	if (desktop->display.lost ||
		!pointer_place(&desktop->pointer, &root_x, &root_y))
		return false;
	*x = root_x - area->x;
	*y = root_y - area->y;
	return *x >= 0 && *y >= 0 && *x < area->width && *y < area->height;
}

void desktop_key(struct desktop *desktop, uint32_t keysym, bool down)
{
	if (desktop->display.lost || !desktop->input)
		return;
	keyboard_key(&desktop->keyboard, keysym, down);
}

static int limit(int value, int most)
{
	if (value > most)
		return most;
	return value < 0 ? 0 : value;
}

void desktop_point(struct desktop *desktop, int x, int y, unsigned buttons)
{
	const struct rect *area = &desktop->area;

	if (desktop->display.lost || !desktop->input)
		return;
	pointer_move(&desktop->pointer, area->x + limit(x, area->width - 1),
		area->y + limit(y, area->height - 1), buttons);
}

void desktop_copy(struct desktop *desktop, const char *utf8, size_t length)
{
	if (!desktop->display.lost)
		clipboard_copy(&desktop->clipboard, utf8, length);
}
