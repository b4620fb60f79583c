#include "bench/echo.h"

#include <X11/Xlib.h>
#include <pthread.h>
#include <stdlib.h>

#include "bench/easel.h"

static Window open_window(Display *display)
{
	XSetWindowAttributes attributes = {
		.override_redirect = True,
		.event_mask = KeyPressMask,
	};
	Window window = XCreateWindow(display, DefaultRootWindow(display),
		ECHO_X, ECHO_Y, STAMP_WIDTH, STAMP_BLOCK, 0, CopyFromParent,
		InputOutput, CopyFromParent, CWOverrideRedirect | CWEventMask,
		&attributes);
	XMapRaised(display, window);
	XSync(display, False);
	XSetInputFocus(display, window, RevertToPointerRoot, CurrentTime);
	return window;
}

static void *run(void *argument)
{
	Display *display = argument;
	Window window = open_window(display);
	GC context = XCreateGC(display, window, 0, NULL);
	unsigned number = 0;
	for (;;) {
		XEvent event;
		easel_draw_stamp(display, window, context, number);
		do {
			XNextEvent(display, &event);
		} while (event.type != KeyPress);
		number++;
	}
	return NULL;
}

void echo_start(const char *name)
{
	pthread_t thread;
	Display *display = XOpenDisplay(name);
	if (!display || pthread_create(&thread, NULL, run, display) != 0)
		abort(); /* it could be opened a moment ago */
	pthread_detach(thread);
}
