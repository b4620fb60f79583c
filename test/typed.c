/* typed - a window with the focus that writes to stdout, in UTF-8, what is
 * typed into it, as an X client with an input method reads it: dead keys,
 * Compose and all. Says "ready" on stderr once it can be typed into; ends when
 * its stdin does. */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "typed: %s\n", what);
	exit(1);
}

static Window open_window(Display *x)
{
	XSetWindowAttributes attributes = { .override_redirect = True,
		.event_mask = KeyPressMask | KeyReleaseMask | ExposureMask |
			      FocusChangeMask };
	Window window = XCreateWindow(x, DefaultRootWindow(x), 0, 0, 200, 200,
		0, CopyFromParent, InputOutput, CopyFromParent,
		CWOverrideRedirect | CWEventMask, &attributes);
	XEvent event;

	XMapRaised(x, window);
	do
		XNextEvent(x, &event);
	while (event.type != Expose);
	XSetInputFocus(x, window, RevertToPointerRoot, CurrentTime);
	XSync(x, False);
	return window;
}

static XIC open_input(Display *x, Window window)
{
	XIM method;
	XIC input;

	if (setlocale(LC_ALL, "") == NULL || !XSupportsLocale() ||
		XSetLocaleModifiers("@im=none") == NULL)
		fail("no such locale");
	method = XOpenIM(x, NULL, NULL, NULL);
	if (method == NULL)
		fail("no input method");
	input = XCreateIC(method, XNInputStyle,
		XIMPreeditNothing | XIMStatusNothing, XNClientWindow, window,
		XNFocusWindow, window, NULL);
	if (input == NULL)
		fail("no input context");
	XSetICFocus(input);
	return input;
}

static void handle(XIC input, XEvent *event)
{
	char text[256];
	Status status;
	KeySym keysym;
	int length;

	if (event->type == MappingNotify)
		XRefreshKeyboardMapping(&event->xmapping);
	if (XFilterEvent(event, None) || event->type != KeyPress)
		return;
	length = Xutf8LookupString(input, &event->xkey, text,
		(int)sizeof(text) - 1, &keysym, &status);
	if ((status == XLookupChars || status == XLookupBoth) && length > 0 &&
		write(STDOUT_FILENO, text, (size_t)length) < 0)
		exit(1);
}

int main(void)
{
	Display *x = XOpenDisplay(NULL);
	struct pollfd pollers[2] = { { STDIN_FILENO, POLLIN, 0 } };
	XEvent event;
	XIC input;

	if (x == NULL)
		fail("no display");
	input = open_input(x, open_window(x));
	fputs("ready\n", stderr);
	pollers[1] = (struct pollfd){ ConnectionNumber(x), POLLIN, 0 };
	while (!(pollers[0].revents & (POLLIN | POLLHUP))) {
		while (XPending(x) > 0) {
			XNextEvent(x, &event);
			handle(input, &event);
		}
		if (poll(pollers, 2, -1) < 0)
			return 1;
	}
	return 0;
}
