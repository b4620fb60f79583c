/* What a logged-in viewer may say, and what it is told. */
#include "test/unit/session_fixture.h"

#include "rfb/message.h"
#include "rfb/session_state.h"

static void check_prefixes(
	const struct session *session, const char *bytes, size_t length)
{
	const struct message *message;
	size_t whole, i;

	for (i = 0; i < length; i++)
		assert_int_equal(message_parse(session, (const uint8_t *)bytes,
					 i, &message, &whole),
			PARSE_MORE);
	assert_int_equal(message_parse(session, (const uint8_t *)bytes, length,
				 &message, &whole),
		PARSE_DONE);
	assert_int_equal(whole, length);
	/* What follows is not looked at. */
	assert_int_equal(message_parse(session, (const uint8_t *)bytes, length,
				 &message, &whole),
		PARSE_DONE);
}
#define CHECK_PREFIXES(literal)                                                \
	check_prefixes(f->session, literal, sizeof(literal) - 1)

static void test_prefixes(void **state)
{
	struct fixture *f = *state;

	CHECK_PREFIXES("\0\0\0\0\x20\x18\0\1\0\xff\0\xff\0\xff\x10\x8\0\0\0\0");
	CHECK_PREFIXES("\2\0\0\0");
	CHECK_PREFIXES("\2\0\0\2\0\0\0\0\0\0\0\1");
	CHECK_PREFIXES("\3\0\0\0\0\0\0\x40\0\x30");
	CHECK_PREFIXES("\4\1\0\0\0\0\0\x61");
	CHECK_PREFIXES("\5\0\0\1\0\2");
	CHECK_PREFIXES("\xff\0\0\1\0\0\0\x61\0\0\0\x1e");
	CHECK_PREFIXES("\6\0\0\0\0\0\0\0");
	/* The text comes behind the message, as it were. */
	CHECK_PREFIXES("\6\0\0\0\0\0\0\3");
	CHECK_PREFIXES(
		"\xfb\0\0\x40\0\x30\1\0"
		"\0\0\0\1\0\0\0\0\0\x40\0\x30\0\0\0\0");
}

static void test_unknown_messages(void **state)
{
	static const uint8_t known[] = { 0, 2, 3, 4, 5, 6, 8, 15, 150, 248, 251,
		255 };
	const struct message *message;
	size_t length;
	int type;

	(void)state;
	for (type = 0; type < 256; type++) {
		uint8_t byte = (uint8_t)type;
		bool is_known = memchr(known, type, sizeof(known)) != NULL;

		assert_int_equal(
			message_parse(NULL, &byte, 1, &message, &length),
			is_known ? PARSE_MORE : PARSE_BAD);
	}
}

static void test_unknown_message_closes(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, "\7");
	assert_int_equal(f->recorder.closes, 1);
	assert_string_equal(f->recorder.reason,
		"sent a message of unknown type 7 behind its login");
	SAY(f->session, "\4\1\0\0\0\0\0\x61");
	assert_int_equal(f->recorder.keys, 0);
}

/* Which is what was longer than it said, where somebody is out of step. */
static void test_names_what_it_took_last(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, "\4\1\0\0\0\0\0\x61\7");
	assert_string_equal(f->recorder.reason,
		"sent a message of unknown type 7 behind KeyEvent");
}

static void test_input(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, "\4\1\0\0\0\0\0\x61\5\1\0\7\0\x9");
	assert_int_equal(f->recorder.keys, 1);
	assert_int_equal(f->recorder.last_keysym, 'a');
	assert_int_equal(f->recorder.x, 7);
	assert_int_equal(f->recorder.y, 9);
	assert_int_equal(f->recorder.buttons, 1);
	SAY(f->session, "\5\0\xff\xff\xff\xff");
	assert_int_equal(f->recorder.x, WIDTH - 1);
	assert_int_equal(f->recorder.y, HEIGHT - 1);
}

static void test_held_input_is_released(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session,
		"\4\1\0\0\0\0\xff\xe1\4\1\0\0\0\0\0\x61"
		"\4\1\0\0\0\0\0\x61\4\1\0\0\0\0\0\x62"
		"\4\0\0\0\0\0\0\x62\5\5\0\1\0\1");
	assert_int_equal(f->recorder.releases, 1);
	session_release_input(f->session);
	assert_int_equal(f->recorder.releases, 3); /* a and Shift, once */
	assert_int_equal(f->recorder.buttons, 0);
	session_release_input(f->session);
	assert_int_equal(f->recorder.releases, 3);
}

static void test_view_only(void **state)
{
	struct fixture *f = *state;

	f->config.view_only = true;
	fixture_log_in(f);
	SAY(f->session, "\4\1\0\0\0\0\0\x61\5\1\0\7\0\x9\6\0\0\0\0\0\0\2hi");
	session_release_input(f->session);
	assert_int_equal(f->recorder.keys, 0);
	assert_int_equal(f->recorder.releases, 0);
	assert_int_equal(f->recorder.points, 0);
	assert_string_equal(f->recorder.text, "");
}

