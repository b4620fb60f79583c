/* Copy and paste with another client of the X server, polite and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <X11/Xatom.h>
#include <poll.h>
#include <string.h>

#include "base/xmalloc.h"
#include "test/unit/x11_server.h"
#include "x11/desktop.h"

enum { HANG_MS = 20000, LIMIT = 1024 * 1024 };

struct place {
	struct x11_server *server;
	Display *x; /* the other client's */
	Window window;
	struct desktop *desktop;
	Atom clipboard, utf8, targets, incr;
	char *copied;
	size_t copied_length;
	int told;
};

static void on_copied(void *context, const char *utf8, size_t length)
{
	struct place *place = context;

	free(place->copied);
	place->copied = xstrndup(utf8, length);
	place->copied_length = length;
	place->told++;
}

static const struct desktop_host host = { .copied = on_copied };

static struct place *place_open(void)
{
	struct place *place = xcalloc(1, sizeof(*place));
	struct desktop_options options = { .use_shm = true };
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
	place->desktop = desktop_open(&options, &host, place, &error);
	if (place->desktop == NULL)
		fail_msg("%s", error);
	desktop_dispatch(place->desktop);
	return place;
}

static void place_close(struct place *place)
{
	desktop_close(place->desktop);
	x11_server_stop(place->server);
	free(place->copied);
	free(place);
}

/* Lets both sides run until `type` comes to the other client (true), or
 * something is told (false). */
static bool run_until(struct place *place, int type, XEvent *event)
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
		if (place->told != before)
			return false;
		if (poll(pollers, 2, HANG_MS) <= 0)
			fail_msg("nothing came");
	}
}

/* Both sides have done all that they had to do. */
static void settle(struct place *place)
{
	int i, x, y;

	for (i = 0; i < 3; i++) {
		XSync(place->x, False);
		desktop_pointer(place->desktop, &x, &y);
		desktop_dispatch(place->desktop);
		desktop_pointer(place->desktop, &x, &y);
	}
}

static unsigned char *paste(struct place *place, Atom selection, Atom target,
	Atom *type, unsigned long *count)
{
	Atom property = XInternAtom(place->x, "PASTED", False);
	unsigned char *value = NULL;
	unsigned long left;
	XEvent event;
	int format;

	XConvertSelection(place->x, selection, target, property, place->window,
		CurrentTime);
	XFlush(place->x);
	assert_true(run_until(place, SelectionNotify, &event));
	*type = None;
	*count = 0;
	if (event.xselection.property == None)
		return NULL;
	XGetWindowProperty(place->x, place->window, property, 0, LIMIT, True,
		AnyPropertyType, type, &format, count, &left, &value);
	return value;
}

static void assert_pastes(struct place *place, Atom selection, Atom target,
	const char *expected, Atom expected_type)
{
	unsigned long count;
	unsigned char *value;
	Atom type;

	value = paste(place, selection, target, &type, &count);
	assert_non_null(value);
	assert_int_equal(type, expected_type);
	assert_int_equal(count, strlen(expected));
	assert_memory_equal(value, expected, count);
	XFree(value);
}

static void test_offer(void **state)
{
	static const char text[] = "Gr\xc3\xbc\xc3\x9f \xe2\x82\xac\nzwei";
	struct place *place = place_open();
	unsigned long count;
	unsigned char *value;
	Atom type;

	(void)state;
	desktop_copy(place->desktop, text, strlen(text));
	assert_pastes(place, place->clipboard, place->utf8, text, place->utf8);
	assert_pastes(place, XA_PRIMARY, place->utf8, text, place->utf8);
	assert_pastes(
		place, XA_PRIMARY, XA_STRING, "Gr\xfc\xdf ?\nzwei", XA_STRING);
	assert_pastes(place, place->clipboard,
		XInternAtom(place->x, "TEXT", False), text, place->utf8);
	value = paste(place, place->clipboard, place->targets, &type, &count);
	assert_int_equal(type, XA_ATOM);
	assert_true(count >= 4);
	XFree(value);
	value = paste(place, place->clipboard, XA_PIXMAP, &type, &count);
	assert_null(value);
	settle(place);
	assert_int_equal(place->told, 0); /* our own is no news */
	place_close(place);
}

