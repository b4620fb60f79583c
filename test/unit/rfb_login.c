/* From the greeting to ServerInit. */
#include "test/unit/session_fixture.h"

#include "rfb/handshake.h"
#include "rfb/password_list.h"
#include "rfb/security.h"

static void test_versions(void **state)
{
	(void)state;
	assert_int_equal(handshake_version("RFB 003.003\n"), 3);
	assert_int_equal(handshake_version("RFB 003.004\n"), 3);
	assert_int_equal(handshake_version("RFB 003.005\n"), 3);
	assert_int_equal(handshake_version("RFB 003.006\n"), 3);
	assert_int_equal(handshake_version("RFB 003.007\n"), 7);
	assert_int_equal(handshake_version("RFB 003.008\n"), 8);
	assert_int_equal(handshake_version("RFB 003.889\n"), 8);
	assert_int_equal(handshake_version("RFB 004.001\n"), 8);
	assert_int_equal(handshake_version("RFB 005.000\n"), 8);
	assert_int_equal(handshake_version("RFB 003.002\n"), 0);
	assert_int_equal(handshake_version("RFB 002.009\n"), 0);
	assert_int_equal(handshake_version("RFB 00a.008\n"), 0);
	assert_int_equal(handshake_version("RFB 003.008 "), 0);
	assert_int_equal(handshake_version("RFB 003 008\n"), 0);
	assert_int_equal(handshake_version("rfb 003.008\n"), 0);
}

static void test_38_none(void **state)
{
	struct fixture *f = *state;

	session_start(f->session);
	TAKES(&f->recorder, "RFB 003.008\n");
	SAY(f->session, "RFB 003.008\n");
	TAKES(&f->recorder, "\2\1\x10");
	SAY(f->session, "\1");
	TAKES(&f->recorder, "\0\0\0\0");
	SAY(f->session, "\1");
	TAKES(&f->recorder,
		"\0\x40\0\x30\x20\x18\0\1\0\xff\0\xff\0\xff\x10\x8\0"
		"\0\0\0\0\0\0\4test");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_int_equal(f->recorder.logins, 1);
}

static void test_37_none_has_no_result(void **state)
{
	struct fixture *f = *state;

	session_start(f->session);
	TAKES(&f->recorder, "RFB 003.008\n");
	SAY(f->session, "RFB 003.007\n\1\1");
	TAKES(&f->recorder, "\2\1\x10\0\x40\0\x30");
}

static void test_33_server_decides(void **state)
{
	struct fixture *f = *state;

	session_start(f->session);
	TAKES(&f->recorder, "RFB 003.008\n");
	SAY(f->session, "RFB 003.003\n\1");
	TAKES(&f->recorder, "\0\0\0\1\0\x40\0\x30");
}

static void test_every_byte_alone(void **state)
{
	static const char login[] = "RFB 003.008\n\1\1";
	struct fixture *f = *state;
	size_t i;

	session_start(f->session);
	for (i = 0; i < sizeof(login) - 1; i++) {
		assert_int_equal(f->recorder.logins, 0);
		session_receive(f->session, (const uint8_t *)login + i, 1);
	}
	assert_int_equal(f->recorder.logins, 1);
}

static void test_only_offered_types(void **state)
{
	struct fixture *f = *state;
	int type;

	for (type = 0; type < 256; type++) {
		uint8_t byte = (uint8_t)type;

		if (type == 2 || type == 16)
			continue;
		fixture_tear_down(state);
		fixture_set_up(state);
		f = *state;
		f->config.full_password = "secret";
		session_start(f->session);
		SAY(f->session, "RFB 003.008\n");
		buffer_clear(&f->recorder.sent);
		session_receive(f->session, &byte, 1);
		assert_int_equal(f->recorder.closes, 1);
		assert_int_equal(buffer_length(&f->recorder.sent), 0);
		SAY(f->session, "\1\1");
		assert_int_equal(f->recorder.logins, 0);
	}
}

/* The challenge is random, so a wrong answer is right once in 2^128. */
static void test_wrong_password(void **state)
{
	struct fixture *f = *state;

	f->config.full_password = "secret";
	f->config.view_password = "look";
	session_start(f->session);
	SAY(f->session, "RFB 003.008\n\2");
	buffer_clear(&f->recorder.sent);
	SAY(f->session, "0123456789abcdef");
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\x0ewrong password");
	assert_int_equal(f->recorder.closes, 1);
	SAY(f->session, "\1");
	assert_int_equal(f->recorder.logins, 0);
}

static void test_password_list(void **state)
{
	const char *at = "\none\n\ntwo\n", *none = NULL, *empty = "";
	size_t length;

	(void)state;
	assert_memory_equal(password_list_next(&at, &length), "one", 3);
	assert_int_equal(length, 3);
	assert_memory_equal(password_list_next(&at, &length), "two", 3);
	assert_null(password_list_next(&at, &length));
	assert_null(password_list_next(&none, &length));
	assert_null(password_list_next(&empty, &length));
}

static void judge_instead(struct fixture *f)
{
	session_destroy(f->session);
	f->session = session_create(
		&f->config, &f->layout, &recorder_judge, &f->recorder);
}

/* While the host decides nothing is said, and nothing that the viewer says is
 * looked at. */
