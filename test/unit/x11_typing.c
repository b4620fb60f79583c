#include "test/unit/x11_typing.h"

#include <poll.h>
#include <unistd.h>

#include "base/xmalloc.h"

static void on_cursor(void *context)
{
	((struct told *)context)->cursor_changed++;
}

static void on_bell(void *context)
{
	((struct told *)context)->bell++;
}

static void on_lights(void *context)
{
	((struct told *)context)->lights++;
}

static void on_moved(void *context)
{
	((struct told *)context)->moved++;
}

static const struct desktop_host host = {
	.cursor_changed = on_cursor,
	.bell = on_bell,
	.lights_changed = on_lights,
	.pointer_moved = on_moved,
};

void typing_event(Display *x, int type, XEvent *event)
{
	struct pollfd poller = { ConnectionNumber(x), POLLIN, 0 };

	for (;;) {
		while (XPending(x) > 0) {
			XNextEvent(x, event);
			if (event->type == MappingNotify)
				XRefreshKeyboardMapping(&event->xmapping);
			if (event->type == type)
				return;
		}
		if (poll(&poller, 1, HANG_MS) <= 0)
			fail_msg("no event of type %d", type);
	}
}

static void open_window(struct typing *place)
{
	XSetWindowAttributes attributes = { .override_redirect = True,
		.event_mask = KeyPressMask | KeyReleaseMask | ButtonPressMask |
			      ButtonReleaseMask | PointerMotionMask |
			      ExposureMask };
	XEvent event;

	place->window = XCreateWindow(place->x, DefaultRootWindow(place->x), 0,
		0, SIDE, SIDE, 0, CopyFromParent, InputOutput, CopyFromParent,
		CWOverrideRedirect | CWEventMask, &attributes);
	XMapWindow(place->x, place->window);
	typing_event(place->x, Expose, &event);
	XSetInputFocus(
		place->x, place->window, RevertToPointerRoot, CurrentTime);
	XSync(place->x, False);
}

struct typing *typing_start(const char *setup)
{
	struct typing *place = xcalloc(1, sizeof(*place));

	place->server = x11_server_start("Xvfb", "-screen 0 640x480x24");
	place->x = place->server->other;
	if (setup != NULL)
		assert_int_equal(x11_server_run(place->server, setup), 0);
	open_window(place);
	return place;
}

void typing_open_desktop(
	struct typing *place, const struct desktop_options *options)
{
	struct desktop_options here = *options;
	char *error = NULL;

	here.display = place->server->display;
	place->desktop = desktop_open(&here, &host, &place->told, &error);
	if (place->desktop == NULL)
		fail_msg("%s", error);
	desktop_dispatch(place->desktop);
	place->told = (struct told){ 0 };
}

struct typing *typing_open(const char *setup, const char *clip)
{
	struct typing *place = typing_start(setup);
	struct desktop_options options = { .use_shm = true,
		.use_damage = true,
		.use_cursor = true,
		.clip = clip };

	typing_open_desktop(place, &options);
	return place;
}

void typing_finish(struct typing *place)
{
	x11_server_stop(place->server);
	free(place);
}

void typing_close(struct typing *place)
{
	desktop_close(place->desktop);
	typing_finish(place);
}

/* The next press that is no modifier's, as a client would read it. */
KeySym typing_symbol(struct typing *place, XEvent *event)
{
	KeySym keysym = NoSymbol;
	char text[32];

	do {
		typing_event(place->x, KeyPress, event);
		XLookupString(&event->xkey, text, sizeof(text), &keysym, NULL);
	} while (IsModifierKey(keysym));
	return keysym;
}

unsigned typing_modifiers(struct typing *place)
{
	XkbStateRec state;
	int x, y;

	/* A round trip: what the desktop has sent is done. */
	desktop_pointer(place->desktop, &x, &y);
	XkbGetState(place->x, XkbUseCoreKbd, &state);
	return state.mods;
}

void typing_key(struct typing *place, KeySym keysym, bool down)
{
	const struct desktop_key pressed = { 1, (uint32_t)keysym, 0 };

	desktop_key(place->desktop, &pressed, down);
}

/* What waits for a spare key, as the loop would. */
void typing_wait_due(struct typing *place)
{
	while (desktop_due_us(place->desktop) != 0) {
		usleep(5000);
		desktop_dispatch(place->desktop);
	}
}

void typing_tap(struct typing *place, KeySym keysym)
{
	typing_key(place, keysym, true);
	typing_key(place, keysym, false);
	desktop_dispatch(place->desktop);
}

void typing_assert(struct typing *place, KeySym keysym)
{
	XEvent event;
	unsigned before = typing_modifiers(place);
	unsigned code;
	KeySym got;

	typing_key(place, keysym, true);
	typing_wait_due(place);
	got = typing_symbol(place, &event);
	if (got != keysym)
		fail_msg("0x%lx came as 0x%lx", keysym, got);
	code = event.xkey.keycode;
	typing_key(place, keysym, false);
	do
		typing_event(place->x, KeyRelease, &event);
	while (event.xkey.keycode != code);
	desktop_dispatch(place->desktop);
	assert_int_equal(typing_modifiers(place), before);
}

void typing_assert_all(struct typing *place, const KeySym *keysyms)
{
	for (; *keysyms != NoSymbol; keysyms++)
		typing_assert(place, *keysyms);
}

void typing_tell(struct typing *place, unsigned long who, KeySym keysym,
	unsigned scancode, bool down)
{
	const struct desktop_key key = { who, (uint32_t)keysym, scancode };

	desktop_key(place->desktop, &key, down);
}

int typing_unused_keys(Display *x)
{
	int low, high, per_key, key, i, unused = 0;
	KeySym *map;

	XDisplayKeycodes(x, &low, &high);
	map = XGetKeyboardMapping(x, (KeyCode)low, high - low + 1, &per_key);
	for (key = 0; key <= high - low; key++) {
		for (i = 0; i < per_key; i++)
			if (map[key * per_key + i] != NoSymbol)
				break;
		unused += i == per_key;
	}
	XFree(map);
	return unused;
}

int typing_keys_down(struct typing *place)
{
	char down[32];
	int i, count = 0;

	typing_modifiers(place);
	XQueryKeymap(place->x, down);
	for (i = 0; i < 256; i++)
		count += down[i / 8] >> i % 8 & 1;
	return count;
}

void typing_wait_told(struct typing *place, const int *counter)
{
	struct pollfd poller = { desktop_fd(place->desktop), POLLIN, 0 };
	int before = *counter;

	desktop_dispatch(place->desktop);
	while (*counter == before) {
		if (poll(&poller, 1, HANG_MS) <= 0)
			fail_msg("nothing was told");
		desktop_dispatch(place->desktop);
	}
}
