/* One viewer's conversation without a socket: login, messages, updates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "rfb/handshake.h"
#include "rfb/message.h"
#include "rfb/update.h"
#include "test/unit/session_host.h"

#define TAKES(recorder, literal)                                               \
	assert_true(recorder_takes(recorder, literal, sizeof(literal) - 1))
#define SAY(session, literal)                                                  \
	session_receive(session, (const uint8_t *)literal, sizeof(literal) - 1)

enum { WIDTH = 64, HEIGHT = 48 };

struct fixture {
	struct session_config config;
	struct session_layout layout;
	struct recorder recorder;
	struct session *session;
	struct frame *frame;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->config.name = "test";
	f->layout = (struct session_layout){ .width = WIDTH,
		.height = HEIGHT,
		.count = 1,
		.screens = { { 1, { 0, 0, WIDTH, HEIGHT }, 0 } } };
	f->frame = frame_create(WIDTH, HEIGHT);
	recorder_init(&f->recorder);
	f->session = session_create(
		&f->config, &f->layout, &recorder_host, &f->recorder);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	session_destroy(f->session);
	recorder_finish(&f->recorder);
	frame_unref(f->frame);
	free(f);
	return 0;
}

static void log_in(struct fixture *f)
{
	session_start(f->session);
	SAY(f->session, "RFB 003.008\n\1\1");
	assert_int_equal(f->recorder.logins, 1);
	buffer_clear(&f->recorder.sent);
}

/* ---- login ---- */

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
	TAKES(&f->recorder, "\1\1");
	SAY(f->session, "\1");
	TAKES(&f->recorder, "\0\0\0\0");
	SAY(f->session, "\1");
	TAKES(&f->recorder,
		"\0\x40\0\x30\x20\x18\0\1\0\xff\0\xff\0\xff\x10\x8\0"
		"\0\0\0\0\0\0\4test");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_true(session_is_running(f->session));
}

static void test_37_none_has_no_result(void **state)
{
	struct fixture *f = *state;

	session_start(f->session);
	TAKES(&f->recorder, "RFB 003.008\n");
	SAY(f->session, "RFB 003.007\n\1\1");
	TAKES(&f->recorder, "\1\1\0\x40\0\x30");
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
		assert_false(session_is_running(f->session));
		session_receive(f->session, (const uint8_t *)login + i, 1);
	}
	assert_true(session_is_running(f->session));
}

