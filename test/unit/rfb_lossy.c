/* What a viewer has only nearly is sent losslessly once it is quiet. */
#include "test/unit/session_fixture.h"

#include "rfb/lossy.h"
#include "rfb/session_state.h"
#include "rfb/update.h"

#define TIGHT_WITH_JPEG "\2\0\0\3\0\0\0\7\0\0\0\1\xff\xff\xff\xe6"
#define ALL_AT_ONCE "\3\0\0\0\0\0\0\x40\0\x30"
#define WHAT_CHANGES "\3\1\0\0\0\0\0\x40\0\x30"

static const struct rect photo = { 10, 10, 40, 30 };

static bool region_is(const struct region *region, struct rect rect)
{
	return region_count(region) == 1 &&
	       rect_equal(region_extents(region), rect);
}

static bool is_empty(const struct lossy *lossy)
{
	return region_is_empty(&lossy->fresh) &&
	       region_is_empty(&lossy->ageing) &&
	       region_is_empty(&lossy->settled);
}

static void test_ageing(void **state)
{
	struct region areas;
	struct lossy lossy;

	(void)state;
	lossy_init(&lossy);
	region_init(&areas);
	lossy_add(&lossy, photo, false);
	lossy_age(&lossy);
	assert_true(region_is_empty(&lossy.settled));
	lossy_age(&lossy);
	assert_true(region_is(&lossy.settled, photo));
	/* Sent again, and lossy again: it must wait again. */
	region_add_rect(&areas, photo);
	lossy_sent(&lossy, &areas);
	assert_true(is_empty(&lossy));
	lossy_add(&lossy, photo, false);
	lossy_age(&lossy);
	assert_true(region_is_empty(&lossy.settled));
	region_finish(&areas);
	lossy_finish(&lossy);
}

static void test_moving(void **state)
{
	const struct move move = { { 100, 100, 20, 20 }, 90, 90 };
	struct lossy lossy;

	(void)state;
	lossy_init(&lossy);
	lossy_add(&lossy, photo, false); /* 10,10 to 50,40 */
	lossy_move(&lossy, &move);       /* from 10,10 to 30,30 */
	lossy_age(&lossy);
	lossy_age(&lossy);
	assert_true(region_contains(&lossy.settled, photo));
	assert_true(region_contains(&lossy.settled, move.to));
	lossy_finish(&lossy);
}

/* All of it comes, in pieces. */
static void test_choosing(void **state)
{
	const struct rect large = { 0, 0, 1920, 1080 },
			  small = { 5, 1090, 8, 8 };
	struct region wanted, chosen;
	struct lossy lossy;
	int pieces = 0;

	(void)state;
	lossy_init(&lossy);
	region_init(&wanted);
	region_init(&chosen);
	region_add_rect(&wanted, (struct rect){ 0, 0, 2000, 2000 });
	lossy_add(&lossy, large, false);
	lossy_add(&lossy, small, false);
	lossy_age(&lossy);
	lossy_age(&lossy);
	lossy_choose(&lossy, &wanted, 1 << 17, &chosen);
	assert_true(region_contains(&chosen, small)); /* first */
	for (; !region_is_empty(&chosen); pieces++) {
		lossy_sent(&lossy, &chosen);
		region_clear(&chosen);
		lossy_choose(&lossy, &wanted, 1 << 17, &chosen);
	}
	assert_true(is_empty(&lossy));
	assert_in_range(pieces, 10, 40);
	region_finish(&wanted);
	region_finish(&chosen);
	lossy_finish(&lossy);
}

