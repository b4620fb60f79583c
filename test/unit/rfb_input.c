/* Keys and buttons beyond RFC 6143, lights, and where the pointer is. */
#include "test/unit/session_fixture.h"

#define EMPTY "\0\0\0\0\0\0\0\0"
#define ASK SAY(f->session, "\3\1\0\0\0\0\0\x40\0\x30")

/* SetEncodings with one number. */
static void list(struct fixture *f, int32_t number)
{
	uint8_t message[] = { 2, 0, 0, 1, (uint8_t)(number >> 24),
		(uint8_t)(number >> 16), (uint8_t)(number >> 8),
		(uint8_t)number };

	session_receive(f->session, message, sizeof(message));
}

/* The viewer has the picture and has asked for more; nothing was sent. */
static void log_in_listing(struct fixture *f, int32_t number)
{
	fixture_log_in(f);
	list(f, number);
	SAY(f->session, "\3\0\0\0\0\0\0\x40\0\x30");
	fixture_draw(f);
	ASK;
}

static void assert_nothing_due(struct fixture *f)
{
	buffer_clear(&f->recorder.sent);
	assert_null(session_begin_update(f->session, f->frame));
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

static void forget_sent(struct fixture *f)
{
	buffer_clear(&f->recorder.sent);
	ASK;
}

static void run(struct fixture *f)
{
	assert_true(session_has_update(f->session));
	assert_null(session_begin_update(f->session, f->frame));
}

static void test_qemu_keys(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, "\xff\0\0\1\0\0\0\x61\0\0\0\x1e");
	assert_int_equal(f->recorder.keys, 1);
	assert_int_equal(f->recorder.last_keysym, 'a');
	assert_int_equal(f->recorder.last_scancode, 0x1e);
	/* E0 in front is E0 folded in. */
	SAY(f->session, "\xff\0\0\1\0\0\0\0\0\0\xe0\x1d");
	assert_int_equal(f->recorder.last_keysym, 0);
	assert_int_equal(f->recorder.last_scancode, 0x9d);
	/* Codes that no keyboard has are none. */
	SAY(f->session, "\xff\0\0\1\0\0\0\x62\xff\xff\xff\xff");
	assert_int_equal(f->recorder.last_scancode, 0);
	assert_int_equal(f->recorder.last_keysym, 'b');
	session_release_input(f->session);
	assert_int_equal(f->recorder.releases, 3);
	/* Another of QEMU's messages was not offered. */
	SAY(f->session, "\xff\1");
	assert_int_equal(f->recorder.closes, 1);
}

/* A place is let go whatever its symbol is by then. */
static void test_place_is_let_go(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session,
		"\xff\0\0\1\0\0\0\x41\0\0\0\x1e"
		"\xff\0\0\0\0\0\0\x61\0\0\0\x1e");
	assert_int_equal(f->recorder.releases, 1);
	session_release_input(f->session);
	assert_int_equal(f->recorder.releases, 1);
}

static void test_told_once(void **state)
{
	static const int32_t numbers[] = { -258, -316 };
	struct fixture *f = *state;

	log_in_listing(f, numbers[0]);
	assert_true(memmem(buffer_bytes(&f->recorder.sent),
			    buffer_length(&f->recorder.sent),
			    EMPTY "\xff\xff\xfe\xfe", 12) != NULL);
	list(f, numbers[1]);
	forget_sent(f);
	run(f);
	TAKES(&f->recorder, "\0\0\0\1" EMPTY "\xff\xff\xfe\xc4");
	list(f, numbers[0]);
	forget_sent(f);
	list(f, numbers[1]);
	assert_nothing_due(f);
}

static void test_more_buttons(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	/* Who was not told has a message of six bytes. */
	SAY(f->session, "\5\x81\0\1\0\2\5\1\0\3\0\4");
	assert_int_equal(f->recorder.points, 2);
	assert_int_equal(f->recorder.buttons, 1);
	list(f, -316);
	SAY(f->session, "\3\1\0\0\0\0\0\1\0\1");
	session_end_update(
		f->session, session_begin_update(f->session, f->frame));
	SAY(f->session, "\5\x81\0\1\0\2\1");
	assert_int_equal(f->recorder.buttons, 0x81);
	SAY(f->session, "\5\x80\0\1\0\2\xff\5\1\0\3\0\4");
	assert_int_equal(f->recorder.points, 5);
	assert_int_equal(f->recorder.x, 3);
	session_release_input(f->session);
	assert_int_equal(f->recorder.buttons, 0);
}

static void test_lights(void **state)
{
	struct fixture *f = *state;

	session_set_leds(f->session, 2);
	log_in_listing(f, -261);
	assert_true(memmem(buffer_bytes(&f->recorder.sent),
			    buffer_length(&f->recorder.sent),
			    EMPTY "\xff\xff\xfe\xfb\2", 13) != NULL);
	session_set_leds(f->session, 2);
	assert_nothing_due(f);
	session_set_leds(f->session, 6);
	run(f);
	TAKES(&f->recorder, "\0\0\0\1" EMPTY "\xff\xff\xfe\xfb\6");
	list(f, 0x574d5668);
	session_set_leds(f->session, 4);
	ASK;
	run(f);
	TAKES(&f->recorder, "\0\0\0\1" EMPTY "WMVh\0\0\0\4");
}

