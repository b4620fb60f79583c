/* What a viewer copied, pasted by another client of the X server, polite and
 * hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <X11/Xatom.h>
#include <string.h>

#include "base/buffer.h"
#include "base/xmalloc.h"
#include "test/unit/x11_clipboard_place.h"

enum { LIMIT = 1024 * 1024 };

static unsigned char *paste(struct clipboard_place *place, Atom selection,
	Atom target, Atom *type, unsigned long *count)
{
	Atom property = XInternAtom(place->x, "PASTED", False);
	unsigned char *value = NULL;
	unsigned long left;
	XEvent event;
	int format;

	XConvertSelection(place->x, selection, target, property, place->window,
		CurrentTime);
	XFlush(place->x);
	assert_true(clipboard_place_run_until(place, SelectionNotify, &event));
	*type = None;
	*count = 0;
	if (event.xselection.property == None)
		return NULL;
	XGetWindowProperty(place->x, place->window, property, 0, LIMIT, True,
		AnyPropertyType, type, &format, count, &left, &value);
	return value;
}

static void assert_pastes(struct clipboard_place *place, Atom selection,
	Atom target, const char *expected, Atom expected_type)
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

/* The X server need not take the two clients' requests in the order in which
 * they were sent: it must have the owner before somebody pastes. */
static void offer(struct clipboard_place *place, const char *text)
{
	place->at_hand = text;
	place->at_hand_length = strlen(text);
	desktop_clipboard_own(place->desktop, CLIPBOARD_BIT(CLIPBOARD_TEXT));
	clipboard_place_settle(place);
}

static void test_offer(void **state)
{
	static const char text[] = "Gr\xc3\xbc\xc3\x9f \xe2\x82\xac\nzwei";
	struct clipboard_place *place = clipboard_place_open();
	unsigned long count;
	unsigned char *value;
	Atom type;

	(void)state;
	offer(place, text);
	assert_int_equal(place->wants, 0);
	value = paste(place, place->clipboard, place->targets, &type, &count);
	assert_int_equal(type, XA_ATOM);
	assert_int_equal(count, 8); /* with TIMESTAMP and MULTIPLE */
	XFree(value);
	assert_int_equal(place->wants, 0);
	assert_pastes(place, place->clipboard, place->utf8, text, place->utf8);
	assert_pastes(place, XA_PRIMARY, place->utf8, text, place->utf8);
	assert_pastes(place, XA_PRIMARY, XA_STRING, "Gr\xfc\xdf EUR\nzwei",
		XA_STRING);
	assert_pastes(place, place->clipboard,
		XInternAtom(place->x, "TEXT", False), text, place->utf8);
	value = paste(place, place->clipboard, XA_PIXMAP, &type, &count);
	assert_null(value);
	value = paste(place, place->clipboard,
		XInternAtom(place->x, "text/html", False), &type, &count);
	assert_null(value); /* not on offer */
	value = paste(place, place->clipboard,
		XInternAtom(place->x, "TIMESTAMP", False), &type, &count);
	assert_int_equal(type, XA_INTEGER);
	assert_int_not_equal(*(long *)(void *)value, 0);
	XFree(value);
	clipboard_place_settle(place);
	assert_int_equal(place->changes, 0); /* our own is no news */
	desktop_clipboard_own(place->desktop, 0);
	clipboard_place_settle(place);
	assert_int_equal(XGetSelectionOwner(place->x, place->clipboard), None);
	clipboard_place_close(place);
}

/* Each form by its targets. */
static void test_offer_of_many_forms(void **state)
{
	static const char *const targets[] = { "text/rtf", "application/rtf",
		"text/html", "image/bmp" };
	struct clipboard_place *place = clipboard_place_open();
	unsigned long count;
	unsigned char *value;
	size_t i;
	Atom type;

	(void)state;
	offer(place, "a form");
	desktop_clipboard_own(
		place->desktop, CLIPBOARD_BIT(CLIPBOARD_FORMATS) - 1);
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		Atom target = XInternAtom(place->x, targets[i], False);

		assert_pastes(
			place, place->clipboard, target, "a form", target);
	}
	value = paste(place, XA_PRIMARY, place->targets, &type, &count);
	assert_int_equal(count, 14);
	XFree(value);
	clipboard_place_close(place);
}

static void put_pairs(
	struct clipboard_place *place, const Atom *pairs, int count)
{
	Atom list = XInternAtom(place->x, "PASTED", False);

	XChangeProperty(place->x, place->window, list,
		XInternAtom(place->x, "ATOM_PAIR", False), 32, PropModeReplace,
		(const unsigned char *)pairs, count);
}

