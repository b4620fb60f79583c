/* So many bytes a second, however they are asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/rate.h"

enum { SECOND = 1000000 };

/* Takes all it gets every `step_us`; what that makes in `seconds`. */
static uint64_t take(
	struct rate *rate, uint64_t *now_us, uint64_t step_us, uint64_t seconds)
{
	uint64_t end_us = *now_us + seconds * SECOND, sum = 0;

	for (; *now_us < end_us; *now_us += step_us) {
		uint64_t allowed = rate_allows(rate, *now_us);

		rate_spend(rate, allowed);
		sum += allowed;
	}
	return sum;
}

static void test_no_limit(void **state)
{
	struct rate rate = { 0 };

	(void)state;
	assert_true(rate_allows(&rate, 5) == UINT64_MAX);
	rate_spend(&rate, 1 << 30);
	assert_true(rate_allows(&rate, 6) == UINT64_MAX);
}

static void test_each_rate_and_step(void **state)
{
	static const uint64_t rates[] = { 1000, 33333, 1000000, 1250000000 };
	static const uint64_t steps[] = { 1, 77, 1000, 10000 };
	int i, j;

	(void)state;
	for (i = 0; i < 4; i++)
		for (j = 0; j < 4; j++) {
			uint64_t now_us = 12345, sum;
			struct rate rate;

			rate_init(&rate, rates[i], now_us);
			sum = take(&rate, &now_us, steps[j], 2);
			assert_in_range(sum, rates[i] * 2 - rates[i] / 10,
				rates[i] * 2 + rates[i] / 20 + 2000);
		}
}

/* An hour of quiet earns no more than a moment. */
static void test_quiet(void **state)
{
	struct rate rate;

	(void)state;
	rate_init(&rate, 100000, 1);
	assert_in_range(rate_allows(&rate, (uint64_t)3600 * SECOND), 1, 5000);
	rate_spend(&rate, 4000);
	assert_int_equal(rate_allows(&rate, (uint64_t)3600 * SECOND), 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_limit),
		cmocka_unit_test(test_each_rate_and_step),
		cmocka_unit_test(test_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
