/* Updates: what is sent, when, in which order. */
#include "test/unit/session_fixture.h"

#include "base/xmalloc.h"
#include "rfb/session_state.h"
#include "rfb/update.h"

/* Runs one update through; false where there was nothing to encode. */
static bool run_update(struct fixture *f)
{
	struct update *update = session_begin_update(f->session, f->frame);

	if (update == NULL)
		return false;
	fixture_end(f, update);
	return true;
}

static void skip_sent(struct fixture *f)
{
	buffer_clear(&f->recorder.sent);
}

static void get_whole_picture(struct fixture *f)
{
	SAY(f->session, "\3\0\0\0\0\0\0\x40\0\x30");
	assert_true(run_update(f));
	skip_sent(f);
}

static void test_forced_update(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
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

	fixture_log_in(f);
	get_whole_picture(f);
	SAY(f->session, "\3\1\0\0\0\0\0\x40\0\x30");
	assert_true(session_wants_update(f->session));
	assert_false(session_has_update(f->session));
	assert_false(run_update(f));
	assert_true(session_wants_update(f->session));
	fixture_change(f, (struct rect){ 1, 1, 2, 2 });
	assert_true(session_has_update(f->session));
	assert_true(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\1\0\1\0\2\0\2");
}

/* Who asks for changes first of all lacks everything. */
static void test_first_request_incremental(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, "\3\1\0\0\0\0\0\x40\0\x30");
	assert_true(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\0\0\x40\0\x30\0\0\0\0");
}

static void test_request_outside_is_cropped(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
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

	fixture_log_in(f);
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
	TAKES(&f->recorder, "\0\0\0\1\0\1\0\3\0\x40\0\x30\xff\xff\xfe\xcc");
}

/* libvncclient asks for nothing until it has the answer, and its last request
 * may be answered already. */
static void test_desktop_size_is_answered_unasked(void **state)
{
	struct fixture *f = *state;
	struct update *update;

	fixture_log_in(f);
	SAY(f->session, "\2\0\0\1\xff\xff\xfe\xcc");
	SAY(f->session, "\3\0\0\0\0\0\0\x40\0\x30");
	update = session_begin_update(f->session, f->frame);
	SAY(f->session,
		"\xfb\0\0\x10\0\x10\1\0"
		"\0\0\0\1\0\0\0\0\0\x10\0\x10\0\0\0\0");
	fixture_end(f, update);
	skip_sent(f);
	assert_true(session_has_update(f->session));
	assert_false(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\1\0\3\0\x40\0\x30\xff\xff\xfe\xcc");
	assert_false(session_wants_update(f->session));
}

/* The answer is not owed to one who no longer wants it: nothing else may be
 * sent in its place. */
static void test_desktop_size_is_unlisted(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session,
		"\2\0\0\1\xff\xff\xfe\xcc"
		"\xfb\0\0\x10\0\x10\0\0"
		"\2\0\0\1\0\0\0\0");
	assert_false(session_wants_update(f->session));
}

/* All other viewers wait while one's regions are looked at. */
static void test_requests_of_single_pixels(void **state)
{
	struct fixture *f = *state;
	uint8_t request[10] = { 3, 0, [7] = 1, [9] = 1 };
	int x, y;

	fixture_log_in(f);
	get_whole_picture(f);
	for (y = 0; y < HEIGHT; y += 2)
		for (x = 0; x < WIDTH; x += 2) {
			request[3] = (uint8_t)x;
			request[5] = (uint8_t)y;
			session_receive(f->session, request, sizeof(request));
			assert_in_range(
				region_count(&f->session->requested), 1, 300);
			assert_in_range(
				region_count(&f->session->dirty), 1, 300);
		}
	assert_true(region_contains(&f->session->dirty,
		(struct rect){ WIDTH - 2, HEIGHT - 2, 1, 1 }));
	assert_true(run_update(f));
	assert_false(session_has_update(f->session));
}

static void resize(struct fixture *f, int width, int height)
{
	f->layout.width = width;
	f->layout.height = height;
	f->layout.screens[0].rect = (struct rect){ 0, 0, width, height };
	frame_unref(f->frame);
	f->frame = frame_create(width, height);
	session_resize(f->session, &f->layout, false);
}

/* Nor for that to be pushed, one pixel after the other. */
static void test_pushing_of_single_pixels(void **state)
{
	struct fixture *f = *state;
	int x, y;

	fixture_log_in(f);
	get_whole_picture(f);
	SAY(f->session, "\2\0\0\1\xff\xff\xfe\xc7");
	for (y = 0; y < HEIGHT; y += 2)
		for (x = 0; x < WIDTH; x += 2) {
			uint8_t enable[10] = { 150, 1, 0, (uint8_t)x, 0,
				(uint8_t)y, 0, 1, 0, 1 };

			session_receive(f->session, enable, sizeof(enable));
			assert_in_range(
				region_count(&f->session->requested), 1, 300);
		}
	assert_true(region_contains(&f->session->requested,
		(struct rect){ WIDTH - 2, HEIGHT - 2, 1, 1 }));
	assert_int_equal(f->recorder.closes, 0);
}

static void test_desktop_size(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
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

	fixture_log_in(f);
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

	fixture_log_in(f);
	SAY(f->session, "\3\0\0\0\0\0\0\x40\0\x30");
	update = session_begin_update(f->session, f->frame);
	assert_non_null(update);
	assert_null(session_begin_update(f->session, f->frame));
	SAY(f->session, "\xfe");
	assert_int_equal(f->recorder.closes, 1);
	fixture_end(f, update);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

static void test_format_counts_from_the_next_update(void **state)
{
	struct fixture *f = *state;
	struct update *update;

	fixture_log_in(f);
	SAY(f->session, "\3\0\0\0\0\0\0\2\0\1");
	update = session_begin_update(f->session, f->frame);
	SAY(f->session, "\0\0\0\0\x8\x8\0\1\0\7\0\7\0\3\0\3\6\0\0\0");
	fixture_end(f, update);
	assert_int_equal(buffer_length(&f->recorder.sent), 4 + 12 + 8);
	skip_sent(f);
	SAY(f->session, "\3\0\0\0\0\0\0\2\0\1");
	assert_true(run_update(f));
	assert_int_equal(buffer_length(&f->recorder.sent), 4 + 12 + 2);
}

static void change(
	struct fixture *f, struct rect area, struct rect to, int dx, int dy)
{
	struct move_list moves = { 1, { { to, dx, dy } } };
	struct region changed;

	region_init(&changed);
	region_add_rect(&changed, area);
	session_damage(f->session, &changed, &moves);
	region_finish(&changed);
}

#define WANT_ALL "\3\1\0\0\0\0\0\x40\0\x30"
#define RAW_AND_COPYRECT "\2\0\0\2\0\0\0\0\0\0\0\1"

/* Only what the move leaves is sent as pixels, after it. */
static void test_copy(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, RAW_AND_COPYRECT);
	assert_true(session_wants_moves(f->session));
	get_whole_picture(f);
	SAY(f->session, WANT_ALL);
	change(f, (struct rect){ 0, 0, 32, 20 }, (struct rect){ 0, 0, 32, 16 },
		0, -4);
	assert_true(run_update(f));
	TAKES(&f->recorder,
		"\0\0\0\2\0\0\0\0\0\x20\0\x10\0\0\0\1"
		"\0\0\0\4"
		"\0\0\0\x10\0\x20\0\4\0\0\0\0");
	assert_int_equal(buffer_length(&f->recorder.sent), 32 * 4 * 4);
}

/* No pixels at all: sent without an encoder. */
static void test_copy_alone(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, RAW_AND_COPYRECT);
	get_whole_picture(f);
	SAY(f->session, WANT_ALL);
	change(f, (struct rect){ 8, 8, 8, 8 }, (struct rect){ 8, 8, 8, 8 }, 8,
		0);
	assert_true(session_has_update(f->session));
	assert_false(run_update(f));
	TAKES(&f->recorder,
		"\0\0\0\1\0\x8\0\x8\0\x8\0\x8\0\0\0\1"
		"\0\0\0\x8");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_false(session_wants_update(f->session));
}