static void own(struct place *place, Atom selection)
{
	XSetSelectionOwner(place->x, selection, place->window, CurrentTime);
	XFlush(place->x);
}

static void answer(struct place *place, const XSelectionRequestEvent *request,
	Atom type, int format, const void *value, size_t count)
{
	XEvent event = { .xselection = { .type = SelectionNotify } };

	event.xselection.requestor = request->requestor;
	event.xselection.selection = request->selection;
	event.xselection.target = request->target;
	event.xselection.time = request->time;
	if (value != NULL) {
		event.xselection.property = request->property;
		XChangeProperty(place->x, request->requestor, request->property,
			type, format, PropModeReplace, value, (int)count);
	}
	XSendEvent(place->x, request->requestor, False, 0, &event);
	XFlush(place->x);
}

static void assert_told(struct place *place, const char *expected)
{
	XEvent event;

	assert_false(run_until(place, -1, &event));
	assert_string_equal(place->copied, expected);
	assert_int_equal(place->copied_length, strlen(expected));
}

static void test_fetch(void **state)
{
	struct place *place = place_open();
	XEvent event;

	(void)state;
	own(place, place->clipboard);
	assert_true(run_until(place, SelectionRequest, &event));
	assert_int_equal(event.xselectionrequest.target, place->utf8);
	answer(place, &event.xselectionrequest, place->utf8, 8,
		"\xe2\x82\xac\r\nb\rc", 8);
	assert_told(place, "\xe2\x82\xac\nb\nc");
	/* Without UTF8_STRING, Latin-1 is asked for. */
	own(place, XA_PRIMARY);
	assert_true(run_until(place, SelectionRequest, &event));
	answer(place, &event.xselectionrequest, None, 8, NULL, 0);
	assert_true(run_until(place, SelectionRequest, &event));
	assert_int_equal(event.xselectionrequest.target, XA_STRING);
	answer(place, &event.xselectionrequest, XA_STRING, 8, "\xfc\0", 2);
	assert_told(place, "\xc3\xbc");
	place_close(place);
}

static void serve(struct place *place, Atom selection, Atom type, int format,
	const void *value, size_t count)
{
	XEvent event;

	own(place, selection);
	assert_true(run_until(place, SelectionRequest, &event));
	answer(place, &event.xselectionrequest, type, format, value, count);
	settle(place);
}

static void test_what_is_no_news(void **state)
{
	struct place *place = place_open();

	(void)state;
	desktop_copy(place->desktop, "ours", 4);
	settle(place);
	/* A clipboard manager takes over what we offered. */
	serve(place, place->clipboard, place->utf8, 8, "ours", 4);
	assert_int_equal(place->told, 0);
	serve(place, place->clipboard, place->utf8, 8, "theirs", 6);
	assert_int_equal(place->told, 1);
	serve(place, XA_PRIMARY, place->utf8, 8, "theirs", 6);
	assert_int_equal(place->told, 1);
	/* Empty, and of a kind that is no text. */
	serve(place, XA_PRIMARY, place->utf8, 8, "", 0);
	serve(place, XA_PRIMARY, XA_ATOM, 32, (long[]){ 1, 2 }, 2);
	assert_int_equal(place->told, 1);
	place_close(place);
}

/* The limit itself passes, one byte more does not. */
static void test_limit(void **state)
{
	struct place *place = place_open();
	char *text = xmalloc(LIMIT + 1);

	(void)state;
	memset(text, 'x', LIMIT + 1);
	serve(place, place->clipboard, place->utf8, 8, text, LIMIT + 1);
	assert_int_equal(place->told, 0);
	serve(place, place->clipboard, place->utf8, 8, text, LIMIT);
	assert_int_equal(place->told, 1);
	assert_int_equal(place->copied_length, LIMIT);
	free(text);
	place_close(place);
}