static void test_pointer_place(void **state)
{
	struct fixture *f = *state;

	log_in_listing(f, -232);
	assert_true(session_wants_pointer(f->session));
	session_set_pointer(f->session, 7, 9);
	buffer_clear(&f->recorder.sent);
	run(f);
	TAKES(&f->recorder, "\0\0\0\1\0\7\0\x9\0\0\0\0\xff\xff\xff\x18");
	ASK;
	/* What the viewer did itself is no news to it. */
	SAY(f->session, "\5\0\0\3\0\4");
	session_set_pointer(f->session, 3, 4);
	assert_nothing_due(f);
	list(f, 0x574d5666);
	session_set_pointer(f->session, 5, 6);
	run(f);
	TAKES(&f->recorder, "\0\0\0\1\0\5\0\6\0\0\0\0WMVf");
	f->config.hide_pointer_place = true;
	ASK;
	session_set_pointer(f->session, 1, 1);
	assert_nothing_due(f);
}

/* Who may only watch from now on sees the pointer in the picture, and no shape
 * of its own; and the other way round. */
static void test_pointer_of_watchers(void **state)
{
	struct fixture *f = *state;
	struct cursor_image *cursor = cursor_image_create(1, 1);

	session_set_cursor(f->session, cursor);
	log_in_listing(f, -239);
	session_set_pointer(f->session, 7, 9);
	assert_false(session_paints_cursor(f->session));
	assert_nothing_due(f);
	session_set_view_only(f->session, true);
	assert_true(session_paints_cursor(f->session));
	assert_true(session_wants_pointer(f->session));
	fixture_draw(f);
	TAKES(&f->recorder, "\0\0\0\2" EMPTY "\xff\xff\xff\x11");
	TAKES(&f->recorder, "\0\7\0\x9\0\1\0\1\0\0\0\0");
	forget_sent(f);
	session_set_view_only(f->session, false);
	fixture_draw(f);
	TAKES(&f->recorder, "\0\0\0\2\0\0\0\0\0\1\0\1\xff\xff\xff\x11");
	/* One that lists it no longer has none to hide. */
	list(f, 0);
	forget_sent(f);
	fixture_draw(f);
	TAKES(&f->recorder, "\0\0\0\1\0\7\0\x9\0\1\0\1\0\0\0\0");
	forget_sent(f);
	session_set_view_only(f->session, true);
	assert_nothing_due(f);
	cursor_image_unref(cursor);
}

static void test_relative(void **state)
{
	struct fixture *f = *state;

	f->config.relative_pointer = true;
	log_in_listing(f, -257);
	assert_true(
		memmem(buffer_bytes(&f->recorder.sent),
			buffer_length(&f->recorder.sent),
			"\0\0\0\0\0\x40\0\x30\xff\xff\xfe\xff", 12) != NULL);
	SAY(f->session, "\5\1\x80\x04\x7f\xfe");
	assert_int_equal(f->recorder.nudges, 1);
	assert_int_equal(f->recorder.x, 5);
	assert_int_equal(f->recorder.y, -1);
	session_release_input(f->session);
	assert_int_equal(f->recorder.nudges, 2);
	assert_int_equal(f->recorder.points, 0);
	assert_int_equal(f->recorder.buttons, 0);
}

static void test_rights(void **state)
{
	struct fixture *f = *state;

	f->config.denied_input = SESSION_KEYS | SESSION_BUTTONS;
	fixture_log_in(f);
	SAY(f->session, "\4\1\0\0\0\0\0\x61\5\1\0\7\0\x9");
	assert_int_equal(f->recorder.keys, 0);
	assert_int_equal(f->recorder.x, 7);
	assert_int_equal(f->recorder.buttons, 0);
	f->config.denied_input = SESSION_MOTION;
	SAY(f->session, "\5\1\0\1\0\1");
	assert_int_equal(f->recorder.x, 7);
	assert_int_equal(f->recorder.buttons, 1);
	f->config.denied_input |= SESSION_BUTTONS;
	SAY(f->session, "\5\0\0\1\0\1");
	assert_int_equal(f->recorder.points, 2);
}

static void test_rights_of_watchers(void **state)
{
	struct fixture *f = *state;

	f->config.view_only = true;
	f->config.watchers_input = SESSION_MOTION;
	fixture_log_in(f);
	SAY(f->session, "\4\1\0\0\0\0\0\x61\5\1\0\7\0\x9");
	assert_int_equal(f->recorder.keys, 0);
	assert_int_equal(f->recorder.x, 7);
	assert_int_equal(f->recorder.buttons, 0);
}

/* Its line may break while one of its messages is answered: what it said behind
 * that is nobody's any more. */
static void test_nothing_after_the_line_broke(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	f->recorder.breaks = f->session;
	/* a fence that is answered, a key, a button, a text */
	SAY(f->session,
		"\xf8\0\0\0\x80\0\0\0\0"
		"\4\1\0\0\0\0\0\x61\5\1\0\7\0\x9"
		"\6\0\0\0\0\0\0\1x");
	assert_true(buffer_length(&f->recorder.sent) > 0);
	assert_int_equal(f->recorder.keys, 0);
	assert_int_equal(f->recorder.points, 0);
	assert_int_equal(f->recorder.offers, 0);
	SAY(f->session, "\4\1\0\0\0\0\0\x61");
	assert_int_equal(f->recorder.keys, 0);
	/* Its host knows. */
	assert_int_equal(f->recorder.closes, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SESSION_TEST(test_qemu_keys),
		SESSION_TEST(test_place_is_let_go),
		SESSION_TEST(test_told_once),
		SESSION_TEST(test_more_buttons),
		SESSION_TEST(test_lights),
		SESSION_TEST(test_pointer_place),
		SESSION_TEST(test_pointer_of_watchers),
		SESSION_TEST(test_relative),
		SESSION_TEST(test_rights),
		SESSION_TEST(test_rights_of_watchers),
		SESSION_TEST(test_nothing_after_the_line_broke),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