/* The source is dirty in part: that part of the target is sent again. */
static void test_dirt_moves_along(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, RAW_AND_COPYRECT);
	get_whole_picture(f);
	fixture_change(f, (struct rect){ 4, 8, 2, 2 });
	change(f, (struct rect){ 0, 0, 32, 16 }, (struct rect){ 0, 0, 32, 16 },
		0, -4);
	SAY(f->session, WANT_ALL);
	assert_true(run_update(f));
	TAKES(&f->recorder,
		"\0\0\0\2\0\0\0\0\0\x20\0\x10\0\0\0\1"
		"\0\0\0\4"
		"\0\4\0\4\0\2\0\2\0\0\0\0");
}

/* A viewer that is behind gets all moves, in order; one that is far behind
 * gets pixels. */
static void test_moves_pile_up(void **state)
{
	struct fixture *f = *state;
	int i;

	fixture_log_in(f);
	SAY(f->session, RAW_AND_COPYRECT);
	get_whole_picture(f);
	for (i = 0; i < 3; i++)
		change(f, (struct rect){ 0, 0, 8, 8 },
			(struct rect){ 0, 0, 8, 8 }, 0, -8);
	SAY(f->session, WANT_ALL);
	assert_false(run_update(f));
	TAKES(&f->recorder, "\0\0\0\3");
	skip_sent(f);
	for (i = 0; i < MOVE_LIST_MOST; i++)
		change(f, (struct rect){ 0, 0, 8, 8 },
			(struct rect){ 0, 0, 8, 8 }, 0, -8);
	change(f, (struct rect){ 16, 16, 8, 8 }, (struct rect){ 16, 16, 8, 8 },
		0, -8);
	SAY(f->session, WANT_ALL);
	assert_true(run_update(f));
	TAKES(&f->recorder,
		"\0\0\0\2\0\x10\0\x10\0\x8\0\x8\0\0\0\1"
		"\0\x10\0\x18"
		"\0\0\0\0\0\x8\0\x8\0\0\0\0");
}

