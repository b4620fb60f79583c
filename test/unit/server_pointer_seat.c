/* Whose turn the pointer is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/input/pointer_seat.h"

static void test_drags_are_not_torn(void **state)
{
	struct pointer_seat seat = { 0 };
	struct pointer_right one = { 0 }, other = { 0 };

	(void)state;
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 0, 1), POINTER_SEAT_YES);
	assert_int_equal(pointer_seat_ask(&seat, &one, 1, 2), POINTER_SEAT_YES);
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 0, 3), POINTER_SEAT_NO);
	assert_int_equal(pointer_seat_ask(&seat, &one, 1, 4), POINTER_SEAT_YES);
	/* Pressed out of turn: not pressed late, somewhere else. */
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 4, 5), POINTER_SEAT_NO);
	assert_int_equal(pointer_seat_ask(&seat, &one, 0, 6), POINTER_SEAT_YES);
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 4, 7), POINTER_SEAT_NO);
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 0, 8), POINTER_SEAT_YES);
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 4, 9), POINTER_SEAT_YES);
}

static void test_silent_holder_loses_its_turn(void **state)
{
	struct pointer_seat seat = { 0 };
	struct pointer_right one = { 0 }, other = { 0 };
	uint64_t late = 5 + POINTER_SEAT_MOST_SILENT_US;

	(void)state;
	assert_int_equal(pointer_seat_ask(&seat, &one, 1, 5), POINTER_SEAT_YES);
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 0, late - 1), POINTER_SEAT_NO);
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 0, late), POINTER_SEAT_TAKEN);
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 1, late), POINTER_SEAT_YES);
	assert_int_equal(
		pointer_seat_ask(&seat, &one, 1, late + 1), POINTER_SEAT_NO);
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 0, late + 2), POINTER_SEAT_YES);
	/* Its button is up here, and it must let go of it too. */
	assert_int_equal(
		pointer_seat_ask(&seat, &one, 1, late + 3), POINTER_SEAT_NO);
	assert_int_equal(
		pointer_seat_ask(&seat, &one, 0, late + 4), POINTER_SEAT_YES);
}

static void test_who_leaves_gives_its_turn_up(void **state)
{
	struct pointer_seat seat = { 0 };
	struct pointer_right one = { 0 }, other = { 0 };

	(void)state;
	pointer_seat_ask(&seat, &one, 1, 1);
	pointer_seat_leave(&seat, &other);
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 0, 2), POINTER_SEAT_NO);
	pointer_seat_leave(&seat, &one);
	assert_int_equal(
		pointer_seat_ask(&seat, &other, 0, 3), POINTER_SEAT_YES);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drags_are_not_torn),
		cmocka_unit_test(test_silent_holder_loses_its_turn),
		cmocka_unit_test(test_who_leaves_gives_its_turn_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
