/* What another client of the X server copied, polite and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <X11/Xatom.h>
#include <string.h>

#include "base/xmalloc.h"
#include "test/unit/x11_clipboard_place.h"

enum { LIMIT = 1024 * 1024 };

static void answer(struct clipboard_place *place,
	const XSelectionRequestEvent *request, Atom type, int format,
	const void *value, size_t count)
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

/* Runs until `*counter` moves. */
static void wait_for(struct clipboard_place *place, const int *counter)
{
	int before = *counter;
	XEvent event;

	while (*counter == before)
		clipboard_place_run_until(place, 0, &event);
}

static XSelectionRequestEvent next_request(
	struct clipboard_place *place, Atom target)
{
	XEvent event;

	assert_true(clipboard_place_run_until(place, SelectionRequest, &event));
	assert_int_equal(event.xselectionrequest.target, target);
	return event.xselectionrequest;
}

/* The other client owns it, and says what it has. */
static void offer_there(struct clipboard_place *place, Atom selection,
	const Atom *targets, int count)
{
	XSelectionRequestEvent request;

	clipboard_place_own(place, selection);
	wait_for(place, &place->changes);
	desktop_clipboard_look(place->desktop);
	request = next_request(place, place->targets);
	answer(place, &request, XA_ATOM, 32, targets, (size_t)count);
	wait_for(place, &place->offers);
}

static void fetch(struct clipboard_place *place, enum clipboard_format format,
	Atom target, Atom type, int bits, const void *value, size_t count)
{
	XSelectionRequestEvent request;

	desktop_clipboard_fetch(place->desktop, format);
	request = next_request(place, target);
	answer(place, &request, type, bits, value, count);
}

static void test_fetch(void **state)
{
	struct clipboard_place *place = clipboard_place_open();
	Atom html = XInternAtom(place->x, "text/html", False);
	const Atom targets[] = { XA_STRING, html, place->utf8 };
	XSelectionRequestEvent request;

	(void)state;
	clipboard_place_own(place, place->clipboard);
	wait_for(place, &place->changes);
	clipboard_place_settle(place);
	assert_int_equal(XPending(place->x), 0); /* nobody wants it yet */
	offer_there(place, place->clipboard, targets, 3);
	assert_int_equal(place->offered,
		CLIPBOARD_BIT(CLIPBOARD_TEXT) | CLIPBOARD_BIT(CLIPBOARD_HTML));
	fetch(place, CLIPBOARD_TEXT, place->utf8, place->utf8, 8,
		"\xe2\x82\xac\r\nb\rc", 8);
	wait_for(place, &place->gifts);
	assert_string_equal(place->given, "\xe2\x82\xac\nb\nc");
	fetch(place, CLIPBOARD_HTML, html, html, 8, "<b>\r", 4);
	wait_for(place, &place->gifts);
	assert_string_equal(place->given, "<b>\r");
	/* Refused in UTF-8: Latin-1 is asked for. */
	fetch(place, CLIPBOARD_TEXT, place->utf8, None, 8, NULL, 0);
	fetch(place, CLIPBOARD_HTML, XA_STRING, XA_STRING, 8, "\xfc\0", 2);
	request = next_request(place, html);
	assert_string_equal(place->given, "\xc3\xbc");
	answer(place, &request, None, 8, NULL, 0);
	wait_for(place, &place->gifts);
	assert_null(place->given);
	desktop_clipboard_fetch(place->desktop, CLIPBOARD_BMP);
	assert_int_equal(place->gifts, 5); /* known at once */
	assert_null(place->given);
	clipboard_place_close(place);
}

/* An owner that knows no TARGETS, and answers that are no text. */
static void test_owner_of_the_old_school(void **state)
{
	struct clipboard_place *place = clipboard_place_open();
	XSelectionRequestEvent request;

	(void)state;
	clipboard_place_own(place, XA_PRIMARY);
	wait_for(place, &place->changes);
	desktop_clipboard_look(place->desktop);
	request = next_request(place, place->targets);
	answer(place, &request, None, 8, NULL, 0);
	wait_for(place, &place->offers);
	assert_int_equal(place->offered, CLIPBOARD_BIT(CLIPBOARD_TEXT));
	fetch(place, CLIPBOARD_TEXT, place->utf8, XA_ATOM, 32, (long[]){ 1, 2 },
		2);
	request = next_request(place, XA_STRING);
	answer(place, &request, XA_STRING, 8, "", 0);
	wait_for(place, &place->gifts);
	assert_null(place->given);
	clipboard_place_close(place);
}

/* The limit itself passes, one byte more does not. */
static void test_limit(void **state)
{
	struct clipboard_place *place = clipboard_place_open();
	char *text = xmalloc(LIMIT + 1);

	(void)state;
	memset(text, 'x', LIMIT + 1);
	offer_there(place, place->clipboard, &place->utf8, 1);
	fetch(place, CLIPBOARD_TEXT, place->utf8, place->utf8, 8, text,
		LIMIT + 1);
	wait_for(place, &place->gifts);
	assert_null(place->given);
	fetch(place, CLIPBOARD_TEXT, place->utf8, place->utf8, 8, text, LIMIT);
	wait_for(place, &place->gifts);
	assert_int_equal(place->given_length, LIMIT);
	free(text);
	clipboard_place_close(place);
}

