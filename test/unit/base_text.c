/* UTF-8, Latin-1 and text from strangers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void check_printable(
	const char *bytes, size_t limit, const char *expected)
{
	char *clean = text_printable(bytes, strlen(bytes), limit);

	assert_string_equal(clean, expected);
	assert_true(text_is_utf8(clean, strlen(clean)));
	free(clean);
}

static void test_is_utf8(void **state)
{
	(void)state;
	assert_true(text_is_utf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10));
	assert_false(text_is_utf8("\xc0\x80", 2)); /* overlong */
	assert_false(text_is_utf8("\xe0\x80\x80", 3));
	assert_false(text_is_utf8("\xed\xa0\x80", 3));     /* surrogate */
	assert_false(text_is_utf8("\xf4\x90\x80\x80", 4)); /* too large */
	assert_false(text_is_utf8("\xe2\x82", 2));         /* cut */
	assert_false(text_is_utf8("\x80", 1));
}

static void test_printable(void **state)
{
	(void)state;
	check_printable("plain", 100, "plain");
	check_printable("a\nb\x1b[31mc\x7f", 100, "a?b?[31mc?");
	check_printable("caf\xe9", 100, "caf\xc3\xa9"); /* Latin-1 */
	check_printable("\xc2\x85", 100, "?");          /* C1 control */
	check_printable("abcdef", 3, "abc");
	check_printable("ab\xe2\x82\xac", 4, "ab");
	check_printable("ab\xe2\x82\xac", 5, "ab\xe2\x82\xac");
	check_printable("", 5, "");
}

static void test_latin1_both_ways(void **state)
{
	uint8_t all[255];
	char *utf8, *back;
	size_t i, length;

	(void)state;
	for (i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)(i + 1);
	utf8 = text_from_latin1(all, sizeof(all));
	assert_true(text_is_utf8(utf8, strlen(utf8)));
	back = text_to_latin1(utf8, &length);
	assert_int_equal(length, sizeof(all));
	assert_memory_equal(back, all, sizeof(all));
	free(utf8);
	free(back);
}

static void test_what_latin1_lacks(void **state)
{
	size_t length;
	char *latin1 = text_to_latin1("\xe2\x82\xac\xc3\xa9\xff", &length);

	(void)state;
	assert_int_equal(length, 3);
	assert_memory_equal(latin1, "?\xe9?", 3);
	free(latin1);
}

static void test_put_and_next(void **state)
{
	static const uint32_t points[] = { 'a', 0x7f, 0x80, 0x7ff, 0x800,
		0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		char bytes[4];
		size_t length = text_put(bytes, points[i]);
		const char *at = bytes;

		assert_true(text_is_utf8(bytes, length));
		assert_int_equal(text_next(&at, bytes + length), points[i]);
		assert_ptr_equal(at, bytes + length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_utf8),
		cmocka_unit_test(test_printable),
		cmocka_unit_test(test_latin1_both_ways),
		cmocka_unit_test(test_what_latin1_lacks),
		cmocka_unit_test(test_put_and_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
