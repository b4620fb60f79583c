/* What scrolled or was dragged is found, and every move is exact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "x11/compare.h"
#include "x11/move_finder.h"

/* No whole number of the finder's cells, either way. */
enum { WIDTH = 645, HEIGHT = 479 };

struct pictures {
	struct frame *before, *now;
	struct region changed;
	struct move_list moves;
	struct move_finder *finder;
	uint64_t now_us, apart_us;
};

static uint32_t *row_of(struct frame *frame, int y)
{
	return (uint32_t *)(frame->pixels + (size_t)y * frame->stride);
}

static void fill(struct frame *frame, struct rect area, uint32_t colour)
{
	int x, y;

	for (y = area.y; y < area.y + area.height; y++)
		for (x = area.x; x < area.x + area.width; x++)
			row_of(frame, y)[x] = colour;
}

/* Letters of six by nine pixels, some of them spaces; the text depends on
 * `seed` and on the line. */
static void write_text(struct frame *frame, struct rect area, unsigned seed)
{
	int x, y;

	fill(frame, area, 0xffffff);
	for (y = 0; y + 13 <= area.height; y += 13)
		for (x = 0; x + 6 <= area.width; x += 6) {
			unsigned letter =
				(seed + (unsigned)y / 13) * 2654435761u ^
				(unsigned)x * 40503u;
			int bit;

			letter = (letter ^ letter >> 13) * 2246822519u;
			if (letter % 5 == 0)
				continue;
			for (bit = 0; bit < 35; bit++)
				if ((letter ^ letter << 7) >> (bit % 25) & 1)
					row_of(frame,
						area.y + y +
							bit / 5)[area.x + x +
								 bit % 5] = 0;
		}
}

static void noise(struct frame *frame, struct rect area, uint32_t seed)
{
	int x, y;

	for (y = area.y; y < area.y + area.height; y++)
		for (x = area.x; x < area.x + area.width; x++) {
			seed = seed * 1664525 + 1013904223;
			row_of(frame, y)[x] = seed >> 8 | seed << 24;
		}
}

static void copy(
	struct frame *to, struct frame *from, struct rect area, int dx, int dy)
{
	int y;

	for (y = 0; y < area.height; y++)
		memcpy(row_of(to, area.y + y) + area.x,
			row_of(from, area.y + y - dy) + area.x - dx,
			(size_t)area.width * 4);
}

static int set_up(void **state)
{
	struct pictures *p = calloc(1, sizeof(*p));

	p->before = frame_create(WIDTH, HEIGHT);
	p->now = frame_create(WIDTH, HEIGHT);
	p->finder = move_finder_create();
	region_init(&p->changed);
	fill(p->before, frame_rect(p->before), 0x336699);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct pictures *p = *state;

	frame_unref(p->before);
	frame_unref(p->now);
	move_finder_destroy(p->finder);
	region_finish(&p->changed);
	free(p);
	return 0;
}

static void start_now(struct pictures *p)
{
	copy(p->now, p->before, frame_rect(p->now), 0, 0);
}

/* Finds; checks by doing what a viewer does: moves in order, then whatever is
 * left of the change as pixels. Returns how many pixels were left. */
static int64_t find_and_check(struct pictures *p)
{
	struct frame *picture = frame_create(WIDTH, HEIGHT);
	struct region rest;
	int64_t left;
	int i, y;

	region_clear(&p->changed);
	compare_rows(p->before, p->now, 0, HEIGHT, &p->changed);
	p->now_us += p->apart_us;
	move_finder_find(p->finder, p->before, p->now, p->now_us, &p->changed,
		&p->moves);
	copy(picture, p->before, frame_rect(picture), 0, 0);
	region_init(&rest);
	region_copy(&rest, &p->changed);
	for (i = 0; i < p->moves.count; i++) {
		const struct move *move = &p->moves.moves[i];
		struct frame *old = frame_create(WIDTH, HEIGHT);

		assert_true(rect_equal(
			rect_intersect(move->to, frame_rect(old)), move->to));
		copy(old, picture, frame_rect(old), 0, 0);
		copy(picture, old, move->to, move->dx, move->dy);
		region_subtract_rect(&rest, move->to);
		frame_unref(old);
	}
	for (i = 0; i < region_count(&rest); i++)
		copy(picture, p->now, region_rect(&rest, i), 0, 0);
	for (y = 0; y < HEIGHT; y++)
		for (i = 0; i < WIDTH; i++)
			assert_int_equal(frame_colour(row_of(picture, y)[i]),
				frame_colour(row_of(p->now, y)[i]));
	frame_unref(picture);
	left = region_pixels(&rest);
	region_finish(&rest);
	return left;
}

