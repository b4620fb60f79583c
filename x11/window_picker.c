#include "x11/window_picker.h"

#include <X11/cursorfont.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "base/log.h"

enum { LOOK_AGAIN_MS = 1000, DEEPEST = 8 };

struct saved_signals {
	struct sigaction interrupt, terminate;
};

static void signals_begin(struct saved_signals *saved)
{
	struct sigaction usual;

	memset(&usual, 0, sizeof(usual));
	usual.sa_handler = SIG_DFL;
	sigaction(SIGINT, &usual, &saved->interrupt);
	sigaction(SIGTERM, &usual, &saved->terminate);
}

static void signals_end(const struct saved_signals *saved)
{
	sigaction(SIGINT, &saved->interrupt, NULL);
	sigaction(SIGTERM, &saved->terminate, NULL);
}

/* The next event there is; false on loss. */
static bool next_event(struct display *display, XEvent *event)
{
	struct pollfd poller = { .fd = ConnectionNumber(display->x),
		.events = POLLIN };

	while (!display->lost && XPending(display->x) == 0)
		poll(&poller, 1, LOOK_AGAIN_MS);
	if (display->lost)
		return false;
	XNextEvent(display->x, event);
	return true;
}

/* Window managers put applications' windows into frames: ICCCM's WM_STATE marks
 * the former. */
static bool is_application(struct display *display, Window window)
{
	Atom state = XInternAtom(display->x, "WM_STATE", False), type = None;
	unsigned long items, rest;
	unsigned char *data = NULL;
	int format;

	XGetWindowProperty(display->x, window, state, 0, 0, False,
		AnyPropertyType, &type, &format, &items, &rest, &data);
	if (data != NULL)
		XFree(data);
	return type != None;
}

/* Level by level, the topmost first. */
static Window find_application(
	struct display *display, Window window, int depth)
{
	Window root, parent, found = None, *children = NULL;
	unsigned count = 0;

	if (is_application(display, window))
		return window;
	if (depth == DEEPEST || !XQueryTree(display->x, window, &root, &parent,
					&children, &count))
		return None;
	while (count > 0 && found == None)
		found = find_application(display, children[--count], depth + 1);
	if (children != NULL)
		XFree(children);
	return found;
}

Window window_picker_pick(struct display *display)
{
	Cursor cursor = XCreateFontCursor(display->x, XC_crosshair);
	Window found = None, clicked = None;
	struct saved_signals saved;
	XEvent event;

	log_info("click on the window to be shared");
	if (XGrabPointer(display->x, display->root, False, ButtonPressMask,
		    GrabModeAsync, GrabModeAsync, None, cursor,
		    CurrentTime) != GrabSuccess)
		return None;
	signals_begin(&saved);
	while (clicked == None && next_event(display, &event))
		if (event.type == ButtonPress)
			clicked = event.xbutton.subwindow;
	signals_end(&saved);
	if (display->lost)
		return None;
	XUngrabPointer(display->x, CurrentTime);
	XFreeCursor(display->x, cursor);
	if (clicked != None)
		found = find_application(display, clicked, 0);
	return found != None ? found : clicked;
}

bool window_picker_wait_mapped(struct display *display, Window window)
{
	struct saved_signals saved;
	XWindowAttributes now;
	bool gone = false, mapped = false;
	XEvent event;

	signals_begin(&saved);
	while (!gone && !mapped) {
		if (!XGetWindowAttributes(display->x, window, &now))
			break;
		mapped = now.map_state == IsViewable;
		if (mapped || !next_event(display, &event))
			break;
		gone = event.type == DestroyNotify &&
		       event.xdestroywindow.window == window;
	}
	signals_end(&saved);
	return mapped;
}