/* On a slow line in small pieces; what was lowered comes before the rest. */
static void test_choosing_little(void **state)
{
	const struct rect large = { 0, 0, 640, 480 },
			  poor = { 100, 200, 64, 64 };
	struct region wanted, chosen;
	struct lossy lossy;

	(void)state;
	lossy_init(&lossy);
	region_init(&wanted);
	region_init(&chosen);
	region_add_rect(&wanted, large);
	lossy_add(&lossy, large, false);
	lossy_choose_poor(&lossy, &wanted, 4096, &chosen);
	assert_true(region_is_empty(&chosen));
	lossy_add(&lossy, poor, true);
	lossy_age(&lossy);
	lossy_age(&lossy);
	lossy_choose_poor(&lossy, &wanted, 5000, &chosen);
	assert_true(region_is(&chosen, poor));
	lossy_sent(&lossy, &chosen);
	region_clear(&chosen);
	lossy_choose_poor(&lossy, &wanted, 5000, &chosen);
	assert_true(region_is_empty(&chosen));
	lossy_choose(&lossy, &wanted, 5000, &chosen);
	assert_in_range(region_pixels(&chosen), 1, 5640);
	region_finish(&wanted);
	region_finish(&chosen);
	lossy_finish(&lossy);
}

static void test_refresh(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	fixture_paint_photo(f);
	SAY(f->session, TIGHT_WITH_JPEG ALL_AT_ONCE);
	fixture_draw(f);
	SAY(f->session, WHAT_CHANGES);
	assert_true(session_is_lossy(f->session));
	assert_false(session_has_refresh(f->session));
	assert_null(session_begin_refresh(f->session, f->frame));
	session_age_lossy(f->session);
	session_age_lossy(f->session);
	assert_true(session_has_refresh(f->session));
	assert_false(session_has_update(f->session));
	fixture_end(f, session_begin_refresh(f->session, f->frame));
	SAY(f->session, WHAT_CHANGES);
	assert_false(session_is_lossy(f->session));
}

/* Not where the viewer did not ask: the clock would never come to rest. */
static void test_refresh_only_where_asked(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	fixture_paint_photo(f);
	SAY(f->session, TIGHT_WITH_JPEG ALL_AT_ONCE);
	fixture_draw(f);
	session_age_lossy(f->session);
	session_age_lossy(f->session);
	SAY(f->session, "\3\1\0\0\0\0\0\0\0\0");
	assert_true(session_wants_update(f->session));
	assert_false(session_has_refresh(f->session));
	assert_false(session_is_lossy(f->session));
}

/* What an update brings moves with what moved meanwhile; what was lossy before
 * has moved by then, and must not move again. */
static void test_move_during_update(void **state)
{
	const struct rect top = { 0, 0, 64, 16 }, below = { 0, 16, 64, 8 };
	const struct rect all = { 0, 0, 64, 48 };
	const struct move_list moves = { .count = 1,
		.moves = { { { 0, 8, 64, 40 }, 0, 8 } } };
	struct fixture *f = *state;
	struct region changed, wanted;
	struct update *update;

	fixture_log_in(f);
	fixture_paint_photo(f);
	SAY(f->session, TIGHT_WITH_JPEG ALL_AT_ONCE);
	fixture_draw(f);
	lossy_clear(&f->session->lossy);
	lossy_add(&f->session->lossy, below, false);

	SAY(f->session, WHAT_CHANGES);
	region_init(&changed);
	region_add_rect(&changed, top);
	fixture_change(f, top);
	update = session_begin_update(f->session, f->frame);
	region_add_rect(&changed, all);
	session_damage(f->session, &changed, &moves);
	fixture_end(f, update);

	region_init(&wanted);
	region_add_rect(&wanted, (struct rect){ 0, 0, 64, 32 });
	assert_true(region_equal(&f->session->lossy.fresh, &wanted));
	region_finish(&wanted);
	region_finish(&changed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ageing),
		cmocka_unit_test(test_moving),
		cmocka_unit_test(test_choosing),
		cmocka_unit_test(test_choosing_little),
		SESSION_TEST(test_refresh),
		SESSION_TEST(test_refresh_only_where_asked),
		SESSION_TEST(test_move_during_update),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
