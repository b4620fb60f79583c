/* Rules about addresses, -accept's forms, and what goes to the broker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "server/access/accept_rule.h"
#include "server/access/host_rules.h"
#include "server/broker/broker_wire.h"
#include "test/unit/address_of.h"

static enum host_answer find(const struct host_rules *rules, const char *text)
{
	struct address one = address_of(text);

	return host_rules_find(rules, &one);
}

static void test_hosts_file(void **state)
{
	char text[] =
		"# who\n"
		"+192.168.1.0/24\n"
		"-10.0.0.7   # him not\r\n"
		"?10.0.0.0/255.0.0.0\n"
		"\n"
		"+ 2001:db8:1::/48\n"
		"-[2001:db8::]/32\n"
		"+172.16.0.0/12";
	struct host_rules rules = { 0 };
	struct host_why why;
	static const struct address local;

	(void)state;
	assert_true(host_rules_parse(&rules, text, &why));
	assert_int_equal(find(&rules, "192.168.1.200"), HOST_YES);
	assert_int_equal(find(&rules, "192.168.2.1"), HOST_NO);
	assert_int_equal(find(&rules, "10.0.0.7"), HOST_NO);
	assert_int_equal(find(&rules, "10.0.0.8"), HOST_ASK);
	assert_int_equal(find(&rules, "2001:db8:1:5::1"), HOST_YES);
	assert_int_equal(find(&rules, "2001:db8:2::1"), HOST_NO);
	assert_int_equal(find(&rules, "172.31.255.255"), HOST_YES);
	assert_int_equal(find(&rules, "172.32.0.0"), HOST_NO);
	assert_int_equal(host_rules_find(&rules, &local), HOST_YES);
	host_rules_finish(&rules);
}

static void test_everybody_and_nobody(void **state)
{
	char text[] = "+10.0.0.1\n-\n+10.0.0.2\n";
	struct host_rules rules = { 0 }, none = { 0 };
	struct host_why why;

	(void)state;
	assert_true(host_rules_parse(&rules, text, &why));
	assert_int_equal(find(&rules, "10.0.0.1"), HOST_YES);
	assert_int_equal(find(&rules, "10.0.0.2"), HOST_NO);
	assert_int_equal(find(&rules, "::1"), HOST_NO);
	assert_int_equal(find(&none, "127.0.0.1"), HOST_NO);
	host_rules_finish(&rules);
}

static void test_what_is_no_address(void **state)
{
	static const char *const wrong[] = { "10.0.0", "10", "10.0.0.1/33",
		"10.0.0.1/", "10.0.0.1/-1", "10.0.0.1/255.0.255.0", "1.2.3.4.",
		"300.", "::1/129", "[::1", "host", ".", "..", "1.2.3.4/8/8",
		"1.2.3.4 5.6.7.8", "10.0.0.1/1e1" };
	struct host_rules rules = { 0 };
	struct host_why why;
	char bad[] = "*10.0.0.1\n";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(host_rules_add(&rules, HOST_YES, wrong[i], &why));
	assert_int_equal(rules.count, 0);
	assert_false(host_rules_parse(&rules, bad, &why));
	assert_string_equal(
		why.text, "'*10.0.0.1' does not begin with '+', '-' or '?'");
	host_rules_finish(&rules);
}

static void test_prefixes_of_x11vnc(void **state)
{
	char text[] = "192.168.100.\n10.\n#172.16.\n::1\n";
	struct host_rules rules = { 0 };
	struct host_why why;

	(void)state;
	assert_true(host_rules_parse_allowed(&rules, text, &why));
	assert_int_equal(find(&rules, "192.168.100.9"), HOST_YES);
	assert_int_equal(find(&rules, "192.168.10.9"), HOST_NO);
	assert_int_equal(find(&rules, "10.255.0.1"), HOST_YES);
	assert_int_equal(find(&rules, "100.0.0.1"), HOST_NO);
	assert_int_equal(find(&rules, "172.16.0.1"), HOST_NO);
	assert_int_equal(find(&rules, "::1"), HOST_YES);
	host_rules_finish(&rules);
}

static void test_rules_have_a_limit(void **state)
{
	struct host_rules rules = { 0 };
	struct host_why why;
	int i;

	(void)state;
	for (i = 0; i < HOST_RULES_MOST; i++)
		assert_true(host_rules_add(&rules, HOST_NO, "10.0.0.1", &why));
	assert_false(host_rules_add(&rules, HOST_YES, "10.0.0.1", &why));
	host_rules_finish(&rules);
}

static void test_accept_command(void **state)
{
	struct accept_rule rule;

	(void)state;
	assert_true(accept_rule_parse(&rule, "mycommand yes:0"));
	assert_string_equal(rule.command, "mycommand yes:0");
	assert_int_equal(accept_rule_answer(&rule, 0), ACCEPT_YES);
	assert_int_equal(accept_rule_answer(&rule, 1), ACCEPT_NO);
	assert_int_equal(accept_rule_answer(&rule, 255), ACCEPT_NO);
	assert_true(accept_rule_parse(&rule, "yes:0,no:*,view:3 mycommand -x"));
	assert_string_equal(rule.command, "mycommand -x");
	assert_int_equal(accept_rule_answer(&rule, 0), ACCEPT_YES);
	assert_int_equal(accept_rule_answer(&rule, 3), ACCEPT_VIEW);
	assert_int_equal(accept_rule_answer(&rule, 4), ACCEPT_NO);
	assert_true(accept_rule_parse(&rule, "no:1,view:* c"));
	assert_int_equal(accept_rule_answer(&rule, 1), ACCEPT_NO);
	assert_int_equal(accept_rule_answer(&rule, 0), ACCEPT_VIEW);
	assert_false(accept_rule_parse(&rule, "yes:0,no:*"));
	assert_false(accept_rule_parse(&rule, "yes:0,maybe:1 c"));
	assert_false(accept_rule_parse(&rule, "yes:256 c"));
	assert_false(accept_rule_parse(&rule, "yes: c"));
}

static void test_accept_popup(void **state)
{
	struct accept_rule rule;

	(void)state;
	assert_true(accept_rule_parse(&rule, "popup"));
	assert_true(rule.popup && rule.mouse && rule.keys && !rule.placed);
	assert_int_equal(rule.timeout_s, 120);
	assert_true(accept_rule_parse(&rule, "popupmouse+10+20:30"));
	assert_true(rule.mouse && !rule.keys && rule.placed);
	assert_int_equal(rule.x, 10);
	assert_int_equal(rule.y, 20);
	assert_int_equal(rule.timeout_s, 30);
	assert_true(accept_rule_parse(&rule, "popupkey:0"));
	assert_true(!rule.mouse && rule.keys);
	assert_int_equal(rule.timeout_s, 0);
	assert_false(accept_rule_parse(&rule, "popup:"));
	assert_false(accept_rule_parse(&rule, "popup:-5"));
	assert_false(accept_rule_parse(&rule, "popup+1"));
	assert_false(accept_rule_parse(&rule, "popupx"));
}

/* xmessage ends with 0 when nobody answers. */
static void test_accept_xmessage(void **state)
{
	struct accept_rule rule;

	(void)state;
	assert_true(accept_rule_parse(&rule, "xmessage"));
	assert_int_equal(accept_rule_answer(&rule, 0), ACCEPT_NO);
	assert_int_equal(accept_rule_answer(&rule, 10), ACCEPT_YES);
	assert_int_equal(accept_rule_answer(&rule, 12), ACCEPT_VIEW);
}

