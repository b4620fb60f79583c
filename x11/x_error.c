#include "x11/x_error.h"

#include <X11/extensions/Xext.h>
#include <unistd.h>

#include "base/log.h"

enum { MOST_LOGGED = 20 }; /* a hostile client can cause errors at will */

/* Static because Xlib hands its error handler nothing else to find them by. */
static struct x_error_trap *innermost;
static int logged;

static struct x_error_trap *find_trap(const XErrorEvent *event)
{
	struct x_error_trap *trap = innermost;

	while (trap != NULL) {
		/* As a difference: serials wrap. */
		if (trap->display == event->display &&
			(long)(event->serial - trap->first_serial) >= 0)
			return trap;
		trap = trap->outer;
	}
	return NULL;
}

static int on_error(Display *display, XErrorEvent *event)
{
	struct x_error_trap *trap = find_trap(event);
	char text[128] = "";

	if (trap != NULL) {
		if (trap->code == 0)
			trap->code = event->error_code;
		return 0;
	}
	if (logged == MOST_LOGGED)
		return 0;
	logged++;
	XGetErrorText(display, event->error_code, text, (int)sizeof(text));
	log_warning("unexpected X error: %s (request %d.%d, resource 0x%lx)",
		text, event->request_code, event->minor_code,
		event->resourceid);
	return 0;
}

/* Xlib's own handler would print. After this one Xlib calls the display's exit
 * handler, which has a context, and returns. */
static int on_io_error(Display *display)
{
	if (innermost != NULL && innermost->escape != NULL) {
		close(ConnectionNumber(display));
		longjmp(*innermost->escape, 1);
	}
	return 0;
}

/* A library finds its extension missing when the display is lost between our
 * asking for it and its own. The default handler ends the program. */
static int on_missing_extension(
	Display *display, const char *extension, const char *reason)
{
	(void)display;
	log_debug("the X extension %s is %s", extension, reason);
	return 0;
}

void x_error_install(void)
{
	XSetExtensionErrorHandler(on_missing_extension);
	XSetErrorHandler(on_error);
	XSetIOErrorHandler(on_io_error);
}

Display *x_error_open_display(const char *name, bool *died)
{
	struct x_error_trap trap;
	jmp_buf escape;
	Display *display;

	x_error_trap(&trap, NULL);
	trap.escape = &escape;
	*died = setjmp(escape) != 0;
	display = *died ? NULL : XOpenDisplay(name);
	x_error_untrap_replied(&trap);
	return display;
}

void x_error_trap(struct x_error_trap *trap, Display *display)
{
	trap->display = display;
	trap->first_serial = display != NULL ? NextRequest(display) : 0;
	trap->escape = NULL;
	trap->code = 0;
	trap->outer = innermost;
	innermost = trap;
}

int x_error_untrap(struct x_error_trap *trap)
{
	XSync(trap->display, False);
	return x_error_untrap_replied(trap);
}

int x_error_untrap_replied(struct x_error_trap *trap)
{
	innermost = trap->outer;
	return trap->code;
}