static void test_multiple(void **state)
{
	struct clipboard_place *place = clipboard_place_open();
	Atom one = XInternAtom(place->x, "ONE", False);
	Atom two = XInternAtom(place->x, "TWO", False);
	const Atom pairs[] = { place->utf8, one, XA_PIXMAP, two, XA_STRING,
		two };
	unsigned long count;
	Atom type, *answer;

	(void)state;
	offer(place, "both");
	put_pairs(place, pairs, 6);
	answer = (Atom *)(void *)paste(place, place->clipboard,
		XInternAtom(place->x, "MULTIPLE", False), &type, &count);
	assert_non_null(answer);
	assert_int_equal(count, 6);
	assert_int_equal(answer[1], one);
	assert_int_equal(answer[3], None);
	assert_int_equal(answer[5], two);
	XFree(answer);
	/* Without the list, and with one that is none. */
	answer = (Atom *)(void *)paste(place, place->clipboard,
		XInternAtom(place->x, "MULTIPLE", False), &type, &count);
	assert_null(answer);
	put_pairs(place, pairs, 1);
	answer = (Atom *)(void *)paste(place, place->clipboard,
		XInternAtom(place->x, "MULTIPLE", False), &type, &count);
	assert_null(answer);
	clipboard_place_close(place);
}

static void ask(
	struct clipboard_place *place, Window window, const char *property)
{
	XConvertSelection(place->x, place->clipboard, place->utf8,
		XInternAtom(place->x, property, False), window, CurrentTime);
	XFlush(place->x);
}

/* X clients wait, all of them, and are told when there is nothing. */
static void test_waiting(void **state)
{
	struct clipboard_place *place = clipboard_place_open();
	XEvent event;
	int i;

	(void)state;
	offer(place, "x");
	place->at_hand = NULL;
	ask(place, place->window, "P1");
	ask(place, place->window, "P2");
	clipboard_place_settle(place);
	assert_int_equal(place->wants, 2);
	assert_int_equal(XPending(place->x), 0);
	desktop_clipboard_give(place->desktop, CLIPBOARD_TEXT, "now", 3);
	for (i = 0; i < 2; i++) {
		assert_true(clipboard_place_run_until(
			place, SelectionNotify, &event));
		assert_int_not_equal(event.xselection.property, None);
	}
	/* More than there are places: the last are refused at once. */
	for (i = 0; i < 40; i++)
		ask(place, place->window, "P1");
	for (i = 0; i < 8; i++) {
		assert_true(clipboard_place_run_until(
			place, SelectionNotify, &event));
		assert_int_equal(event.xselection.property, None);
	}
	desktop_clipboard_give(place->desktop, CLIPBOARD_TEXT, NULL, 0);
	for (i = 0; i < 32; i++) {
		assert_true(clipboard_place_run_until(
			place, SelectionNotify, &event));
		assert_int_equal(event.xselection.property, None);
	}
	/* Something else is copied meanwhile. */
	ask(place, place->window, "P1");
	clipboard_place_settle(place);
	desktop_clipboard_own(place->desktop, 0);
	assert_true(clipboard_place_run_until(place, SelectionNotify, &event));
	assert_int_equal(event.xselection.property, None);
	clipboard_place_close(place);
}

/* The next piece of an incremental answer, to the end of `got`. */
static bool take_piece(
	struct clipboard_place *place, Atom property, struct buffer *got)
{
	unsigned char *value = NULL;
	unsigned long count, left;
	XEvent event;
	int format;
	Atom type;

	do {
		assert_true(clipboard_place_run_until(
			place, PropertyNotify, &event));
	} while (event.xproperty.atom != property ||
		 event.xproperty.state != PropertyNewValue);
	XGetWindowProperty(place->x, place->window, property, 0, LIMIT, True,
		AnyPropertyType, &type, &format, &count, &left, &value);
	assert_int_equal(type, place->utf8);
	buffer_append(got, value, count);
	XFree(value);
	return count > 0;
}

static Atom begin_pieces(
	struct clipboard_place *place, Window window, const char *name)
{
	Atom property = XInternAtom(place->x, name, False);
	XEvent event;

	ask(place, window, name);
	assert_true(clipboard_place_run_until(place, SelectionNotify, &event));
	assert_int_equal(event.xselection.property, property);
	return property;
}

