/* Views: what -scale, -rotate and -blackout may say, and that a picture that
 * was mended where something changed is the one made anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/view/view.h"

static void test_scales(void **state)
{
	static const struct {
		const char *text;
		int width, height; /* of 600x400 */
	} good[] = {
		{ "1", 600, 400 },
		{ "1/2", 300, 200 },
		{ "0.5", 300, 200 },
		{ ".5", 300, 200 },
		{ "2.", 1200, 800 },
		{ "3/4:nb", 450, 300 },
		{ "2/3x1/2", 400, 200 },
		{ "0.001", 1, 1 },
		{ "800x600:in", 800, 600 },
		{ "2x3", 1200, 1200 },
		{ "1000000", 8191, 8191 },
		{ "32767x32767", 8191, 8191 },
	};
	static const char *const wrong[] = { "", "0", "-1", "1/0", "1/", "/2",
		"x", "1x", "x1", "1/2/3", "0.0", "big", "1 ", " 1", "1e3",
		"99999999999", "1.00000000000", "1x2x3", "40000x16" };
	struct view_scale scale;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		int width = 600, height = 400;

		if (!view_scale_parse(good[i].text, &scale))
			fail_msg("%s", good[i].text);
		view_scale_size(&scale, &width, &height);
		assert_int_equal(width, good[i].width);
		assert_int_equal(height, good[i].height);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (view_scale_parse(wrong[i], &scale))
			fail_msg("'%s' was taken", wrong[i]);
	scale = view_scale_divide(view_scale_none(), 64);
	assert_int_equal(scale.x.denominator, 64);
}

static void test_turns(void **state)
{
	static const char *const wrong[] = { "", "45", "z", "90z", "yx", "+",
		"x90", "xyx", " 90", "360" };
	struct view_turn turn;
	size_t i;

	(void)state;
	assert_true(view_turn_parse("0", &turn) && view_turn_is_none(turn));
	/* Of 10x20: the top left pixel, turned to the right. */
	assert_true(view_turn_parse("90", &turn));
	assert_true(rect_equal(
		view_turn_rect(turn, 10, 20, (struct rect){ 0, 0, 2, 3 }),
		(struct rect){ 17, 0, 3, 2 }));
	assert_true(rect_equal(
		view_turn_back(turn, 10, 20, (struct rect){ 17, 0, 3, 2 }),
		(struct rect){ 0, 0, 2, 3 }));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (view_turn_parse(wrong[i], &turn))
			fail_msg("'%s' was taken", wrong[i]);
}

static void test_black(void **state)
{
	static const char *const wrong[] = { "1x1", "1x1+1", "0x1+1+1",
		"1x1-1+1", "1x1+1+1 ", "999999x1+1+1", "x", "1x1+1+1x",
		"noptrs" };
	struct view_rules rules = { 0 };
	size_t i;

	(void)state;
	region_init(&rules.black);
	assert_true(view_rules_parse_black("2x3+4+5,noptr,6x7+8+9", &rules));
	assert_true(rules.black_stops_pointer);
	assert_int_equal(region_pixels(&rules.black), 6 + 42);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (view_rules_parse_black(wrong[i], &rules))
			fail_msg("'%s' was taken", wrong[i]);
	region_finish(&rules.black);
}

/* ---- a view's picture ---- */

static unsigned any(unsigned *seed, unsigned most)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 8) % most;
}

static struct rect any_rect(unsigned *seed, int width, int height)
{
	struct rect rect;

	rect.x = (int)any(seed, (unsigned)width);
	rect.y = (int)any(seed, (unsigned)height);
	rect.width = 1 + (int)any(seed, (unsigned)(width - rect.x));
	rect.height = 1 + (int)any(seed, (unsigned)(height - rect.y));
	return rect;
}

static void draw(struct frame *frame, struct rect rect, unsigned *seed)
{
	int x, y;

	for (y = rect.y; y < rect.y + rect.height; y++)
		for (x = rect.x; x < rect.x + rect.width; x++)
			((uint32_t *)(frame->pixels +
				      (size_t)y * frame->stride))[x] =
				any(seed, 1u << 24);
}

static void set_up(struct view *view, unsigned *seed, const struct frame *area)
{
	struct view_rules rules = { .scale = view_scale_none() };
	struct region black;

	rules.turn =
		(struct view_turn){ any(seed, 2), any(seed, 2), any(seed, 2) };
	rules.least_width = (int)any(seed, 150);
	rules.scale.blends = any(seed, 4) != 0;
	if (any(seed, 4) != 0) {
		rules.scale.width = 1 + (int)any(seed, 200);
		rules.scale.height = 1 + (int)any(seed, 200);
	}
	region_init(&black);
	if (any(seed, 2) != 0)
		region_add_rect(
			&black, any_rect(seed, area->width, area->height));
	view_set(view, &rules, &rules.scale,
		any_rect(seed, area->width, area->height), &black);
	region_finish(&black);
}

