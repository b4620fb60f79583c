#include "test/unit/x11_clipboard_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <poll.h>

#include "base/xmalloc.h"

enum { HANG_MS = 60000 };

static void on_changed(void *context)
{
	struct clipboard_place *place = context;

	place->changes++;
	place->told++;
}

static void on_offered(void *context, unsigned forms)
{
	struct clipboard_place *place = context;

	place->offered = forms;
	place->offers++;
	place->told++;
}

static void on_given(void *context, enum clipboard_format format,
	const void *bytes, size_t length)
{
	struct clipboard_place *place = context;

	(void)format;
	free(place->given);
	place->given = bytes != NULL ? xstrndup(bytes, length) : NULL;
	place->given_length = length;
	place->gifts++;
	place->told++;
}

static void on_wanted(void *context, enum clipboard_format format)
{
	struct clipboard_place *place = context;

	place->wanted = format;
	place->wants++;
	place->told++;
	if (place->at_hand != NULL)
		desktop_clipboard_give(place->desktop, format, place->at_hand,
			place->at_hand_length);
}

static void on_lost(void *context, const char *reason)
{
	struct clipboard_place *place = context;

	(void)reason;
	place->losses++;
	place->told++;
}

const struct desktop_host clipboard_place_host = {
	.clipboard_changed = on_changed,
	.clipboard_offered = on_offered,
	.clipboard_given = on_given,
	.clipboard_wanted = on_wanted,
	.lost = on_lost,
};

struct clipboard_place *clipboard_place_open_with(
	struct desktop_options options)
{
	struct clipboard_place *place = xcalloc(1, sizeof(*place));
	char *error = NULL;

	place->server = x11_server_start("Xvfb", "-screen 0 320x200x24");
	place->x = place->server->other;
	place->window = XCreateSimpleWindow(
		place->x, DefaultRootWindow(place->x), 0, 0, 9, 9, 0, 0, 0);
	XSelectInput(place->x, place->window, PropertyChangeMask);
	place->clipboard = XInternAtom(place->x, "CLIPBOARD", False);
	place->utf8 = XInternAtom(place->x, "UTF8_STRING", False);
	place->targets = XInternAtom(place->x, "TARGETS", False);
	place->incr = XInternAtom(place->x, "INCR", False);
	options.display = place->server->display;
	place->desktop =
		desktop_open(&options, &clipboard_place_host, place, &error);
	if (place->desktop == NULL)
		fail_msg("%s", error);
	desktop_dispatch(place->desktop);
	return place;
}

struct clipboard_place *clipboard_place_open(void)
{
	return clipboard_place_open_with(
		(struct desktop_options){ .use_shm = true });
}

void clipboard_place_close(struct clipboard_place *place)
{
	desktop_close(place->desktop);
	x11_server_stop(place->server);
	free(place->given);
	free(place);
}

bool clipboard_place_run_until(
	struct clipboard_place *place, int type, XEvent *event)
{
	struct pollfd pollers[2] = {
		{ desktop_fd(place->desktop), POLLIN, 0 },
		{ ConnectionNumber(place->x), POLLIN, 0 },
	};
	int before = place->told;

	for (;;) {
		desktop_dispatch(place->desktop);
		while (XPending(place->x) > 0) {
			XNextEvent(place->x, event);
			if (event->type == type)
				return true;
		}
		if (type == 0 && place->told != before)
			return false;
		if (poll(pollers, 2, HANG_MS) <= 0)
			fail_msg("nothing came");
	}
}

void clipboard_place_settle(struct clipboard_place *place)
{
	int i, x, y;

	for (i = 0; i < 3; i++) {
		XSync(place->x, False);
		desktop_pointer(place->desktop, &x, &y);
		desktop_dispatch(place->desktop);
		desktop_pointer(place->desktop, &x, &y);
	}
}

void clipboard_place_own(struct clipboard_place *place, Atom selection)
{
	XSetSelectionOwner(place->x, selection, place->window, CurrentTime);
	XFlush(place->x);
}