/* What is too much for one X request goes in pieces, to several at once. */
static void test_incremental_offer(void **state)
{
	enum { BYTES = 900 * 1000 };
	struct clipboard_place *place = clipboard_place_open();
	struct buffer one = { 0 }, other = { 0 };
	char *text = xmalloc(BYTES + 1);
	Window stalled;
	Atom first, second;
	int i;

	(void)state;
	for (i = 0; i < BYTES; i++)
		text[i] = (char)('a' + i / 7 % 26);
	text[BYTES] = '\0';
	offer(place, text);
	/* Some begin and never go on, and one goes away. */
	for (i = 0; i < 7; i++) {
		stalled = XCreateSimpleWindow(place->x,
			DefaultRootWindow(place->x), 0, 0, 1, 1, 0, 0, 0);
		begin_pieces(place, stalled, "STALLED");
	}
	XDestroyWindow(place->x, stalled);
	first = begin_pieces(place, place->window, "FIRST");
	second = begin_pieces(place, place->window, "SECOND");
	XDeleteProperty(place->x, place->window, first);
	while (take_piece(place, first, &one))
		;
	XDeleteProperty(place->x, place->window, second);
	while (take_piece(place, second, &other))
		;
	assert_int_equal(buffer_length(&one), BYTES);
	assert_memory_equal(buffer_bytes(&one), text, BYTES);
	assert_int_equal(buffer_length(&other), BYTES);
	buffer_finish(&one);
	buffer_finish(&other);
	free(text);
	clipboard_place_close(place);
}

/* The shared window pastes: we still hear that it was closed. */
static void test_incremental_offer_to_the_shared_window(void **state)
{
	enum { BYTES = 300 * 1000 };
	struct clipboard_place *place = clipboard_place_open();
	char *window = xasprintf("0x%lx", place->window);
	struct desktop_options options = { .display = place->server->display,
		.window = window,
		.window_place = true };
	char *text = xmalloc(BYTES + 1), *error;
	struct buffer got = { 0 };
	Atom property;
	XEvent event;

	(void)state;
	memset(text, 'x', BYTES);
	text[BYTES] = '\0';
	XMapWindow(place->x, place->window);
	XSync(place->x, False);
	desktop_close(place->desktop);
	place->desktop =
		desktop_open(&options, &clipboard_place_host, place, &error);
	assert_non_null(place->desktop);
	offer(place, text);
	property = begin_pieces(place, place->window, "PIECES");
	XDeleteProperty(place->x, place->window, property);
	while (take_piece(place, property, &got))
		;
	assert_int_equal(buffer_length(&got), BYTES);
	clipboard_place_settle(place);
	XDestroyWindow(place->x, place->window);
	XFlush(place->x);
	clipboard_place_run_until(place, 0, &event);
	assert_int_equal(place->losses, 1);
	buffer_finish(&got);
	free(text);
	free(window);
	clipboard_place_close(place);
}

/* The client that pastes is gone before we answer. */
static void test_requestor_dies(void **state)
{
	struct clipboard_place *place = clipboard_place_open();
	int i;

	(void)state;
	offer(place, "text");
	clipboard_place_settle(place);
	for (i = 0; i < 20; i++) {
		Window window = XCreateSimpleWindow(place->x,
			DefaultRootWindow(place->x), 0, 0, 1, 1, 0, 0, 0);

		XConvertSelection(place->x, place->clipboard, place->utf8,
			place->utf8, window, CurrentTime);
		XDestroyWindow(place->x, window);
		clipboard_place_settle(place);
	}
	assert_pastes(
		place, place->clipboard, place->utf8, "text", place->utf8);
	clipboard_place_close(place);
}

static void test_switches(void **state)
{
	struct clipboard_place *place =
		clipboard_place_open_with((struct desktop_options){
			.no_primary = true, .no_set_clipboard = true });

	(void)state;
	offer(place, "primary");
	clipboard_place_settle(place);
	assert_int_equal(XGetSelectionOwner(place->x, place->clipboard), None);
	assert_pastes(place, XA_PRIMARY, place->utf8, "primary", place->utf8);
	clipboard_place_own(place, XA_PRIMARY);
	clipboard_place_settle(place);
	assert_int_equal(place->changes, 0);
	clipboard_place_own(place, place->clipboard);
	clipboard_place_settle(place);
	assert_int_equal(place->changes, 1);
	clipboard_place_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offer),
		cmocka_unit_test(test_offer_of_many_forms),
		cmocka_unit_test(test_multiple),
		cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_incremental_offer),
		cmocka_unit_test(test_incremental_offer_to_the_shared_window),
		cmocka_unit_test(test_requestor_dies),
		cmocka_unit_test(test_switches),
	};

	return cmocka_run_group_tests_name(
		"x11_clipboard_offer", tests, NULL, NULL);
}