static void test_owner_that_never_answers(void **state)
{
	struct place *place = place_open();
	XSelectionRequestEvent late;
	XEvent event;

	(void)state;
	own(place, place->clipboard);
	assert_true(run_until(place, SelectionRequest, &event));
	late = event.xselectionrequest;
	/* Nothing waits: the other selection works meanwhile. */
	serve(place, XA_PRIMARY, place->utf8, 8, "primary", 7);
	assert_string_equal(place->copied, "primary");
	/* Xvfb's clock ticks in milliseconds, and times name attempts. */
	while (event.xselectionrequest.time == late.time) {
		own(place, place->clipboard);
		assert_true(run_until(place, SelectionRequest, &event));
	}
	/* The late answer to a question long given up is not taken. */
	answer(place, &late, place->utf8, 8, "late", 4);
	settle(place);
	assert_int_equal(place->told, 1);
	answer(place, &event.xselectionrequest, place->utf8, 8, "new", 3);
	assert_told(place, "new");
	place_close(place);
}

/* Hands out `pieces` of `size` bytes; true when all were asked for. */
static bool send_pieces(struct place *place, int pieces, size_t size)
{
	char *piece = xmalloc(size);
	XSelectionRequestEvent request;
	XEvent event;
	long total = 1;
	int i;

	memset(piece, 'p', size);
	own(place, place->clipboard);
	assert_true(run_until(place, SelectionRequest, &event));
	request = event.xselectionrequest;
	XSelectInput(place->x, request.requestor, PropertyChangeMask);
	answer(place, &request, place->incr, 32, &total, 1);
	for (i = 0; i <= pieces; i++) {
		settle(place);
		XSync(place->x, False);
		do {
			if (XPending(place->x) == 0)
				break;
			XNextEvent(place->x, &event);
		} while (event.type != PropertyNotify ||
			 event.xproperty.window != request.requestor ||
			 event.xproperty.state != PropertyDelete);
		if (event.type != PropertyNotify ||
			event.xproperty.state != PropertyDelete)
			break;
		XChangeProperty(place->x, request.requestor, request.property,
			place->utf8, 8, PropModeReplace,
			(const unsigned char *)piece,
			i == pieces ? 0 : (int)size);
		event.type = 0;
	}
	settle(place);
	free(piece);
	return i == pieces + 1;
}

static void test_incremental(void **state)
{
	struct place *place = place_open();

	(void)state;
	assert_true(send_pieces(place, 10, 5000));
	assert_int_equal(place->told, 1);
	assert_int_equal(place->copied_length, 50000);
	/* Far too much: dropped, and the next one works again. */
	send_pieces(place, 40, 100000);
	assert_int_equal(place->told, 1);
	assert_true(send_pieces(place, 3, 7));
	assert_int_equal(place->told, 2);
	assert_int_equal(place->copied_length, 21);
	place_close(place);
}

/* The client that pastes is gone before we answer. */
static void test_requestor_dies(void **state)
{
	struct place *place = place_open();
	int i;

	(void)state;
	desktop_copy(place->desktop, "text", 4);
	settle(place);
	for (i = 0; i < 20; i++) {
		Window window = XCreateSimpleWindow(place->x,
			DefaultRootWindow(place->x), 0, 0, 1, 1, 0, 0, 0);

		XConvertSelection(place->x, place->clipboard, place->utf8,
			place->utf8, window, CurrentTime);
		XDestroyWindow(place->x, window);
		settle(place);
	}
	assert_pastes(
		place, place->clipboard, place->utf8, "text", place->utf8);
	place_close(place);
}

static void test_xclip(void **state)
{
	struct place *place = place_open();

	(void)state;
	assert_int_equal(x11_server_run(place->server,
				 "sh -c 'printf \"h\\303\\244\" | xclip -i "
				 "-selection clipboard >/dev/null 2>&1'"),
		0);
	assert_told(place, "h\xc3\xa4");
	place_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offer),
		cmocka_unit_test(test_fetch),
		cmocka_unit_test(test_what_is_no_news),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_owner_that_never_answers),
		cmocka_unit_test(test_incremental),
		cmocka_unit_test(test_requestor_dies),
		cmocka_unit_test(test_xclip),
	};

	return cmocka_run_group_tests_name("x11_clipboard", tests, NULL, NULL);
}