static void test_host_decides_later(void **state)
{
	struct fixture *f = *state;

	judge_instead(f);
	session_start(f->session);
	SAY(f->session, "RFB 003.008\n\1");
	TAKES(&f->recorder, "RFB 003.008\n\2\1\x10");
	assert_int_equal(f->recorder.right, 1);
	SAY(f->session, "\1");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_int_equal(f->recorder.logins, 0);
	session_let_in(f->session, true);
	TAKES(&f->recorder, "\0\0\0\0\0\x40\0\x30");
	assert_int_equal(f->recorder.logins, 1);
	assert_true(session_is_view_only(f->session));
	session_turn_away(f->session, "too late");
	assert_int_equal(f->recorder.closes, 0);
}

static void test_host_turns_away(void **state)
{
	struct fixture *f = *state;

	judge_instead(f);
	session_start(f->session);
	SAY(f->session, "RFB 003.008\n\1");
	TAKES(&f->recorder, "RFB 003.008\n\2\1\x10");
	session_turn_away(f->session, "no");
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\2no");
	assert_int_equal(f->recorder.closes, 1);
	session_let_in(f->session, false);
	SAY(f->session, "\1");
	assert_int_equal(f->recorder.logins, 0);
}

/* RFB 3.3 has no result after None: nothing that could be one is sent. */
static void test_33_is_turned_away_silently(void **state)
{
	struct fixture *f = *state;

	judge_instead(f);
	session_start(f->session);
	SAY(f->session, "RFB 003.003\n");
	TAKES(&f->recorder, "RFB 003.008\n\0\0\0\1");
	session_turn_away(f->session, "no");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_int_equal(f->recorder.closes, 1);
}

static void test_wrong_answer_is_told_when_the_host_says(void **state)
{
	struct fixture *f = *state;

	f->config.full_password = "secret";
	judge_instead(f);
	session_start(f->session);
	SAY(f->session, "RFB 003.008\n\2");
	buffer_clear(&f->recorder.sent);
	SAY(f->session, "0123456789abcdef");
	assert_int_equal(f->recorder.wrong, 1);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	session_turn_away(f->session, NULL);
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\x0ewrong password");
}

static void test_impatience_has_an_end(void **state)
{
	static const uint8_t zeros[4096];
	struct fixture *f = *state;
	int i;

	judge_instead(f);
	session_start(f->session);
	SAY(f->session, "RFB 003.008\n\1");
	for (i = 0; i < 17; i++)
		session_receive(f->session, zeros, sizeof(zeros));
	assert_int_equal(f->recorder.closes, 1);
}

static void test_refusal(void **state)
{
	struct fixture *f = *state;

	session_start_refusing(f->session, "full");
	TAKES(&f->recorder, "RFB 003.008\n");
	SAY(f->session, "RFB 003.008\n");
	TAKES(&f->recorder, "\0\0\0\0\4full");
	assert_int_equal(f->recorder.closes, 1);
}

static void test_nothing_before_login(void **state)
{
	struct fixture *f = *state;

	session_start(f->session);
	buffer_clear(&f->recorder.sent);
	fixture_change(f, (struct rect){ 0, 0, 10, 10 });
	session_clipboard_offer(f->session, CLIPBOARD_BIT(CLIPBOARD_TEXT));
	session_bell(f->session);
	session_resize(f->session, &f->layout, false);
	assert_false(session_wants_update(f->session));
	assert_null(session_begin_update(f->session, f->frame));
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

/* A type that asks for two bytes, of which the second costs much. */

static void take_second(struct session *session, const uint8_t *bytes)
{
	(void)bytes;
	security_passed(session, &session_all_rights);
}

static void take_first(struct session *session, const uint8_t *bytes)
{
	(void)bytes;
	security_expect_costly(session, 1, take_second);
}

static void start_costly(struct session *session)
{
	security_expect(session, 1, take_first);
}

static int turns_wanted;

static void want_turn(void *context)
{
	(void)context;
	turns_wanted++;
}

/* Also where all of it, and what comes behind, is there at once. */
static void test_what_costs_much_waits_for_its_turn(void **state)
{
	static const struct security_type costly = {
		.number = 77, .name = "Costly", .start = start_costly
	};
	static const struct security_type *const order[] = { &costly, NULL };
	struct session_host host = recorder_host;
	struct fixture *f = *state;
	struct session *session;

	host.costs = want_turn;
	f->config.security = order;
	session = session_create(&f->config, &f->layout, &host, &f->recorder);
	session_start(session);
	SAY(session,
		"RFB 003.008\n\x4d"
		"ab\1");
	TAKES(&f->recorder, "RFB 003.008\n\1\x4d");
	assert_int_equal(turns_wanted, 1);
	SAY(session, "");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_int_equal(turns_wanted, 1);
	session_take_turn(session);
	TAKES(&f->recorder, "\0\0\0\0\0\x40\0\x30");
	assert_int_equal(f->recorder.logins, 1);
	assert_int_equal(turns_wanted, 1);
	session_take_turn(session);
	session_destroy(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
		SESSION_TEST(test_38_none),
		SESSION_TEST(test_37_none_has_no_result),
		SESSION_TEST(test_33_server_decides),
		SESSION_TEST(test_every_byte_alone),
		SESSION_TEST(test_only_offered_types),
		SESSION_TEST(test_wrong_password),
		SESSION_TEST(test_what_costs_much_waits_for_its_turn),
		cmocka_unit_test(test_password_list),
		SESSION_TEST(test_host_decides_later),
		SESSION_TEST(test_host_turns_away),
		SESSION_TEST(test_33_is_turned_away_silently),
		SESSION_TEST(test_wrong_answer_is_told_when_the_host_says),
		SESSION_TEST(test_impatience_has_an_end),
		SESSION_TEST(test_refusal),
		SESSION_TEST(test_nothing_before_login),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