static void test_request(void **state)
{
	const char *strings[BROKER_MOST_STRINGS + 1];
	struct broker_request request = { .number = 7, .job = BROKER_PAM };
	char big[BROKER_MOST_TEXT + 1];
	size_t size;

	(void)state;
	assert_true(broker_wire_add(&request, "user"));
	assert_true(broker_wire_add(&request, "password"));
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	assert_false(broker_wire_add(&request, big));
	size = broker_wire_size(&request);
	assert_true(broker_wire_is_request(&request, size));
	assert_int_equal(broker_wire_strings(&request, strings), 2);
	assert_string_equal(strings[1], "password");
	assert_false(broker_wire_is_request(&request, size - 1));
	assert_false(broker_wire_is_request(&request, 3));
	request.text[request.length - 1] = 'x'; /* no NUL at the end */
	assert_false(broker_wire_is_request(&request, size));
	request.length = 0;
	request.job = BROKER_LOG + 1;
	assert_false(broker_wire_is_request(
		&request, offsetof(struct broker_request, text)));
}

static void test_more_strings_than_fit(void **state)
{
	const char *strings[BROKER_MOST_STRINGS + 1];
	struct broker_request request = { .number = 1 };
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		assert_true(broker_wire_add(&request, ""));
	assert_int_equal(
		broker_wire_strings(&request, strings), BROKER_MOST_STRINGS);
	assert_null(strings[BROKER_MOST_STRINGS]);
}

static void test_variables(void **state)
{
	static const char *const wrong[] = { "PATH=/tmp", "LD_PRELOAD=x",
		"RFB_X", "DISPLAYX=1", "RFB_A=b\nc", "RFB_A=\x1b[2J", "" };
	size_t i;

	(void)state;
	assert_true(broker_wire_is_variable("RFB_CLIENT_IP=::1"));
	assert_true(broker_wire_is_variable("DISPLAY=:0"));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(broker_wire_is_variable(wrong[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts_file),
		cmocka_unit_test(test_everybody_and_nobody),
		cmocka_unit_test(test_what_is_no_address),
		cmocka_unit_test(test_prefixes_of_x11vnc),
		cmocka_unit_test(test_rules_have_a_limit),
		cmocka_unit_test(test_accept_command),
		cmocka_unit_test(test_accept_popup),
		cmocka_unit_test(test_accept_xmessage),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_more_strings_than_fit),
		cmocka_unit_test(test_variables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
