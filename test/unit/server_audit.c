/* The lines of an audit: well-formed, whatever is in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "server/access/audit_line.h"

static void test_logfmt(void **state)
{
	struct audit_line line;

	(void)state;
	audit_line_begin(&line, false);
	audit_line_text(&line, "event", "login");
	audit_line_number(&line, "id", 7);
	audit_line_text(&line, "user", "a b=\"c\\");
	audit_line_text(&line, "none", "");
	audit_line_seconds(&line, "seconds", 61005);
	assert_string_equal(audit_line_finish(&line),
		"event=login id=7 user=\"a b=\\\"c\\\\\" none=\"\" "
		"seconds=61.005");
}

static void test_json(void **state)
{
	struct audit_line line;

	(void)state;
	audit_line_begin(&line, true);
	audit_line_text(&line, "event", "login");
	audit_line_number(&line, "id", 7);
	audit_line_text(&line, "user", "a\"\\");
	audit_line_seconds(&line, "seconds", 5);
	assert_string_equal(audit_line_finish(&line),
		"{\"event\":\"login\",\"id\":7,\"user\":\"a\\\"\\\\\","
		"\"seconds\":0.005}");
}

/* HOSTILE row 21: a name that would write a line of its own. */
static void test_control_characters(void **state)
{
	struct audit_line line;
	const char *text;

	(void)state;
	audit_line_begin(&line, false);
	audit_line_text(&line, "user", "x\nevent=login\r\x1b[2J\x7f\xc2\x9b");
	text = audit_line_finish(&line);
	for (; *text; text++)
		assert_true((unsigned char)*text >= ' ' && *text != 0x7f);
	assert_null(strstr(line.text, "\xc2\x9b"));
}

static void test_what_does_not_fit_is_left_out(void **state)
{
	static char quotes[5000];
	struct audit_line line;
	int i;

	(void)state;
	memset(quotes, '"', sizeof(quotes) - 1);
	audit_line_begin(&line, true);
	for (i = 0; i < 20; i++)
		audit_line_text(&line, "user", quotes);
	audit_line_number(&line, "id", 1);
	audit_line_finish(&line);
	assert_true(line.length < sizeof(line.text) - 1);
	assert_int_equal(line.text[line.length - 1], '}');
	assert_non_null(strstr(line.text, ",\"id\":1}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logfmt),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_what_does_not_fit_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
