/* Fences, continuous updates, and how much may be under way. */
#include "test/unit/session_fixture.h"

#include "rfb/asked_line.h"
#include "rfb/congestion.h"

enum { MS = 1000 };

#define KNOWS_BOTH "\2\0\0\3\0\0\0\0\xff\xff\xfe\xc8\xff\xff\xfe\xc7"
#define OUR_FENCE "\xf8\0\0\0\x80\0\0\1\0"
#define ENABLE_ALL "\x96\1\0\0\0\0\0\x40\0\x30"
#define DISABLE "\x96\0\0\0\0\0\0\0\0\0"

static struct update *begin(struct fixture *f)
{
	return session_begin_update(f->session, f->frame);
}

/* Before the first update, and never again. */
static void test_announced_once(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, KNOWS_BOTH);
	TAKES(&f->recorder, OUR_FENCE "\x96");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	SAY(f->session, KNOWS_BOTH);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

static void test_not_announced_to_others(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, "\2\0\0\1\0\0\0\0");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	SAY(f->session, ENABLE_ALL);
	assert_int_equal(f->recorder.closes, 1);
}

static void test_fence_is_answered(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, "\xf8\0\0\0\x80\0\0\7\3abc");
	TAKES(&f->recorder, "\xf8\0\0\0\0\0\0\3\3abc");
	/* An answer, to nothing, is not. */
	SAY(f->session, "\xf8\0\0\0\0\0\0\3\4abcd");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_int_equal(f->recorder.closes, 0);
}

static void test_fence_too_long(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, "\xf8\0\0\0\x80\0\0\1\x41"); /* 65, not waited for */
	assert_int_equal(f->recorder.closes, 1);
}

static void test_fence_waits_for_the_update(void **state)
{
	struct fixture *f = *state;
	struct update *update;

	fixture_log_in(f);
	SAY(f->session, "\3\0\0\0\0\0\0\1\0\1");
	update = begin(f);
	SAY(f->session, "\xf8\0\0\0\x80\0\0\1\1x");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	fixture_end(f, update);
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\0\0\1\0\1\0\0\0\0");
	buffer_consume(&f->recorder.sent, 4); /* the pixel */
	TAKES(&f->recorder, "\xf8\0\0\0\0\0\0\1\1x");
}

/* Who asks and never reads costs a bounded amount, then goes. */
static void test_flood_of_fences(void **state)
{
	struct fixture *f = *state;
	int i;

	fixture_log_in(f);
	f->recorder.idle = false;
	for (i = 0; i < 100000 && f->recorder.closes == 0; i++)
		SAY(f->session, "\xf8\0\0\0\x80\0\0\1\x8longlong");
	assert_int_equal(f->recorder.closes, 1);
	assert_true(buffer_length(&f->recorder.sent) < 1 << 20);
}

static void test_pushing(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, KNOWS_BOTH ENABLE_ALL);
	buffer_clear(&f->recorder.sent);
	fixture_draw(f); /* it has nothing yet */
	buffer_clear(&f->recorder.sent);
	assert_true(session_wants_update(f->session));
	assert_false(session_has_update(f->session));
	fixture_change(f, (struct rect){ 1, 2, 3, 4 });
	assert_true(session_has_update(f->session));
	fixture_draw(f);
	TAKES(&f->recorder, "\0\0\0\1\0\1\0\2\0\3\0\4\0\0\0\0");
	buffer_consume(&f->recorder.sent, 3 * 4 * 4);
	TAKES(&f->recorder, "\xf8\0\0\0\x80\0\0\1\4\0\0\0\2");
	SAY(f->session, DISABLE);
	TAKES(&f->recorder, "\x96");
	fixture_change(f, (struct rect){ 1, 2, 3, 4 });
	assert_false(session_wants_update(f->session));
	SAY(f->session, "\3\1\0\0\0\0\0\x40\0\x30");
	fixture_draw(f);
}

/* TigerVNC changes formats between an end and the answer to it. */
static void test_end_is_said_behind_the_update(void **state)
{
	struct fixture *f = *state;
	struct update *update;
	const uint8_t *end;

	fixture_log_in(f);
	SAY(f->session, KNOWS_BOTH ENABLE_ALL);
	buffer_clear(&f->recorder.sent);
	update = begin(f);
	SAY(f->session, DISABLE);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	fixture_end(f, update);
	TAKES(&f->recorder, "\0\0\0\1");
	end = buffer_bytes(&f->recorder.sent) +
	      buffer_length(&f->recorder.sent);
	assert_int_equal(end[-1], 0x96);
}

