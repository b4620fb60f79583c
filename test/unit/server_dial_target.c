/* Viewers that wait for us, as they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/network/dial_target.h"

static void check(const char *text, const char *host, int port)
{
	struct dial_target target;

	assert_true(dial_target_parse(&target, text));
	assert_string_equal(target.host, host);
	assert_int_equal(target.port, port);
}

static void places(void **state)
{
	(void)state;
	check("desk", "desk", 5500);
	check("desk:1234", "desk", 1234);
	check("desk::1234", "desk", 1234);
	check("192.0.2.7:65535", "192.0.2.7", 65535);
	check("2001:db8::7", "2001:db8::7", 5500);
	check("[2001:db8::7]", "2001:db8::7", 5500);
	check("[2001:db8::7]:5501", "2001:db8::7", 5501);
	check("::1", "::1", 5500);
}

static void check_prefix(
	const char *text, const char *prefix, int size, bool waits)
{
	struct dial_target target;

	check(text, "hub", 5501);
	assert_true(dial_target_parse(&target, text));
	assert_string_equal(target.prefix, prefix);
	assert_int_equal(target.prefix_bytes, size);
	assert_true(target.waits == waits);
}

static void prefixes(void **state)
{
	(void)state;
	check_prefix("repeater=ID:1234+hub:5501", "ID:1234", 250, true);
	check_prefix("repeater://hub:5501+ID:1234", "ID:1234", 250, true);
	check_prefix("pre=hello+hub:5501", "hello", 5, false);
	check_prefix("pre64=hello+hub:5501", "hello", 64, false);
}

static void nonsense(void **state)
{
	static const char *const texts[] = { "", ":", ":1", "desk:", "desk:x",
		"desk:0", "desk:65536", "desk:99999999999", "[::1", "[::1]x",
		"[]:1", "repeater=ID:1", "repeater=+hub", "repeater=ID:1+",
		"pre5=toolong+hub", "pre0=x+hub", "pre9999=x+hub", "prex=x+hub",
		"other=x+hub", "repeater://hub", "repeater://+ID:1", "-once",
		"repeater=ID:1+-once" };
	struct dial_target target;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (dial_target_parse(&target, texts[i]))
			fail_msg("'%s' was taken", texts[i]);
}

static void too_long(void **state)
{
	struct dial_target target;
	char text[2000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(dial_target_parse(&target, text));
	memcpy(text, "pre=", 4);
	memcpy(text + sizeof(text) - 5, "+hub", 5);
	assert_false(dial_target_parse(&target, text));
	memcpy(text, "repeater=", 9);
	assert_false(dial_target_parse(&target, text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
