#include "x11/backdrop.h"

#include <string.h>

#include "base/log.h"
#include "x11/composite.h"
#include "x11/x_error.h"

static Atom property(struct backdrop *backdrop)
{
	return XInternAtom(backdrop->display->x, "X11WSVNC_BACKDROP", False);
}

static Pixmap kept_copy(struct backdrop *backdrop)
{
	struct display *display = backdrop->display;
	unsigned long count = 0, rest;
	unsigned char *data = NULL;
	Atom type;
	int format = 0;
	Pixmap copy = None;

	XGetWindowProperty(display->x, display->root, property(backdrop), 0, 1,
		False, XInternAtom(display->x, "PIXMAP", False), &type, &format,
		&count, &rest, &data);
	if (count == 1 && format == 32)
		copy = (Pixmap) * (unsigned long *)data;
	if (data != NULL)
		XFree(data);
	return copy;
}

/* Somebody may have killed the copy: then the root window gets the X server's
 * own background. */
static void put_back(struct backdrop *backdrop)
{
	struct display *display = backdrop->display;
	Pixmap copy = kept_copy(backdrop);
	struct x_error_trap trap;

	if (copy == None)
		return;
	x_error_trap(&trap, display->x);
	XSetWindowBackgroundPixmap(display->x, display->root, copy);
	if (x_error_untrap(&trap) != 0)
		XSetWindowBackgroundPixmap(display->x, display->root, None);
	XClearWindow(display->x, display->root);
	XDeleteProperty(display->x, display->root, property(backdrop));
	if (copy == backdrop->copy) {
		XFreePixmap(backdrop->keeper, copy);
		XFlush(backdrop->keeper);
		backdrop->copy = None;
		return;
	}
	/* Of a run that died. */
	x_error_trap(&trap, display->x);
	XKillClient(display->x, copy);
	x_error_untrap(&trap);
}

/* Then there is nothing to keep; the other connection tells of the loss. */
static void on_keeper_lost(Display *keeper, void *context)
{
	(void)keeper;
	(void)context;
}

static bool open_keeper(struct backdrop *backdrop)
{
	bool died;

	backdrop->keeper = x_error_open_display(
		DisplayString(backdrop->display->x), &died);
	if (backdrop->keeper == NULL)
		return false;
	XSetIOErrorExitHandler(backdrop->keeper, on_keeper_lost, NULL);
	XSetCloseDownMode(backdrop->keeper, RetainPermanent);
	return true;
}

void backdrop_init(
	struct backdrop *backdrop, struct display *display, const char *colour)
{
	XColor exact, nearest = { 0 };

	memset(backdrop, 0, sizeof(*backdrop));
	backdrop->display = display;
	put_back(backdrop);
	if (colour == NULL)
		return;
	if (!XAllocNamedColor(display->x,
		    DefaultColormap(display->x, display->screen), colour,
		    &nearest, &exact)) {
		log_warning("-solid: the X server knows no colour %s", colour);
		return;
	}
	backdrop->pixel = nearest.pixel;
	backdrop->wanted = open_keeper(backdrop);
}

/* A window below all others with its parent's background, in a pixmap. */
static Window open_mirror(struct display *display, struct rect screen)
{
	XSetWindowAttributes wanted = { .override_redirect = True,
		.background_pixmap = ParentRelative };
	Window mirror = XCreateWindow(display->x, display->root, 0, 0,
		(unsigned)screen.width, (unsigned)screen.height, 0,
		CopyFromParent, InputOutput, CopyFromParent,
		CWOverrideRedirect | CWBackPixmap, &wanted);

	XLowerWindow(display->x, mirror);
	return mirror;
}

static Pixmap copy_pixmap(
	struct backdrop *backdrop, Pixmap from, struct rect screen)
{
	Display *keeper = backdrop->keeper;
	Window root = backdrop->display->root;
	Pixmap copy = XCreatePixmap(keeper, root, (unsigned)screen.width,
		(unsigned)screen.height,
		(unsigned)DefaultDepth(keeper, backdrop->display->screen));
	GC context = XCreateGC(keeper, copy, 0, NULL);

	XCopyArea(keeper, from, copy, context, 0, 0, (unsigned)screen.width,
		(unsigned)screen.height, 0, 0);
	XFreeGC(keeper, context);
	XSync(keeper, False);
	return copy;
}

static Pixmap copy_background(struct backdrop *backdrop)
{
	struct display *display = backdrop->display;
	struct rect screen = display_root_rect(display);
	Pixmap seen = None, copy = None;
	const char *reason;
	Window mirror;

	if (rect_is_empty(screen))
		return None;
	mirror = open_mirror(display, screen);
	if (composite_redirect(display, mirror, &reason)) {
		XMapWindow(display->x, mirror);
		seen = composite_pixmap(display, mirror);
	}
	if (seen != None) {
		copy = copy_pixmap(backdrop, seen, screen);
		XFreePixmap(display->x, seen);
	}
	XDestroyWindow(display->x, mirror);
	return copy;
}

static void make_plain(struct backdrop *backdrop)
{
	struct display *display = backdrop->display;
	Pixmap copy = copy_background(backdrop);

	if (copy == None) {
		log_warning(
			"-solid: what is on the root window now could not "
			"be kept, so it stays");
		backdrop->wanted = false;
		return;
	}
	XChangeProperty(display->x, display->root, property(backdrop),
		XInternAtom(display->x, "PIXMAP", False), 32, PropModeReplace,
		(const unsigned char *)&copy, 1);
	XSetWindowBackground(display->x, display->root, backdrop->pixel);
	XClearWindow(display->x, display->root);
	backdrop->copy = copy;
	backdrop->shown = true;
}

void backdrop_show(struct backdrop *backdrop, bool show)
{
	if (backdrop->display->lost || !backdrop->wanted ||
		show == backdrop->shown)
		return;
	if (show)
		make_plain(backdrop);
	else
		put_back(backdrop);
	backdrop->shown = show && backdrop->shown;
	XFlush(backdrop->display->x);
}

void backdrop_finish(struct backdrop *backdrop)
{
	backdrop_show(backdrop, false);
	if (backdrop->keeper == NULL)
		return;
	if (!backdrop->display->lost)
		XSetCloseDownMode(backdrop->keeper, DestroyAll);
	XCloseDisplay(backdrop->keeper);
	backdrop->keeper = NULL;
}