/* Without an answer nothing more is pushed, soon. */
static void test_no_answers(void **state)
{
	struct fixture *f = *state;
	int i;

	fixture_log_in(f);
	SAY(f->session, KNOWS_BOTH ENABLE_ALL);
	for (i = 0; i < 1000 && session_wants_update(f->session); i++) {
		fixture_change(f, (struct rect){ 0, 0, WIDTH, HEIGHT });
		fixture_draw(f);
	}
	assert_in_range(i, 2, CONGESTION_MOST_FENCES);
	SAY(f->session, "\xf8\0\0\0\0\0\0\1\4\0\0\0\1");
	assert_true(session_wants_update(f->session));
}

static void fill_the_window(struct fixture *f)
{
	SAY(f->session, KNOWS_BOTH ENABLE_ALL);
	while (session_wants_update(f->session)) {
		fixture_change(f, (struct rect){ 0, 0, WIDTH, HEIGHT });
		fixture_draw(f);
	}
	buffer_clear(&f->recorder.sent);
}

/* It has all that was sent, so it will never answer: served without fences. */
static void test_deaf(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	assert_int_equal(session_patience_us(f->session), 0);
	fill_the_window(f);
	assert_int_not_equal(session_patience_us(f->session), 0);
	session_lose_patience(f->session);
	assert_int_equal(f->recorder.remarks, 1);
	assert_int_equal(session_patience_us(f->session), 0);
	assert_true(session_wants_update(f->session));
	fixture_change(f, (struct rect){ 1, 2, 3, 4 });
	fixture_draw(f);
	assert_int_equal(buffer_length(&f->recorder.sent), 4 + 12 + 3 * 4 * 4);
}

/* TCP says that the pictures are still on their way: slow, not deaf. */
static void test_slow_is_not_deaf(void **state)
{
	struct fixture *f = *state;
	uint64_t patience_us;

	fixture_log_in(f);
	fill_the_window(f);
	patience_us = session_patience_us(f->session);
	f->recorder.line.under_way_bytes = 1;
	session_lose_patience(f->session);
	assert_int_equal(f->recorder.remarks, 0);
	assert_false(session_wants_update(f->session));
	assert_true(session_patience_us(f->session) > patience_us);
}

/* Without fences, what TCP has under way decides. */
static void test_line_of_tcp(void **state)
{
	struct fixture *f = *state;
	uint64_t wait_us = 0;

	fixture_log_in(f);
	assert_true(session_line_is_clear(f->session, &wait_us));
	f->recorder.line = (struct session_line){ .bytes_per_s = 125000,
		.trip_us = 100 * MS,
		.under_way_bytes = 141384 };
	assert_false(session_line_is_clear(f->session, &wait_us));
	assert_int_equal(wait_us, 1000 * MS); /* 16 KiB may be under way */
	f->recorder.line.under_way_bytes = 10000;
	assert_true(session_line_is_clear(f->session, &wait_us));
	/* Where fences measure, TCP is not asked. */
	f->recorder.line.under_way_bytes = 1 << 30;
	SAY(f->session, KNOWS_BOTH ENABLE_ALL);
	assert_true(session_line_is_clear(f->session, &wait_us));
}

/* Nor need it answer what it no longer lists. */
static void test_fences_unlisted(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, KNOWS_BOTH ENABLE_ALL);
	while (session_wants_update(f->session)) {
		fixture_change(f, (struct rect){ 0, 0, WIDTH, HEIGHT });
		fixture_draw(f);
	}
	SAY(f->session, "\2\0\0\1\0\0\0\0");
	assert_true(session_wants_update(f->session));
}

/* Changes beside the picture of a viewer that cannot resize are nothing to be
 * sent: the frame clock would try for ever. */