static void check_scroll(struct pictures *p, struct rect window, int dy)
{
	struct rect kept = window, fresh = window;

	write_text(p->before, window, 7);
	start_now(p);
	if (dy < 0) {
		kept.height += dy;
		fresh.y += fresh.height + dy;
		fresh.height = -dy;
	} else {
		kept.y += dy;
		kept.height -= dy;
		fresh.height = dy;
	}
	copy(p->now, p->before, kept, 0, dy);
	write_text(p->now, fresh, 1000);
	assert_true(find_and_check(p) <=
		    (int64_t)fresh.width * (fresh.height + 24));
	assert_true(p->moves.count >= 1 && p->moves.count <= 3);
	assert_int_equal(p->moves.moves[0].dx, 0);
	assert_int_equal(p->moves.moves[0].dy, dy);
}

static void test_scroll_up_a_line(void **state)
{
	check_scroll(*state, (struct rect){ 37, 53, 485, 317 }, -13);
}

static void test_scroll_down_some_lines(void **state)
{
	check_scroll(*state, (struct rect){ 37, 53, 485, 317 }, 3 * 13);
}

static void test_scroll_half_a_page(void **state)
{
	check_scroll(*state, (struct rect){ 0, 0, WIDTH, HEIGHT }, -240);
}

static void test_scroll_a_pixel(void **state)
{
	check_scroll(*state, (struct rect){ 101, 99, 300, 200 }, -1);
}

static void check_drag(struct pictures *p, int dx, int dy)
{
	struct rect window = { 150, 120, 240, 180 }, moved = window, overlap;

	moved.x += dx;
	moved.y += dy;
	write_text(p->before, window, 3);
	start_now(p);
	fill(p->now, window, 0x336699);
	copy(p->now, p->before, moved, dx, dy);
	overlap = rect_intersect(window, moved);
	assert_true(find_and_check(p) <
		    240 * 180 - overlap.width * overlap.height + 240 * 180 / 4);
	assert_true(p->moves.count >= 1);
	assert_int_equal(p->moves.moves[0].dx, dx);
	assert_int_equal(p->moves.moves[0].dy, dy);
}

static void test_drag_diagonally(void **state)
{
	check_drag(*state, 23, -17);
}

static void test_drag_left(void **state)
{
	check_drag(*state, -5, 0);
}

static void test_drag_far(void **state)
{
	check_drag(*state, 230, 160);
}

/* All of the picture moves, past every edge of it. */
static void test_past_the_edges(void **state)
{
	static const int by[][2] = { { 31, 0 }, { -31, 0 }, { 0, 27 },
		{ 0, -27 }, { 16, 4 }, { -16, -4 }, { 7, -9 }, { -1, 3 } };
	struct pictures *p = *state;
	size_t i;

	for (i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
		int dx = by[i][0], dy = by[i][1];
		struct rect kept = { dx, dy, WIDTH, HEIGHT };
		int64_t left;

		write_text(p->before, frame_rect(p->before), 11);
		start_now(p);
		kept = rect_intersect(kept, frame_rect(p->now));
		copy(p->now, p->before, kept, dx, dy);
		left = (int64_t)WIDTH * HEIGHT -
		       (int64_t)kept.width * kept.height;
		/* What has stayed in place there changed in part only. */
		assert_true(find_and_check(p) <= left);
		assert_true(p->moves.count >= 1);
		assert_int_equal(p->moves.moves[0].dx, dx);
		assert_int_equal(p->moves.moves[0].dy, dy);
	}
}

/* Two terminals scroll at once, by different distances. */
static void test_two_scrolls(void **state)
{
	struct pictures *p = *state;
	struct rect left = { 10, 20, 290, 400 }, right = { 330, 30, 290, 390 };
	struct rect kept = left;

	write_text(p->before, left, 3);
	write_text(p->before, right, 5000);
	start_now(p);
	kept.height -= 26;
	copy(p->now, p->before, kept, 0, -26);
	kept = right;
	kept.y += 39;
	kept.height -= 39;
	copy(p->now, p->before, kept, 0, 39);
	assert_true(find_and_check(p) < 2 * 290 * 70);
	assert_true(p->moves.count >= 2);
}