static void test_only_offered_types(void **state)
{
	struct fixture *f = *state;
	int type;

	for (type = 0; type < 256; type++) {
		uint8_t byte = (uint8_t)type;

		if (type == 2)
			continue;
		tear_down(state);
		set_up(state);
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
	struct region changed;

	session_start(f->session);
	buffer_clear(&f->recorder.sent);
	region_init(&changed);
	region_add_rect(&changed, (struct rect){ 0, 0, 10, 10 });
	session_damage(f->session, &changed);
	session_copy(f->session, "x", 1);
	session_bell(f->session);
	session_resize(f->session, &f->layout);
	assert_false(session_wants_update(f->session));
	assert_null(session_begin_update(f->session, f->frame));
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	region_finish(&changed);
}

/* ---- messages ---- */

static void check_prefixes(const char *bytes, size_t length)
{
	const struct message *message;
	size_t whole, i;

	for (i = 0; i < length; i++)
		assert_int_equal(message_parse((const uint8_t *)bytes, i,
					 &message, &whole),
			PARSE_MORE);
	assert_int_equal(
		message_parse((const uint8_t *)bytes, length, &message, &whole),
		PARSE_DONE);
	assert_int_equal(whole, length);
	/* What follows is not looked at. */
	assert_int_equal(
		message_parse((const uint8_t *)bytes, length, &message, &whole),
		PARSE_DONE);
}
#define CHECK_PREFIXES(literal) check_prefixes(literal, sizeof(literal) - 1)

static void test_prefixes(void **state)
{
	(void)state;
	CHECK_PREFIXES("\0\0\0\0\x20\x18\0\1\0\xff\0\xff\0\xff\x10\x8\0\0\0\0");
	CHECK_PREFIXES("\2\0\0\0");
	CHECK_PREFIXES("\2\0\0\2\0\0\0\0\0\0\0\1");
	CHECK_PREFIXES("\3\0\0\0\0\0\0\x40\0\x30");
	CHECK_PREFIXES("\4\1\0\0\0\0\0\x61");
	CHECK_PREFIXES("\5\0\0\1\0\2");
	CHECK_PREFIXES("\6\0\0\0\0\0\0\0");
	CHECK_PREFIXES("\6\0\0\0\0\0\0\3abc");
	CHECK_PREFIXES(
		"\xfb\0\0\x40\0\x30\1\0"
		"\0\0\0\1\0\0\0\0\0\x40\0\x30\0\0\0\0");
}

static void test_unknown_messages(void **state)
{
	static const uint8_t known[] = { 0, 2, 3, 4, 5, 6, 251 };
	const struct message *message;
	size_t length;
	int type;

	(void)state;
	for (type = 0; type < 256; type++) {
		uint8_t byte = (uint8_t)type;
		bool is_known = memchr(known, type, sizeof(known)) != NULL;

		assert_int_equal(message_parse(&byte, 1, &message, &length),
			is_known ? PARSE_MORE : PARSE_BAD);
	}
}

static void test_unknown_message_closes(void **state)
{
	struct fixture *f = *state;

	log_in(f);
	SAY(f->session, "\7");
	assert_int_equal(f->recorder.closes, 1);
	SAY(f->session, "\4\1\0\0\0\0\0\x61");
	assert_int_equal(f->recorder.keys, 0);
}

static void test_input(void **state)
{
	struct fixture *f = *state;

	log_in(f);
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

	log_in(f);
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
	log_in(f);
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

	log_in(f);
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
	log_in(f);
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

	log_in(f);
	SAY(f->session,
		"\0\0\0\0\x18\x18\0\1\0\xff\0\xff\0\xff\x10\x8\0\0\0\0");
	assert_int_equal(f->recorder.closes, 1);
}

static void test_text_waits_for_idle_output(void **state)
{
	struct fixture *f = *state;

	log_in(f);
	f->recorder.idle = false;
	session_copy(f->session, "old", 3);
	session_copy(f->session, "n\xc3\xa9w\xe2\x82\xac", 7);
	session_bell(f->session);
	session_bell(f->session);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	session_drained(f->session);
	TAKES(&f->recorder, "\3\0\0\0\0\0\0\4n\xe9w?\2");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

/* ---- updates ---- */

/* Runs one update through; false where there was nothing to encode. */
static bool run_update(struct fixture *f)
{
	struct update *update = session_begin_update(f->session, f->frame);

	if (update == NULL)
		return false;
	update_encode(update);
	session_end_update(f->session, update);
	return true;
}

static void skip_sent(struct fixture *f)
{
	buffer_clear(&f->recorder.sent);
}

static void test_forced_update(void **state)
{
	struct fixture *f = *state;

	log_in(f);
	assert_false(run_update(f));
	SAY(f->session, "\3\0\0\2\0\3\0\4\0\5");
	assert_true(session_has_update(f->session));
	assert_true(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\2\0\3\0\4\0\5\0\0\0\0");
	assert_int_equal(buffer_length(&f->recorder.sent), 4 * 5 * 4);
	assert_false(session_wants_update(f->session));
}

static void test_incremental_stays_open(void **state)
{
	struct fixture *f = *state;
	struct region changed;

	log_in(f);
	SAY(f->session, "\3\1\0\0\0\0\0\x40\0\x30");
	assert_true(session_wants_update(f->session));
	assert_false(session_has_update(f->session));
	assert_false(run_update(f));
	assert_true(session_wants_update(f->session));
	region_init(&changed);
	region_add_rect(&changed, (struct rect){ 1, 1, 2, 2 });
	session_damage(f->session, &changed);
	assert_true(session_has_update(f->session));
	assert_true(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\1\0\1\0\2\0\2");
	region_finish(&changed);
}

static void test_request_outside_is_cropped(void **state)
{
	struct fixture *f = *state;

	log_in(f);
	SAY(f->session, "\3\0\0\x3e\0\x2f\xff\xff\xff\xff");
	assert_true(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\x3e\0\x2f\0\2\0\1");
	skip_sent(f);
	SAY(f->session, "\3\0\xff\xff\xff\xff\0\1\0\1");
	assert_false(run_update(f));
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

static void test_eds_alone_then_pixels(void **state)
{
	struct fixture *f = *state;

	log_in(f);
	SAY(f->session, "\2\0\0\2\xff\xff\xfe\xcc\xff\xff\xff\x21");
	SAY(f->session, "\3\0\0\0\0\0\0\x40\0\x30");
	assert_true(run_update(f));
	TAKES(&f->recorder,
		"\0\0\0\1\0\0\0\0\0\x40\0\x30\xff\xff\xfe\xcc"
		"\1\0\0\0\0\0\0\1\0\0\0\0\0\x40\0\x30\0\0\0\0");
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\0\0\x40\0\x30\0\0\0\0");
	skip_sent(f);
	/* Refused, but answered, with the size as it is. */
	SAY(f->session,
		"\3\1\0\0\0\0\0\x40\0\x30"
		"\xfb\0\0\x10\0\x10\1\0"
		"\0\0\0\1\0\0\0\0\0\x10\0\x10\0\0\0\0");
	assert_false(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\1\0\1\0\x40\0\x30\xff\xff\xfe\xcc");
}

static void resize(struct fixture *f, int width, int height)
{
	f->layout.width = width;
	f->layout.height = height;
	f->layout.screens[0].rect = (struct rect){ 0, 0, width, height };
	frame_unref(f->frame);
	f->frame = frame_create(width, height);
	session_resize(f->session, &f->layout);
}

static void test_desktop_size(void **state)
{
	struct fixture *f = *state;

	log_in(f);
	SAY(f->session, "\2\0\0\1\xff\xff\xff\x21\3\0\0\0\0\0\0\x40\0\x30");
	assert_true(run_update(f));
	skip_sent(f);
	resize(f, 32, 16);
	SAY(f->session, "\3\1\0\0\0\0\0\x40\0\x30");
	assert_false(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\0\0\x20\0\x10\xff\xff\xff\x21");
	assert_false(session_wants_update(f->session));
	SAY(f->session, "\3\1\0\0\0\0\0\x20\0\x10");
	assert_true(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\0\0\x20\0\x10\0\0\0\0");
}

/* A viewer that cannot resize keeps its size: cut, or black beyond. */
static void test_padding(void **state)
{
	struct fixture *f = *state;
	size_t i;

	log_in(f);
	resize(f, 32, 16);
	memset(f->frame->pixels, 0xff, f->frame->stride * 16);
	SAY(f->session, "\3\0\0\x1f\0\0\0\2\0\1");
	assert_true(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\x1f\0\0\0\2\0\1\0\0\0\0");
	assert_int_equal(buffer_length(&f->recorder.sent), 8);
	for (i = 0; i < 3; i++)
		assert_int_equal(buffer_bytes(&f->recorder.sent)[i], 0xff);
	for (i = 4; i < 8; i++)
		assert_int_equal(buffer_bytes(&f->recorder.sent)[i], 0);
}

static void test_close_while_encoding(void **state)
{
	struct fixture *f = *state;
	struct update *update;

	log_in(f);
	SAY(f->session, "\3\0\0\0\0\0\0\x40\0\x30");
	update = session_begin_update(f->session, f->frame);
	assert_non_null(update);
	assert_null(session_begin_update(f->session, f->frame));
	SAY(f->session, "\xff");
	assert_int_equal(f->recorder.closes, 1);
	update_encode(update);
	session_end_update(f->session, update);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

static void test_format_counts_from_the_next_update(void **state)
{
	struct fixture *f = *state;
	struct update *update;

	log_in(f);
	SAY(f->session, "\3\0\0\0\0\0\0\2\0\1");
	update = session_begin_update(f->session, f->frame);
	SAY(f->session, "\0\0\0\0\x8\x8\0\1\0\7\0\7\0\3\0\3\6\0\0\0");
	update_encode(update);
	session_end_update(f->session, update);
	assert_int_equal(buffer_length(&f->recorder.sent), 4 + 12 + 8);
	skip_sent(f);
	SAY(f->session, "\3\0\0\0\0\0\0\2\0\1");
	assert_true(run_update(f));
	assert_int_equal(buffer_length(&f->recorder.sent), 4 + 12 + 2);
}

/* Many specks become few areas, which still cover every one. */
static void test_plan_joins_specks(void **state)
{
	struct rect picture = { 0, 0, 2000, 1000 };
	struct region wanted, areas, missing;
	int x, y;

	(void)state;
	region_init(&wanted);
	region_init(&areas);
	region_init(&missing);
	for (y = 0; y < 1000; y += 10)
		for (x = 0; x < 2000; x += 10)
			region_add_rect(&wanted, (struct rect){ x, y, 1, 1 });
	update_plan(&areas, &wanted, picture);
	assert_true(region_count(&areas) < 200);
	region_copy(&missing, &wanted);
	region_subtract(&missing, &areas);
	assert_true(region_is_empty(&missing));
	region_copy(&missing, &areas);
	region_subtract_rect(&missing, picture);
	assert_true(region_is_empty(&missing));
	region_finish(&wanted);
	region_finish(&areas);
	region_finish(&missing);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
		TEST(test_38_none),
		TEST(test_37_none_has_no_result),
		TEST(test_33_server_decides),
		TEST(test_every_byte_alone),
		TEST(test_only_offered_types),
		TEST(test_wrong_password),
		TEST(test_refusal),
		TEST(test_nothing_before_login),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_unknown_messages),
		TEST(test_unknown_message_closes),
		TEST(test_input),
		TEST(test_held_input_is_released),
		TEST(test_view_only),
		TEST(test_cut_text),
		TEST(test_long_cut_text),
		TEST(test_bad_pixel_format),
		TEST(test_text_waits_for_idle_output),
		TEST(test_forced_update),
		TEST(test_incremental_stays_open),
		TEST(test_request_outside_is_cropped),
		TEST(test_eds_alone_then_pixels),
		TEST(test_desktop_size),
		TEST(test_padding),
		TEST(test_close_while_encoding),
		TEST(test_format_counts_from_the_next_update),
		cmocka_unit_test(test_plan_joins_specks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