static void test_pushing_more_than_the_picture(void **state)
{
	struct fixture *f = *state;
	struct session_layout larger = f->layout;

	fixture_log_in(f);
	SAY(f->session, KNOWS_BOTH "\x96\1\0\0\0\0\1\0\1\0");
	fixture_draw(f);
	larger.width = larger.height = 256;
	session_resize(f->session, &larger, false);
	fixture_change(f, (struct rect){ 200, 200, 20, 20 });
	assert_false(session_has_update(f->session));
	fixture_change(f, (struct rect){ WIDTH - 1, 0, 20, 20 });
	assert_true(session_has_update(f->session));
}

/* ---- the window ---- */

/* Sends and has answered `count` updates, one after the other. */
static uint64_t talk(struct congestion *congestion, uint64_t *now, int count,
	uint64_t trip_us)
{
	while (count-- > 0) {
		uint32_t number = congestion_sent(congestion, 10000, *now);

		*now += trip_us;
		congestion_answered(congestion, number, *now);
	}
	return congestion->window;
}

static void test_window_follows_the_line(void **state)
{
	struct congestion congestion = { 0 };
	uint64_t now = 1, first, later;

	(void)state;
	assert_true(congestion_allows(&congestion));
	first = talk(&congestion, &now, 1, 20 * MS);
	later = talk(&congestion, &now, 10, 21 * MS);
	assert_true(later > first);
	first = talk(&congestion, &now, 10, 400 * MS);
	assert_true(first < later / 8);
	later = talk(&congestion, &now, 50, 20 * MS);
	assert_true(later > first);
	talk(&congestion, &now, 100, 5000 * MS);
	assert_true(congestion.window >= 10000); /* never nothing */
}

static void test_under_way_is_bounded(void **state)
{
	struct congestion congestion = { 0 };
	uint64_t bytes = 0;
	uint32_t first;

	(void)state;
	first = congestion_sent(&congestion, 50000, 1);
	for (bytes = 50000; congestion_allows(&congestion); bytes += 50000)
		congestion_sent(&congestion, 50000, 1);
	assert_in_range(bytes, 100000, 400000);
	congestion_answered(&congestion, first, 1000);
	assert_true(congestion_allows(&congestion));
}

static void test_forged_answers(void **state)
{
	struct congestion congestion = { 0 };
	uint32_t number;

	(void)state;
	congestion_answered(&congestion, 0, 1);
	congestion_answered(&congestion, 77, 1);
	number = congestion_sent(&congestion, 500, 10);
	congestion_answered(&congestion, number + 1, 20);
	congestion_answered(&congestion, number - 1, 20);
	assert_int_equal(congestion.count, 1);
	congestion_answered(&congestion, number, 20);
	congestion_answered(&congestion, number, 20);
	assert_int_equal(congestion.count, 0);
	assert_int_equal(congestion.answered, 500);
}

static void test_rate(void **state)
{
	struct congestion congestion = { 0 };
	uint64_t now = 1000 * MS;
	uint32_t first, second;
	int i;

	(void)state;
	congestion_learn_trip(&congestion, 20 * MS);
	for (i = 0; i < 3; i++) {
		assert_int_equal(congestion_rate(&congestion), 0);
		first = congestion_sent(&congestion, 100000, now);
		/* 20 ms of travel and 100 of carrying. */
		now += 120 * MS;
		congestion_answered(&congestion, first, now);
	}
	assert_int_equal(congestion_rate(&congestion), 1000000);
	/* One right behind the other. */
	first = congestion_sent(&congestion, 100000, now);
	second = congestion_sent(&congestion, 50000, now);
	congestion_answered(&congestion, first, now + 120 * MS);
	congestion_answered(&congestion, second, now + 170 * MS);
	assert_int_equal(congestion_rate(&congestion), 1000000);
	/* Somebody stood still for a moment: no slow line. */
	now += 1000 * MS;
	first = congestion_sent(&congestion, 100000, now);
	congestion_answered(&congestion, first, now + 3000 * MS);
	assert_int_equal(congestion_rate(&congestion), 1000000);
	/* Fewer bytes tell of the scheduler. */
	for (i = 0; i < 9; i++) {
		now += 5000 * MS;
		first = congestion_sent(&congestion, 500, now);
		congestion_answered(&congestion, first, now + 25 * MS);
	}
	assert_int_equal(congestion_rate(&congestion), 1000000);
}