/* Different text in the same place is no move, nor is a film. */
static void test_nothing_moved(void **state)
{
	struct pictures *p = *state;
	int i;

	write_text(p->before, frame_rect(p->before), 3);
	write_text(p->now, frame_rect(p->now), 90000);
	find_and_check(p);
	for (i = 0; i < 20; i++) {
		noise(p->before, frame_rect(p->before), (uint32_t)i);
		noise(p->now, frame_rect(p->now), (uint32_t)i + 100);
		find_and_check(p);
		assert_int_equal(p->moves.count, 0);
	}
}

static int64_t scroll_on(struct pictures *p, int lines)
{
	struct rect kept = frame_rect(p->now);

	copy(p->before, p->now, kept, 0, 0);
	write_text(p->now, kept, 7);
	kept.height -= lines * 13;
	copy(p->now, p->before, kept, 0, -lines * 13);
	return find_and_check(p);
}

/* After a film, what scrolls is not looked for at once where pictures are many,
 * and is where they are few: on a slow line it might never be. */
static void test_scroll_after_a_film(void **state)
{
	struct pictures *p = *state;
	int i;

	p->apart_us = 33000;
	for (i = 0; i < 40; i++) {
		noise(p->now, frame_rect(p->now), (uint32_t)i + 100);
		find_and_check(p);
		copy(p->before, p->now, frame_rect(p->now), 0, 0);
	}
	write_text(p->now, frame_rect(p->now), 3);
	find_and_check(p);
	scroll_on(p, 2);
	assert_int_equal(p->moves.count, 0);
	p->apart_us = 200000;
	assert_true(scroll_on(p, 12) < 2 * 12 * 13 * WIDTH);
}

/* Nothing moved last time, so only a part is looked at: a window that scrolls
 * reaches all over what changes, and is found there. */
static void test_scroll_after_a_miss(void **state)
{
	struct pictures *p = *state;
	struct rect window = { 20, 10, 600, 460 };
	int round;

	p->apart_us = 33000;
	for (round = 0; round < 4; round++) {
		noise(p->now, window, (uint32_t)round);
		find_and_check(p);
		assert_int_equal(p->moves.count, 0);
		copy(p->before, p->now, frame_rect(p->now), 0, 0);
		if (round == 0)
			continue;
		check_scroll(p, window, round % 2 != 0 ? -13 : 26);
	}
}

/* The undefined byte of a pixel must not matter. */
static void test_top_byte(void **state)
{
	struct pictures *p = *state;
	struct rect window = { 40, 40, 400, 300 }, kept = window;
	int x, y;

	write_text(p->before, window, 3);
	start_now(p);
	kept.height -= 13;
	copy(p->now, p->before, kept, 0, -13);
	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			row_of(p->now, y)[x] |= (uint32_t)(x * y) << 24;
	find_and_check(p);
	assert_true(p->moves.count >= 1);
}

/* Whatever happens at random: what is sent gives the new picture. */
static void test_random(void **state)
{
	struct pictures *p = *state;
	uint32_t seed = 12345;
	int round, step;

	write_text(p->before, frame_rect(p->before), 3);
	for (round = 0; round < 60; round++) {
		start_now(p);
		for (step = 0; step < 4; step++) {
			struct rect area;
			int dx, dy;

			seed = seed * 1664525 + 1013904223;
			area = (struct rect){ (int)(seed >> 8) % 300 + 50,
				(int)(seed >> 17) % 200 + 50,
				(int)(seed >> 5) % 240 + 8,
				(int)(seed >> 12) % 180 + 8 };
			dx = (int)(seed >> 20) % 90 - 45;
			dy = (int)(seed >> 25) % 90 - 45;
			if (seed % 7 == 0)
				noise(p->now, area, seed);
			else if (seed % 7 == 1)
				write_text(p->now, area, seed);
			else
				copy(p->now, p->before, area, dx, dy);
		}
		find_and_check(p);
		copy(p->before, p->now, frame_rect(p->now), 0, 0);
	}
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_scroll_up_a_line),
		TEST(test_scroll_down_some_lines),
		TEST(test_scroll_half_a_page),
		TEST(test_scroll_a_pixel),
		TEST(test_drag_diagonally),
		TEST(test_drag_left),
		TEST(test_drag_far),
		TEST(test_past_the_edges),
		TEST(test_two_scrolls),
		TEST(test_nothing_moved),
		TEST(test_scroll_after_a_film),
		TEST(test_scroll_after_a_miss),
		TEST(test_top_byte),
		TEST(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
