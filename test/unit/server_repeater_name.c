/* What a viewer says to a repeater, and the tokens that it may mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/relay/repeater_name.h"

/* `tokens` parted by '|', those of `text`; "" where it names nothing. */
static void check(const char *text, size_t length, const char *tokens)
{
	uint8_t bytes[REPEATER_NAME_BYTES] = { 0 };
	char joined[2 * REPEATER_NAME_BYTES + 3] = "";
	struct repeater_name name;
	int i;

	memcpy(bytes, text, length);
	assert_int_equal(repeater_name_read(&name, bytes), tokens[0] != '\0');
	for (i = 0; i < name.count; i++) {
		if (i > 0)
			strcat(joined, "|");
		strcat(joined, name.tokens[i]);
	}
	assert_string_equal(joined, tokens);
}

static void said_to_a_repeater(void **state)
{
	static const struct {
		const char *text, *tokens;
	} cases[] = {
		{ "ID:1234", "1234" },
		{ "id:desk", "desk" },
		{ "ID:a:b:5", "a:b:5" },
		{ "ID:", "ID:|ID" },
		{ "desk", "desk" },
		{ "desk:0", "desk:0|desk" },
		{ "desk:5900", "desk:5900|desk" },
		{ "desk::5901", "desk::5901|desk" },
		{ "a:b:7", "a:b:7|a:b" },
		{ "10.0.0.1:5900", "10.0.0.1:5900|10.0.0.1" },
		{ "1234", "1234" },
		{ ":1", ":1" },
		{ "::1", "::1" },
		{ "desk:", "desk:|desk" },
		{ "", "" },
		{ "a b", "" },
		{ "RFB 003.008\n", "" },
		{ "\xc3\xa4", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(cases[i].text, strlen(cases[i].text), cases[i].tokens);
	check("ID:7\0rest is not looked at\n", 28, "7");
}

static void as_long_as_may_be(void **state)
{
	uint8_t bytes[REPEATER_NAME_BYTES];
	struct repeater_name name;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	assert_true(repeater_name_read(&name, bytes));
	assert_int_equal(name.count, 1);
	assert_int_equal(strlen(name.tokens[0]), REPEATER_NAME_BYTES);
	memset(bytes, '7', sizeof(bytes));
	assert_true(repeater_name_read(&name, bytes));
	bytes[0] = 'a';
	bytes[1] = ':';
	assert_true(repeater_name_read(&name, bytes));
	assert_string_equal(name.tokens[1], "a");
}

static void first_bytes(void **state)
{
	(void)state;
	assert_true(repeater_name_may_be((const uint8_t *)"", 0));
	assert_true(repeater_name_may_be((const uint8_t *)"I", 1));
	assert_true(repeater_name_may_be((const uint8_t *)"ID:1\0\n", 6));
	assert_false(repeater_name_may_be((const uint8_t *)"\0", 1));
	assert_false(repeater_name_may_be((const uint8_t *)"RFB ", 4));
}

static void check_host(const char *host, int count, const char *second)
{
	struct repeater_name name;

	assert_int_equal(repeater_name_from_host(&name, host), count > 0);
	assert_int_equal(name.count, count);
	if (count > 0)
		assert_string_equal(name.tokens[0], host);
	if (count > 1)
		assert_string_equal(name.tokens[1], second);
}

static void named_in_tls(void **state)
{
	char longest[REPEATER_NAME_BYTES + 2];

	(void)state;
	check_host("desk.example.org", 2, "desk");
	check_host("desk", 1, NULL);
	check_host(".org", 1, NULL);
	check_host("", 0, NULL);
	check_host("a\nb", 0, NULL);
	memset(longest, 'x', sizeof(longest));
	longest[REPEATER_NAME_BYTES + 1] = '\0';
	check_host(longest, 0, NULL);
	longest[REPEATER_NAME_BYTES] = '\0';
	check_host(longest, 1, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(said_to_a_repeater),
		cmocka_unit_test(as_long_as_may_be),
		cmocka_unit_test(first_bytes),
		cmocka_unit_test(named_in_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