/* Not listed, or not asked for there: pixels. */
static void test_no_copy(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	assert_false(session_wants_moves(f->session));
	get_whole_picture(f);
	SAY(f->session, WANT_ALL);
	change(f, (struct rect){ 0, 0, 8, 8 }, (struct rect){ 0, 0, 8, 8 }, 0,
		-8);
	assert_true(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\0\0\x8\0\x8\0\0\0\0");
	skip_sent(f);
	SAY(f->session, RAW_AND_COPYRECT "\3\1\0\0\0\0\0\x8\0\x8");
	change(f, (struct rect){ 0, 0, 8, 8 }, (struct rect){ 0, 0, 8, 8 }, 0,
		-8);
	assert_true(run_update(f));
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\0\0\x8\0\x8\0\0\0\0");
}

static void check_split(const struct region *areas, int most, int expected)
{
	struct update *update = calloc(1, sizeof(*update));
	struct region all;
	int i;

	region_init(&all);
	region_init(&update->areas);
	region_copy(&update->areas, areas);
	update_split(update, most);
	assert_int_equal(update_parts(update), expected);
	for (i = 0; i < update_parts(update); i++) {
		struct region both;

		assert_false(region_is_empty(&update->parts[i].areas));
		region_init(&both);
		region_copy(&both, &all);
		region_intersect(&both, &update->parts[i].areas);
		assert_true(region_is_empty(&both)); /* nothing twice */
		region_add(&all, &update->parts[i].areas);
		region_finish(&both);
	}
	region_subtract(&update->areas, &all);
	assert_true(region_is_empty(&update->areas)); /* nothing missing */
	region_subtract(&all, areas);
	assert_true(region_is_empty(&all)); /* nothing more */
	region_finish(&all);
	update_destroy(update);
}

static void test_split(void **state)
{
	struct region areas;
	int i;

	(void)state;
	region_init(&areas);
	region_add_rect(&areas, (struct rect){ 3, 5, 100, 100 });
	check_split(&areas, 4, 1); /* too small to be worth it */
	region_add_rect(&areas, (struct rect){ 0, 0, 1920, 1080 });
	check_split(&areas, 1, 1);
	check_split(&areas, 2, 2);
	check_split(&areas, 100, UPDATE_MOST_PARTS);
	region_clear(&areas);
	for (i = 0; i < 60; i++) /* 384 000 pixels */
		region_add_rect(
			&areas, (struct rect){ i * 13, i * 20, 640, 10 });
	check_split(&areas, 4, 2);
	region_clear(&areas);
	region_add_rect(&areas, (struct rect){ 0, 0, 8, 65535 });
	check_split(&areas, 3, 3);
	region_finish(&areas);
}

/* What is above may be text and what is below a photograph, or the other way:
 * nobody gets all of either. */
static void test_split_mixes(void **state)
{
	const struct rect above = { 0, 0, 1920, 512 };
	const struct rect below = { 0, 640, 1920, 440 };
	struct update *update = xcalloc(1, sizeof(*update));
	int i;

	(void)state;
	region_init(&update->areas);
	region_add_rect(&update->areas, (struct rect){ 0, 0, 1920, 1080 });
	update_split(update, 2);
	assert_int_equal(update_parts(update), 2);
	for (i = 0; i < 2; i++) {
		const struct region *part = &update->parts[i].areas;

		assert_true(region_overlaps(part, above));
		assert_true(region_overlaps(part, below));
		assert_in_range(region_pixels(part), 1920 * 1080 * 2 / 5,
			1920 * 1080 * 3 / 5);
	}
	update_destroy(update);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(test_forced_update),
		SESSION_TEST(test_incremental_stays_open),
		SESSION_TEST(test_first_request_incremental),
		SESSION_TEST(test_request_outside_is_cropped),
		SESSION_TEST(test_eds_alone_then_pixels),
		SESSION_TEST(test_desktop_size_is_answered_unasked),
		SESSION_TEST(test_desktop_size_is_unlisted),
		SESSION_TEST(test_requests_of_single_pixels),
		SESSION_TEST(test_pushing_of_single_pixels),
		SESSION_TEST(test_desktop_size),
		SESSION_TEST(test_padding),
		SESSION_TEST(test_close_while_encoding),
		SESSION_TEST(test_format_counts_from_the_next_update),
		SESSION_TEST(test_copy),
		SESSION_TEST(test_copy_alone),
		SESSION_TEST(test_dirt_moves_along),
		SESSION_TEST(test_moves_pile_up),
		SESSION_TEST(test_no_copy),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_split_mixes),
		cmocka_unit_test(test_plan_joins_specks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
