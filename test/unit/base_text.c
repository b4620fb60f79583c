/* UTF-8, Latin-1 and text from strangers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/transliteration.h"

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
	char *latin1 = text_to_latin1("\xe6\x97\xa5\xc3\xa9\xff", &length);

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

static void check_latin1(const char *utf8, const char *expected)
{
	size_t length;
	char *latin1 = text_to_latin1(utf8, &length);

	assert_string_equal(latin1, expected);
	assert_int_equal(length, strlen(expected));
	free(latin1);
}

static void test_transliteration(void **state)
{
	uint32_t code_point;

	(void)state;
	check_latin1(
		"\xe2\x80\x9e"
		"5\xc2\xa0\xe2\x82\xac\xe2\x80\x9c \xe2\x80\x93 "
		"it\xe2\x80\x99s\xe2\x80\xa6",
		"\"5\xa0"
		"EUR\" - it's...");
	/* efficient, Lodz, Oeuvre, Orszagh with a double acute o */
	check_latin1(
		"e\xef\xac\x83"
		"cient \xc5\x81\xc3\xb3"
		"d\xc5\xba \xc5\x92uvre \xc5\x91",
		"efficient L\xf3"
		"dz OEuvre o");
	check_latin1(
		"\xe6\x97\xa5\xe6\x9c\xac \xd0\x96 "
		"\xf0\x9f\x98\x80\xef\xb8\x8f",
		"?? ? ?");
	/* Never longer than room was made for. */
	for (code_point = 0x100; code_point < 0x11000; code_point++) {
		const char *latin1 = transliteration_find(code_point);
		size_t most = code_point < 0x800 ? 4 : 6;

		assert_true(strlen(latin1) <= most);
	}
}

static void check_stranger(
	const char *bytes, size_t count, const char *expected)
{
	size_t length;
	char *text = text_from_stranger(bytes, count, &length);

	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(expected));
	free(text);
}

static void test_stranger(void **state)
{
	(void)state;
	check_stranger("a\r\nb\rc\nd\r", 9, "a\nb\nc\nd\n");
	check_stranger("ab\0cd", 5, "ab");
	check_stranger("\xe2\x82\xac", 3, "\xe2\x82\xac");
	check_stranger(
		"a\xff"
		"b",
		3,
		"a\xef\xbf\xbd"
		"b");
	check_stranger("", 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transliteration),
		cmocka_unit_test(test_stranger),
		cmocka_unit_test(test_is_utf8),
		cmocka_unit_test(test_printable),
		cmocka_unit_test(test_latin1_both_ways),
		cmocka_unit_test(test_what_latin1_lacks),
		cmocka_unit_test(test_put_and_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