/* Sends and has asked again `count` times, each update carried for so long. */
static void ask(struct asked_line *line, uint64_t *now, int count,
	uint64_t bytes, uint64_t trip_us)
{
	while (count-- > 0) {
		asked_line_sent(line, bytes, *now);
		*now += trip_us;
		asked_line_asked(line, *now);
		*now += 33 * MS; /* until something changes */
	}
}

static void test_rate_by_asking(void **state)
{
	struct asked_line line = { 0 };
	uint64_t now = 1000 * MS;

	(void)state;
	asked_line_greets(&line, now);
	now += 100 * MS;
	asked_line_greeted(&line, now);
	asked_line_asked(&line, now);
	/* 100 ms of travel and 200 of carrying. */
	ask(&line, &now, 2, 100000, 300 * MS);
	assert_int_equal(asked_line_rate(&line), 0);
	ask(&line, &now, 1, 100000, 300 * MS);
	assert_int_equal(asked_line_rate(&line), 500000);
	/* Carets and the like tell nothing, but what the least trip is. */
	ask(&line, &now, 9, 500, 80 * MS);
	assert_int_equal(asked_line_rate(&line), 500000);
	ask(&line, &now, 5, 100000, 280 * MS);
	assert_int_equal(asked_line_rate(&line), 500000);
	/* Somebody looked away. */
	ask(&line, &now, 2, 100000, 60000 * MS);
	assert_int_equal(asked_line_rate(&line), 500000);
	/* Asking twice, or when the update has begun to come. */
	asked_line_asked(&line, now);
	assert_int_equal(asked_line_rate(&line), 500000);
	ask(&line, &now, 5, 100000, 80 * MS);
	assert_true(asked_line_rate(&line) > 100000000);
}

static void test_patience(void **state)
{
	struct congestion congestion = { 0 };
	uint64_t first, later;
	uint32_t number;

	(void)state;
	assert_int_equal(congestion_patience_us(&congestion), 0);
	number = congestion_sent(&congestion, 500, 10);
	congestion_sent(&congestion, 500, 20);
	first = congestion_patience_us(&congestion);
	assert_in_range(first, 1000 * MS, 20000 * MS);
	/* Any answer is a sign of life. */
	congestion_answered(&congestion, number, 900 * MS);
	later = congestion_patience_us(&congestion);
	assert_int_equal(later, first - 10 + 900 * MS);
	congestion_be_patient(&congestion, 5000 * MS);
	assert_int_equal(
		congestion_patience_us(&congestion), first - 10 + 5000 * MS);
	congestion_give_up(&congestion);
	assert_true(congestion.deaf);
	assert_true(congestion_allows(&congestion));
	/* What comes late after all. */
	congestion_answered(&congestion, number, 6000 * MS);
	assert_true(congestion.deaf);
	congestion_answered(&congestion, number + 1, 6000 * MS);
	assert_false(congestion.deaf);
}

static void test_ring(void **state)
{
	struct congestion congestion = { 0 };
	uint32_t number = 0;
	int round, i;

	(void)state;
	for (round = 0; round < 10; round++) {
		for (i = 0; i < CONGESTION_MOST_FENCES; i++)
			number = congestion_sent(&congestion, 1, 10);
		assert_false(congestion_allows(&congestion));
		congestion_answered(&congestion, number, 20);
		assert_int_equal(congestion.count, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(test_announced_once),
		SESSION_TEST(test_not_announced_to_others),
		SESSION_TEST(test_fence_is_answered),
		SESSION_TEST(test_fence_too_long),
		SESSION_TEST(test_fence_waits_for_the_update),
		SESSION_TEST(test_flood_of_fences),
		SESSION_TEST(test_pushing),
		SESSION_TEST(test_end_is_said_behind_the_update),
		SESSION_TEST(test_no_answers),
		SESSION_TEST(test_deaf),
		SESSION_TEST(test_slow_is_not_deaf),
		SESSION_TEST(test_line_of_tcp),
		SESSION_TEST(test_fences_unlisted),
		SESSION_TEST(test_pushing_more_than_the_picture),
		cmocka_unit_test(test_window_follows_the_line),
		cmocka_unit_test(test_under_way_is_bounded),
		cmocka_unit_test(test_forged_answers),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_rate_by_asking),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
