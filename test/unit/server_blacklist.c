/* Addresses that gave wrong answers: blocked, delayed, forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "server/access/blacklist.h"
#include "test/unit/address_of.h"

static const struct blacklist_limits limits = { 5, 10 };

static int set_up(void **state)
{
	*state = calloc(1, sizeof(struct blacklist));
	return *state == NULL;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

static void test_delay_grows(void **state)
{
	static const unsigned delays[] = { 250, 500, 1000, 2000, 4000, 4000 };
	struct address guest = address_of("10.0.0.1"),
		       other = address_of("10.0.0.2");
	size_t i;

	for (i = 0; i < sizeof(delays) / sizeof(delays[0]); i++)
		assert_int_equal(blacklist_wrong(*state, &guest, &limits, 0, i),
			delays[i]);
	assert_int_equal(blacklist_wrong(*state, &other, &limits, 0, 9), 250);
}

static void test_blocked_after_the_fifth(void **state)
{
	struct address guest = address_of("10.0.0.1"),
		       other = address_of("10.0.0.2");
	int i;

	for (i = 0; i < 4; i++) {
		blacklist_wrong(*state, &guest, &limits, 0, 1000);
		assert_int_equal(blacklist_remaining(*state, &guest, 1000), 0);
	}
	blacklist_wrong(*state, &guest, &limits, 0, 1000);
	assert_int_equal(blacklist_remaining(*state, &guest, 1000), 10000);
	assert_int_equal(blacklist_remaining(*state, &guest, 10999), 1);
	assert_int_equal(blacklist_remaining(*state, &guest, 11000), 0);
	assert_int_equal(blacklist_remaining(*state, &other, 1000), 0);
	/* The next one at once doubles. */
	blacklist_wrong(*state, &guest, &limits, 0, 11000);
	assert_int_equal(blacklist_remaining(*state, &guest, 11000), 20000);
	for (i = 0; i < 40; i++)
		blacklist_wrong(*state, &guest, &limits, 0, 50000);
	assert_int_equal(
		blacklist_remaining(*state, &guest, 50000), 60 * 60 * 1000);
}

static void test_the_same_guess_is_none_more(void **state)
{
	struct address guest = address_of("10.0.0.1");
	int i;

	for (i = 0; i < 20; i++)
		assert_int_equal(
			blacklist_wrong(*state, &guest, &limits, 7, 1000), 250);
	assert_int_equal(
		blacklist_wrong(*state, &guest, &limits, 8, 1000), 500);
	assert_int_equal(
		blacklist_wrong(*state, &guest, &limits, 7, 1000), 1000);
	assert_int_equal(
		blacklist_wrong(*state, &guest, &limits, 0, 1000), 2000);
	assert_int_equal(blacklist_remaining(*state, &guest, 1000), 0);
	assert_int_equal(
		blacklist_wrong(*state, &guest, &limits, 9, 1000), 4000);
	assert_int_equal(blacklist_remaining(*state, &guest, 1000), 10000);
}

static void test_a_right_answer_is_a_fresh_start(void **state)
{
	struct address guest = address_of("10.0.0.1");
	int i;

	for (i = 0; i < 4; i++)
		blacklist_wrong(*state, &guest, &limits, 0, 0);
	blacklist_right(*state, &guest);
	assert_int_equal(blacklist_wrong(*state, &guest, &limits, 0, 0), 250);
	assert_int_equal(blacklist_remaining(*state, &guest, 0), 0);
}

static void test_old_mistakes_are_forgotten(void **state)
{
	struct address guest = address_of("10.0.0.1");
	const uint64_t later = 2 * 60 * 60 * 1000 + 1;
	int i;

	for (i = 0; i < 4; i++)
		blacklist_wrong(*state, &guest, &limits, 0, 0);
	assert_int_equal(
		blacklist_wrong(*state, &guest, &limits, 0, later), 250);
}

static void test_ipv6_counts_by_its_64(void **state)
{
	struct address one = address_of("2001:db8:1:2::1");
	struct address neighbour = address_of("2001:db8:1:2:ffff::9");
	struct address other = address_of("2001:db8:1:3::1");
	int i;

	for (i = 0; i < 5; i++)
		blacklist_wrong(*state, &one, &limits, 0, 0);
	assert_true(blacklist_remaining(*state, &neighbour, 0) > 0);
	assert_int_equal(blacklist_remaining(*state, &other, 0), 0);
}

static void test_no_threshold(void **state)
{
	const struct blacklist_limits none = { 0, 10 };
	struct address guest = address_of("10.0.0.1");
	int i;

	for (i = 0; i < 50; i++)
		blacklist_wrong(*state, &guest, &none, 0, 0);
	assert_int_equal(blacklist_remaining(*state, &guest, 0), 0);
}

static void test_memory_is_bounded(void **state)
{
	struct blacklist *list = *state;
	struct address guest = address_of("192.0.2.1");
	int i;

	for (i = 0; i < 5; i++)
		blacklist_wrong(list, &guest, &limits, 0, 100);
	for (i = 0; i < 3 * BLACKLIST_MOST; i++) {
		struct address stranger = address_of("10.0.0.1");

		stranger.bytes[13] = (uint8_t)(i >> 8);
		stranger.bytes[14] = (uint8_t)i;
		blacklist_wrong(list, &stranger, &limits, 0, (uint64_t)i);
		/* Who goes on is not pushed out by the others. */
		if (i % 500 == 0)
			blacklist_wrong(list, &guest, &limits, 0, (uint64_t)i);
		assert_true(list->count <= BLACKLIST_MOST);
	}
	assert_true(blacklist_remaining(list, &guest, 3 * BLACKLIST_MOST) > 0);
}

int main(void)
{
#define ONE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		ONE(test_delay_grows),
		ONE(test_blocked_after_the_fifth),
		ONE(test_the_same_guess_is_none_more),
		ONE(test_a_right_answer_is_a_fresh_start),
		ONE(test_old_mistakes_are_forgotten),
		ONE(test_ipv6_counts_by_its_64),
		ONE(test_no_threshold),
		ONE(test_memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