static void test_cut_text(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, "\6\0\0\0\0\0\0\3\xe9\n!");
	assert_string_equal(f->recorder.text, "\xc3\xa9\n!");
}

/* Too long is skipped piecewise, and what follows is heard. */
static void test_long_cut_text(void **state)
{
	struct fixture *f = *state;
	uint8_t piece[1000];
	int i;

	memset(piece, 4, sizeof(piece));
	fixture_log_in(f);
	SAY(f->session, "\6\0\0\0\0\x10\0\1"); /* 1 MiB and one byte */
	for (i = 0; i < (1 << 20) / 1000; i++)
		session_receive(f->session, piece, sizeof(piece));
	session_receive(f->session, piece, (1 << 20) % 1000 + 1);
	assert_int_equal(f->recorder.keys, 0);
	SAY(f->session, "\4\1\0\0\0\0\0\x61");
	assert_int_equal(f->recorder.keys, 1);
	assert_int_equal(f->recorder.closes, 0);
}

static void test_bad_pixel_format(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session,
		"\0\0\0\0\x18\x18\0\1\0\xff\0\xff\0\xff\x10\x8\0\0\0\0");
	assert_int_equal(f->recorder.closes, 1);
}

static void test_text_waits_for_idle_output(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	f->recorder.idle = false;
	SAY(f->session, "\2\0\0\0");
	session_clipboard_offer(f->session, CLIPBOARD_BIT(CLIPBOARD_TEXT));
	session_bell(f->session);
	session_bell(f->session);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_int_equal(f->recorder.wants, 0);
	f->recorder.idle = true;
	session_drained(f->session);
	assert_int_equal(f->recorder.wants, 1);
	TAKES(&f->recorder, "\2");
	session_clipboard_give(
		f->session, CLIPBOARD_TEXT, "n\xc3\xa9w\xe2\x82\xac", 7);
	TAKES(&f->recorder, "\3\0\0\0\0\0\0\6n\xe9wEUR");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

/* One viewer's flood is heard in pieces, in order and to its end. */
static void test_a_turn_has_an_end(void **state)
{
	enum { COUNT = 3 * SESSION_MESSAGES_A_TURN + 5 };
	struct fixture *f = *state;
	struct buffer flood = { 0 };
	int i, turns = 1;

	fixture_log_in(f);
	for (i = 0; i < COUNT; i++) {
		buffer_append(&flood, "\4\0\0\0", 4);
		buffer_u32(&flood, (uint32_t)(0x1000000 + i));
	}
	session_receive(
		f->session, buffer_bytes(&flood), buffer_length(&flood));
	assert_int_equal(f->recorder.releases, SESSION_MESSAGES_A_TURN);
	for (; session_has_input(f->session); turns++)
		session_continue(f->session);
	assert_int_equal(turns, 4);
	assert_int_equal(f->recorder.releases, COUNT);
	assert_int_equal(f->recorder.last_keysym, 0x1000000 + COUNT - 1);
	buffer_finish(&flood);
}

static struct buffer half_a_message(void)
{
	struct buffer bytes = { 0 };

	buffer_text(&bytes, "half");
	bytes.failed = true;
	return bytes;
}

/* Without memory for the rest a viewer goes: it would take what it gets next
 * for that. */
static void test_half_a_message(void **state)
{
	struct fixture *f = *state;
	struct buffer half = half_a_message();

	fixture_log_in(f);
	session_send_buffer(f->session, &half);
	assert_int_equal(f->recorder.closes, 1);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_false(session_enter(f->session, STAGE_RUNNING));
}

static void test_half_a_message_behind_an_update(void **state)
{
	struct fixture *f = *state;
	struct buffer half = half_a_message();
	struct update *update;

	fixture_log_in(f);
	SAY(f->session, "\3\0\0\0\0\0\0\1\0\1");
	update = session_begin_update(f->session, f->frame);
	session_reply(f->session, &half);
	update_encode(update, 0);
	session_end_update(f->session, update);
	assert_int_equal(f->recorder.closes, 1);
	assert_int_equal(buffer_length(&f->recorder.sent), 4 + 12 + 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(test_prefixes),
		cmocka_unit_test(test_unknown_messages),
		SESSION_TEST(test_unknown_message_closes),
		SESSION_TEST(test_names_what_it_took_last),
		SESSION_TEST(test_input),
		SESSION_TEST(test_held_input_is_released),
		SESSION_TEST(test_view_only),
		SESSION_TEST(test_cut_text),
		SESSION_TEST(test_long_cut_text),
		SESSION_TEST(test_bad_pixel_format),
		SESSION_TEST(test_text_waits_for_idle_output),
		SESSION_TEST(test_a_turn_has_an_end),
		SESSION_TEST(test_half_a_message),
		SESSION_TEST(test_half_a_message_behind_an_update),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
