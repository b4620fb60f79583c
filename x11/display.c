#include "x11/display.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xmalloc.h"
#include "x11/patience.h"
#include "x11/stderr_catch.h"
#include "x11/x_error.h"

static void on_io_error_exit(Display *x, void *context)
{
	struct display *display = context;
	char *reason;

	if (display->lost)
		return;
	display->lost = true;
	reason = patience_ran_out(x)
			 ? xasprintf("the X server %s does not answer",
				   display->name)
			 : xasprintf("the X server %s is gone", display->name);
	display->on_lost(display->context, reason);
	free(reason);
}

/* "host:0" out of Xlib's ":0.0", "unix:0", "other:0" or "/path/to/x:0". */
static char *show_name(Display *x)
{
	const char *string = DisplayString(x);
	const char *colon = strrchr(string, ':');
	char host[256] = "localhost", *raw, *name;
	size_t length;

	if (colon == NULL)
		colon = string;
	length = (size_t)(colon - string);
	if (length > 0 && string[length - 1] == ':')
		length--; /* DECnet's two colons */
	gethostname(host, sizeof(host) - 1);
	if (length > 0 && length < sizeof(host) && string[0] != '/' &&
		strncmp(string, "unix", length) != 0) {
		memcpy(host, string, length);
		host[length] = '\0';
	}
	length = strlen(colon);
	if (length > 2 && strcmp(colon + length - 2, ".0") == 0)
		length -= 2; /* the usual screen says nothing */
	raw = xasprintf("%s%.*s", host, (int)length, colon);
	name = text_printable(raw, strlen(raw), 255);
	free(raw);
	return name;
}

static char *explain_death(const char *asked)
{
	return xasprintf(
		"cannot open display \"%s\": the X server went away "
		"meanwhile",
		XDisplayName(asked));
}

static char *explain_failure(
	const char *asked, const char *authority, const char *noise, int why)
{
	const char *name = XDisplayName(asked);

	if (why == EMFILE || why == ENFILE)
		return xasprintf("cannot open display \"%s\": %s (ulimit -n)",
			name, strerror(why));
	if (name[0] == '\0' && getenv("WAYLAND_DISPLAY") != NULL)
		return xasprintf(
			"no display to open: this is a Wayland session without "
			"XWayland, whose screen X11 programs cannot see; log "
			"in to an X11 session (\"on Xorg\"), or share a "
			"desktop of its own with -create");
	if (name[0] == '\0')
		return xasprintf(
			"no display to open: $DISPLAY is not set, "
			"give -display :0");
	if (strrchr(name, ':') == NULL)
		return xasprintf(
			"cannot open display \"%s\": a display is "
			"named :0 or host:0",
			name);
	if (noise[0] == '\0')
		return xasprintf(
			"cannot open display \"%s\": no such X server "
			"(is it running?)",
			name);
	if (authority != NULL && access(authority, R_OK) != 0)
		return xasprintf(
			"cannot open display \"%s\": access denied, "
			"and the cookie file %s cannot be read: %s",
			name, authority, strerror(errno));
	return xasprintf(
		"cannot open display \"%s\": access denied: needs its "
		"cookie, give -auth FILE (the X server said: %s)",
		name, noise);
}

bool display_open(struct display *display, const char *name,
	const char *authority,
	void (*on_lost)(void *context, const char *reason), void *context,
	char **error)
{
	struct stderr_catch caught;
	char noise[256];
	bool died;
	int why;

	memset(display, 0, sizeof(*display));
	display->on_lost = on_lost;
	display->context = context;
	if (authority != NULL)
		setenv("XAUTHORITY", authority, 1);
	x_error_install();
	stderr_catch_begin(&caught);
	display->x = x_error_open_display(name, &died);
	why = errno;
	stderr_catch_end(&caught, noise, sizeof(noise));
	if (display->x == NULL) {
		*error = died ? explain_death(name)
			      : explain_failure(name, authority, noise, why);
		return false;
	}
	XSetIOErrorExitHandler(display->x, on_io_error_exit, display);
	display->screen = DefaultScreen(display->x);
	display->root = RootWindow(display->x, display->screen);
	display->name = show_name(display->x);
	return true;
}

void display_close(struct display *display)
{
	/* libXext frees an extension whose set-up failed, and then once more
	 * in XCloseDisplay(): what it has is given up instead. */
	if (display->x != NULL)
		patience_forget(display->x);
	if (display->stillborn && display->x != NULL)
		close(ConnectionNumber(display->x));
	else if (display->x != NULL)
		XCloseDisplay(display->x);
	free(display->name);
	display->x = NULL;
	display->name = NULL;
}

struct rect display_root_rect(struct display *display)
{
	struct rect rect = { 0, 0, 0, 0 };
	unsigned width = 0, height = 0, border, depth;
	Window root;
	int x, y;

	if (!XGetGeometry(display->x, display->root, &root, &x, &y, &width,
		    &height, &border, &depth))
		return rect;
	rect.width = (int)width;
	rect.height = (int)height;
	return rect;
}
