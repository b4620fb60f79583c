/* Where a relay leads, and files of tokens, as they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/relay/relay_target.h"
#include "server/relay/token_text.h"

static void check(const char *text, enum relay_target_kind kind,
	const char *place, int port)
{
	struct relay_target target;

	assert_int_equal(relay_target_parse(&target, text, strlen(text)),
		kind != RELAY_NOWHERE);
	assert_int_equal(target.kind, kind);
	assert_string_equal(target.place, place);
	assert_int_equal(target.port, port);
}

static void places(void **state)
{
	(void)state;
	check("desk:5901", RELAY_TCP, "desk", 5901);
	check("192.0.2.7:1", RELAY_TCP, "192.0.2.7", 1);
	check("::1:5900", RELAY_TCP, "::1", 5900);
	check("[::1]:5900", RELAY_TCP, "::1", 5900);
	check("fe80::1%eth0:65535", RELAY_TCP, "fe80::1%eth0", 65535);
	check("unix_socket:/run/a:b", RELAY_LOCAL, "/run/a:b", 0);
	check("display", RELAY_DISPLAY, "", 0);
}

static void no_places(void **state)
{
	static const char *const wrong[] = { "", ":", ":5900", "host",
		"host:", "host:0", "host:65536", "host:99999999999", "host:-1",
		"host: 1", "host:1 ", "ho st:1", "host:+1", "[]:1", "-x:1",
		"unix_socket:", "displa", "displayed", "ho\nst:1", "h/t:1" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		check(wrong[i], RELAY_NOWHERE, "", 0);
}

/* What is longer than its place in the struct. */
static void long_ones(void **state)
{
	char text[700];
	struct relay_target target;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + 600, ":5900", 5);
	assert_false(relay_target_parse(&target, text, 605));
	assert_false(relay_target_parse(&target, text + 600 - 256, 261));
	assert_true(relay_target_parse(&target, text + 600 - 255, 260));
	memcpy(text, "unix_socket:/", 13);
	assert_false(relay_target_parse(&target, text, 12 + 108));
	assert_true(relay_target_parse(&target, text, 12 + 107));
	assert_false(relay_target_parse(&target, "unix_socket:/a\0b", 16));
	assert_false(relay_target_parse(&target, "ho\0t:1", 6));
}

static void written_again(void **state)
{
	static const char *const same[] = { "desk:5901", "[::1]:5900",
		"display" };
	char text[RELAY_TARGET_TEXT_BYTES];
	struct relay_target target;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_true(
			relay_target_parse(&target, same[i], strlen(same[i])));
		relay_target_format(&target, text);
		assert_string_equal(text, same[i]);
	}
	assert_true(relay_target_set_path(&target, "/run/x"));
	relay_target_format(&target, text);
	assert_string_equal(text, "/run/x");
}

/* ---- files ---- */

/* From memory that ends where the text does. */
static int port_of(const char *text, const char *token)
{
	size_t length = strlen(text);
	char *copy = malloc(length + (length == 0));
	struct relay_target target = { .port = 0 };
	bool found;

	memcpy(copy, text, length);
	found = token_text_find(copy, length, token, &target);
	free(copy);
	return found ? target.port : -1;
}

static void lines(void **state)
{
	static const char text[] =
		"# x: h:9\n\n a: h:1\r\nb:\th:2\n\ta:b: h:3\n"
		"c : h:4\nd:h:5\ne: \nf: h:6\nf:  h:7  \n"
		"g: h:1 h:2\nh:\nlast: h:8";

	(void)state;
	assert_int_equal(port_of(text, "a"), 1);
	assert_int_equal(port_of(text, "b"), 2);
	assert_int_equal(port_of(text, "a:b"), 3);
	assert_int_equal(port_of(text, "c "), 4);
	assert_int_equal(port_of(text, "f"), 7);
	assert_int_equal(port_of(text, "last"), 8);
	assert_int_equal(port_of(text, "x"), -1);
	assert_int_equal(port_of(text, "# x"), -1);
	assert_int_equal(port_of(text, "c"), -1);
	assert_int_equal(port_of(text, "d"), -1);
	assert_int_equal(port_of(text, "d:h"), -1);
	assert_int_equal(port_of(text, "e"), -1);
	assert_int_equal(port_of(text, "g"), -1);
	assert_int_equal(port_of(text, "h"), -1);
	assert_int_equal(port_of(text, ""), -1);
	assert_int_equal(port_of(": h:1\n", ""), -1);
	assert_int_equal(port_of("", "a"), -1);
}

static void one_target(void **state)
{
	struct relay_target target;

	(void)state;
	assert_true(token_text_target(" h:1\r\n", 6, &target));
	assert_int_equal(target.port, 1);
	assert_false(token_text_target("h:1\nh:2\n", 8, &target));
	assert_false(token_text_target("\n", 1, &target));
}

static void shown(void **state)
{
	char text[TOKEN_SHOWN_BYTES];

	(void)state;
	token_text_shorten("secret", text);
	assert_string_equal(text, "sec... (6 bytes)");
	token_text_shorten("four", text);
	assert_string_equal(text, "f... (4 bytes)");
	token_text_shorten("\x1b[2J....", text);
	assert_string_equal(text, "?[2... (8 bytes)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places),
		cmocka_unit_test(no_places),
		cmocka_unit_test(long_ones),
		cmocka_unit_test(written_again),
		cmocka_unit_test(lines),
		cmocka_unit_test(one_target),
		cmocka_unit_test(shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