static void assert_same(struct frame *a, struct frame *b)
{
	int x, y;

	assert_int_equal(a->width, b->width);
	assert_int_equal(a->height, b->height);
	for (y = 0; y < a->height; y++)
		for (x = 0; x < a->width; x++)
			assert_int_equal(frame_colour(frame_row(a, y)[x]),
				frame_colour(frame_row(b, y)[x]));
}

static void check_mended(unsigned *seed)
{
	struct frame *area =
		frame_create(20 + (int)any(seed, 90), 20 + (int)any(seed, 90));
	struct view *view = view_create(), *anew = view_create();
	struct region changed, whole, mapped;
	struct frame *mended, *fresh;
	unsigned same = *seed;
	int step;

	set_up(view, seed, area);
	set_up(anew, &same, area);
	region_init(&changed);
	region_init(&mapped);
	region_init(&whole);
	region_add_rect(&whole, frame_rect(area));
	frame_unref(view_picture(view, area));
	for (step = 0; step < 4; step++) {
		struct rect rect = any_rect(seed, area->width, area->height);

		region_clear(&changed);
		region_add_rect(&changed, rect);
		draw(area, rect, seed);
		view_damage(view, &changed, &mapped);
		mended = view_picture(view, area);
		view_damage(anew, &whole, &mapped);
		fresh = view_picture(anew, area);
		assert_same(mended, fresh);
		frame_unref(mended);
		frame_unref(fresh);
	}
	view_destroy(anew);
	view_destroy(view);
	region_finish(&changed);
	region_finish(&mapped);
	region_finish(&whole);
	frame_unref(area);
}

static void test_mended_is_made_anew(void **state)
{
	unsigned seed = 1;
	int round;

	(void)state;
	for (round = 0; round < 300; round++)
		check_mended(&seed);
}

/* A picture that is lent is never written again. */
static void test_lent_pictures_stay(void **state)
{
	struct frame *area = frame_create(8, 8), *held[VIEW_FRAMES];
	struct view_rules rules = { .scale = view_scale_none() };
	struct view *view = view_create();
	struct region changed, mapped, none;
	unsigned seed = 5;
	int i;

	(void)state;
	rules.turn.mirrors = true;
	region_init(&none);
	region_init(&mapped);
	region_init(&changed);
	region_add_rect(&changed, frame_rect(area));
	view_set(view, &rules, &rules.scale, frame_rect(area), &none);
	for (i = 0; i < VIEW_FRAMES; i++) {
		draw(area, frame_rect(area), &seed);
		view_damage(view, &changed, &mapped);
		held[i] = view_picture(view, area);
		assert_non_null(held[i]);
	}
	view_damage(view, &changed, &mapped);
	assert_null(view_picture(view, area));
	frame_unref(held[1]);
	held[1] = view_picture(view, area);
	assert_non_null(held[1]);
	view_destroy(view);
	for (i = 0; i < VIEW_FRAMES; i++)
		frame_unref(held[i]);
	region_finish(&none);
	region_finish(&mapped);
	region_finish(&changed);
	frame_unref(area);
}

/* Only what is whole in the picture, and what comes before it, is a move. */
static void test_moves(void **state)
{
	struct view_rules rules = { .scale = view_scale_none() };
	struct view *view = view_create();
	struct move_list moves = { .count = 3,
		.moves = { { { 20, 20, 10, 10 }, 5, 0 },
			{ { 10, 30, 40, 10 }, 0, 5 },
			{ { 30, 50, 5, 5 }, 1, 1 } } };
	struct move_list mapped;
	struct region black;

	(void)state;
	region_init(&black);
	view_set(view, &rules, &rules.scale, (struct rect){ 15, 10, 50, 60 },
		&black);
	view_moves(view, &moves, &mapped);
	assert_int_equal(mapped.count, 2);
	assert_true(
		rect_equal(mapped.moves[0].to, (struct rect){ 5, 10, 10, 10 }));
	assert_int_equal(mapped.moves[0].dx, 5);
	assert_true(
		rect_equal(mapped.moves[1].to, (struct rect){ 0, 20, 35, 10 }));
	region_add_rect(&black, (struct rect){ 17, 22, 1, 1 });
	view_set(view, &rules, &rules.scale, (struct rect){ 15, 10, 50, 60 },
		&black);
	view_moves(view, &moves, &mapped);
	assert_int_equal(mapped.count, 0);
	rules.scale.width = rules.scale.height = 100;
	region_clear(&black);
	view_set(view, &rules, &rules.scale, (struct rect){ 15, 10, 50, 60 },
		&black);
	view_moves(view, &moves, &mapped);
	assert_int_equal(mapped.count, 0);
	view_destroy(view);
	region_finish(&black);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scales),
		cmocka_unit_test(test_turns),
		cmocka_unit_test(test_black),
		cmocka_unit_test(test_mended_is_made_anew),
		cmocka_unit_test(test_lent_pictures_stay),
		cmocka_unit_test(test_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