static void test_owner_that_never_answers(void **state)
{
	struct clipboard_place *place = clipboard_place_open();
	XSelectionRequestEvent late, request;

	(void)state;
	clipboard_place_own(place, place->clipboard);
	wait_for(place, &place->changes);
	desktop_clipboard_look(place->desktop);
	late = next_request(place, place->targets);
	/* Somebody else copies: all begins again. */
	offer_there(place, XA_PRIMARY, &place->utf8, 1);
	desktop_clipboard_fetch(place->desktop, CLIPBOARD_TEXT);
	request = next_request(place, place->utf8);
	desktop_clipboard_forget(place->desktop);
	/* Late answers to questions long given up are not taken. */
	answer(place, &late, XA_ATOM, 32, &place->utf8, 1);
	answer(place, &request, place->utf8, 8, "late", 4);
	clipboard_place_settle(place);
	assert_int_equal(place->offers, 1);
	assert_int_equal(place->gifts, 0);
	fetch(place, CLIPBOARD_TEXT, place->utf8, place->utf8, 8, "new", 3);
	wait_for(place, &place->gifts);
	assert_string_equal(place->given, "new");
	clipboard_place_close(place);
}

/* Hands out `pieces` of `size` bytes; true when all were asked for. */
static bool send_pieces(struct clipboard_place *place, int pieces, size_t size)
{
	char *piece = xmalloc(size);
	XSelectionRequestEvent request;
	XEvent event;
	long total = 1;
	int i;

	memset(piece, 'p', size);
	desktop_clipboard_fetch(place->desktop, CLIPBOARD_TEXT);
	request = next_request(place, place->utf8);
	XSelectInput(place->x, request.requestor, PropertyChangeMask);
	answer(place, &request, place->incr, 32, &total, 1);
	for (i = 0; i <= pieces; i++) {
		clipboard_place_settle(place);
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
	clipboard_place_settle(place);
	free(piece);
	return i == pieces + 1;
}

static void test_incremental(void **state)
{
	struct clipboard_place *place = clipboard_place_open();

	(void)state;
	offer_there(place, place->clipboard, &place->utf8, 1);
	assert_true(send_pieces(place, 10, 5000));
	assert_int_equal(place->given_length, 50000);
	/* Far too much: dropped, and the next one works again. */
	send_pieces(place, 40, 100000);
	assert_null(place->given);
	assert_true(send_pieces(place, 3, 7));
	assert_int_equal(place->given_length, 21);
	assert_int_equal(place->gifts, 3);
	clipboard_place_close(place);
}

static void test_xclip(void **state)
{
	struct clipboard_place *place = clipboard_place_open();

	(void)state;
	assert_int_equal(x11_server_run(place->server,
				 "sh -c 'printf \"h\\303\\244\" | xclip -i "
				 "-selection clipboard >/dev/null 2>&1'"),
		0);
	wait_for(place, &place->changes);
	desktop_clipboard_look(place->desktop);
	wait_for(place, &place->offers);
	desktop_clipboard_fetch(place->desktop, CLIPBOARD_TEXT);
	wait_for(place, &place->gifts);
	assert_string_equal(place->given, "h\xc3\xa4");
	clipboard_place_close(place);
}

/* What was copied before we came. */
static void test_present_at_the_start(void **state)
{
	struct x11_server *server =
		x11_server_start("Xvfb", "-screen 0 320x200x24");
	struct desktop_options options = { .display = server->display };
	struct clipboard_place place = { .x = server->other };
	char *error;

	(void)state;
	place.window = XCreateSimpleWindow(
		place.x, DefaultRootWindow(place.x), 0, 0, 9, 9, 0, 0, 0);
	clipboard_place_own(&place, XA_PRIMARY);
	XSync(place.x, False);
	place.desktop =
		desktop_open(&options, &clipboard_place_host, &place, &error);
	assert_non_null(place.desktop);
	desktop_dispatch(place.desktop);
	assert_int_equal(place.changes, 1);
	desktop_close(place.desktop);
	options.no_primary = true;
	place.desktop =
		desktop_open(&options, &clipboard_place_host, &place, &error);
	desktop_dispatch(place.desktop);
	assert_int_equal(place.changes, 1);
	desktop_close(place.desktop);
	x11_server_stop(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fetch),
		cmocka_unit_test(test_owner_of_the_old_school),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_owner_that_never_answers),
		cmocka_unit_test(test_incremental),
		cmocka_unit_test(test_xclip),
		cmocka_unit_test(test_present_at_the_start),
	};

	return cmocka_run_group_tests_name(
		"x11_clipboard_fetch", tests, NULL, NULL);
}
