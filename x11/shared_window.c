#include "x11/shared_window.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "x11/composite.h"
#include "x11/window_picker.h"
#include "x11/x_error.h"

static bool parse_number(const char *text, Window *id)
{
	char *end;

	errno = 0;
	*id = strtoul(text, &end, 0);
	return errno == 0 && end != text && *end == '\0' && *id != None &&
	       *id <= 0x1fffffff;
}

bool shared_window_check(const char *text, char **error)
{
	Window ignored;

	if (strcmp(text, "pick") == 0 || parse_number(text, &ignored))
		return true;
	*error = xasprintf(
		"-id or -sid: %s is no window; give its number, as "
		"xwininfo shows it, or \"pick\"",
		text);
	return false;
}

static bool attributes(struct shared_window *window, XWindowAttributes *now)
{
	struct x_error_trap trap;
	Status there;

	x_error_trap(&trap, window->display->x);
	there = XGetWindowAttributes(window->display->x, window->id, now);
	return x_error_untrap_replied(&trap) == 0 && there != 0;
}

static bool find(struct shared_window *window, const char *text, char **error)
{
	XWindowAttributes now;
	struct x_error_trap trap;

	if (strcmp(text, "pick") == 0) {
		x_error_trap(&trap, window->display->x);
		window->id = window_picker_pick(window->display);
		x_error_untrap(&trap);
		if (window->id == None)
			*error = xstrndup("no window was picked", 20);
	} else if (shared_window_check(text, error) &&
		   (!parse_number(text, &window->id) ||
			   !attributes(window, &now))) {
		*error = xasprintf("the display %s has no window 0x%lx",
			window->display->name, window->id);
	}
	if (*error != NULL)
		window->id = None;
	return *error == NULL;
}

static bool be_mapped(struct shared_window *window, bool wait, char **error)
{
	XWindowAttributes now;
	struct x_error_trap trap;
	bool mapped;

	if (attributes(window, &now) && now.map_state == IsViewable)
		return true;
	if (!wait) {
		*error = xasprintf(
			"the window 0x%lx is not mapped: map it, or say "
			"-waitmapped",
			window->id);
		return false;
	}
	log_info("waiting for the window 0x%lx to be mapped", window->id);
	x_error_trap(&trap, window->display->x);
	mapped = window_picker_wait_mapped(window->display, window->id);
	x_error_untrap(&trap);
	if (!mapped)
		*error = xasprintf(
			"the window 0x%lx was closed before it was "
			"mapped",
			window->id);
	return mapped;
}

static void select_events(struct shared_window *window)
{
	struct x_error_trap trap;

	x_error_trap(&trap, window->display->x);
	XSelectInput(window->display->x, window->id, StructureNotifyMask);
	x_error_untrap(&trap);
}

bool shared_window_open(struct shared_window *window, struct display *display,
	const char *text, bool own_pixels, bool wait, char **error)
{
	const char *reason = NULL;

	memset(window, 0, sizeof(*window));
	window->display = display;
	*error = NULL;
	if (!find(window, text, error))
		return false;
	select_events(window);
	if (!be_mapped(window, wait, error)) {
		window->id = None;
		return false;
	}
	if (!own_pixels)
		return true;
	window->stale = true;
	window->redirected = composite_redirect(display, window->id, &reason);
	if (window->redirected)
		return true;
	*error = xasprintf(
		"-id: %s; -sid shares the part of the screen that the "
		"window covers",
		reason);
	window->id = None;
	return false;
}

static void free_pixmap(struct shared_window *window)
{
	if (window->pixmap != None)
		XFreePixmap(window->display->x, window->pixmap);
	window->pixmap = None;
}

void shared_window_close(struct shared_window *window)
{
	if (window->id == None || window->display->lost)
		return;
	free_pixmap(window);
	if (window->redirected)
		composite_unredirect(window->display, window->id);
	window->id = None;
}

bool shared_window_handle(
	struct shared_window *window, const XEvent *event, bool *gone)
{
	*gone = false;
	if (window->id == None || event->xany.window != window->id)
		return false;
	switch (event->type) {
	case DestroyNotify:
		*gone = true;
		return true;
	case ConfigureNotify:
		window->stale |=
			event->xconfigure.width != window->rect.width ||
			event->xconfigure.height != window->rect.height ||
			event->xconfigure.border_width != window->border;
		return true;
	case MapNotify:
		window->stale = true;
		return true;
	case ReparentNotify:
		return true;
	default:
		return false;
	}
}

void shared_window_locate(struct shared_window *window)
{
	struct display *display = window->display;
	struct x_error_trap trap;
	Window child;
	int x, y;

	x_error_trap(&trap, display->x);
	if (!XTranslateCoordinates(display->x, window->id, display->root, 0, 0,
		    &x, &y, &child))
		x = window->rect.x, y = window->rect.y;
	if (x_error_untrap_replied(&trap) != 0)
		return;
	window->rect.x = x;
	window->rect.y = y;
}

/* An unmapped window has no pixmap; the one it had shows its last picture. */
static bool take_pixmap(struct shared_window *window)
{
	Pixmap pixmap = composite_pixmap(window->display, window->id);

	if (pixmap == None)
		return window->pixmap != None;
	free_pixmap(window);
	window->pixmap = pixmap;
	return true;
}

static bool pixmap_fits(struct shared_window *window)
{
	struct x_error_trap trap;
	unsigned width = 0, height = 0, border, depth;
	Window root;
	int x, y;

	x_error_trap(&trap, window->display->x);
	XGetGeometry(window->display->x, window->pixmap, &root, &x, &y, &width,
		&height, &border, &depth);
	x_error_untrap_replied(&trap);
	window->rect.width = (int)width - 2 * window->border;
	window->rect.height = (int)height - 2 * window->border;
	return width > 0 && height > 0;
}

bool shared_window_update(struct shared_window *window)
{
	XWindowAttributes now;

	if (window->id == None)
		return true;
	if (window->display->lost || !attributes(window, &now))
		return false;
	shared_window_locate(window);
	if (!window->redirected) {
		window->rect.width = now.width;
		window->rect.height = now.height;
		return true;
	}
	if (!window->stale && window->pixmap != None)
		return true;
	window->border = now.border_width;
	window->stale = false;
	return take_pixmap(window) && pixmap_fits(window);
}
