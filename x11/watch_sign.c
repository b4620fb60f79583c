#include "x11/watch_sign.h"

#include <stdio.h>
#include <string.h>

/* Dark on amber, in the top right corner. */
enum { MARGIN = 4, INK = 0x000000, PAPER = 0xffc83c };

static void set_property(struct watch_sign *sign)
{
	Display *x = sign->display->x;
	Atom name = XInternAtom(x, "X11WSVNC_VIEWERS", False);
	long number = sign->viewers;

	XChangeProperty(x, sign->display->root, name,
		XInternAtom(x, "CARDINAL", False), 32, PropModeReplace,
		(const unsigned char *)&number, 1);
}

void watch_sign_init(
	struct watch_sign *sign, struct display *display, bool shows)
{
	memset(sign, 0, sizeof(*sign));
	sign->display = display;
	sign->shows = shows;
	set_property(sign);
}

static int text_of(const struct watch_sign *sign, char *text, size_t room)
{
	return snprintf(text, room, "%d viewer%s", sign->viewers,
		sign->viewers == 1 ? "" : "s");
}

static void draw(struct watch_sign *sign)
{
	char text[32];
	int length = text_of(sign, text, sizeof(text));

	XClearWindow(sign->display->x, sign->window);
	XDrawString(sign->display->x, sign->window, sign->context, MARGIN,
		MARGIN + sign->font->ascent, text, length);
}

static bool open_window(struct watch_sign *sign)
{
	Display *x = sign->display->x;
	XSetWindowAttributes wanted = { .override_redirect = True,
		.background_pixel = PAPER,
		.event_mask = ExposureMask };

	sign->font = XLoadQueryFont(x, "fixed");
	if (sign->font == NULL)
		return false;
	sign->window = XCreateWindow(x, sign->display->root, 0, 0, 1, 1, 0,
		CopyFromParent, InputOutput, CopyFromParent,
		CWOverrideRedirect | CWBackPixel | CWEventMask, &wanted);
	XStoreName(x, sign->window, "x11wsvnc viewers");
	sign->context = XCreateGC(x, sign->window, 0, NULL);
	XSetForeground(x, sign->context, INK);
	XSetFont(x, sign->context, sign->font->fid);
	return true;
}

static void close_window(struct watch_sign *sign)
{
	if (sign->window == None)
		return;
	XFreeGC(sign->display->x, sign->context);
	XDestroyWindow(sign->display->x, sign->window);
	XFreeFont(sign->display->x, sign->font);
	sign->window = None;
}

static void show(struct watch_sign *sign)
{
	struct rect screen = display_root_rect(sign->display);
	char text[32];
	int length = text_of(sign, text, sizeof(text)), width;

	if (rect_is_empty(screen) ||
		(sign->window == None && !open_window(sign)))
		return;
	width = XTextWidth(sign->font, text, length) + 2 * MARGIN;
	XMoveResizeWindow(sign->display->x, sign->window, screen.width - width,
		0, (unsigned)width,
		(unsigned)(sign->font->ascent + sign->font->descent +
			   2 * MARGIN));
	XMapRaised(sign->display->x, sign->window);
	draw(sign);
}

void watch_sign_set(struct watch_sign *sign, int viewers)
{
	if (sign->display->lost || sign->viewers == viewers)
		return;
	sign->viewers = viewers;
	set_property(sign);
	if (sign->shows && viewers > 0)
		show(sign);
	else
		close_window(sign);
	XFlush(sign->display->x);
}

bool watch_sign_handle(struct watch_sign *sign, const XEvent *event)
{
	if (sign->window == None || event->xany.window != sign->window)
		return false;
	if (event->type == Expose)
		draw(sign);
	return true;
}

void watch_sign_finish(struct watch_sign *sign)
{
	if (sign->display->lost)
		return;
	close_window(sign);
	XDeleteProperty(sign->display->x, sign->display->root,
		XInternAtom(sign->display->x, "X11WSVNC_VIEWERS", False));
}
