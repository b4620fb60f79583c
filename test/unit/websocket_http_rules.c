/* Who is answered at all, and with what: https only, passwords, fields. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "test/unit/websocket_http_record.h"

struct fixture {
	struct http_policy policy;
	struct http_record record;
	struct http_peer *peer;
};

static int set_up(void **state)
{
	*state = xcalloc(1, sizeof(struct fixture));
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	http_peer_destroy(fixture->peer);
	http_record_finish(&fixture->record);
	free(fixture);
	return 0;
}

/* On a connection of its own. There are no pages: what is let in gets 404. */
static struct http_record *ask(struct fixture *fixture, const char *head)
{
	http_peer_destroy(fixture->peer);
	http_record_finish(&fixture->record);
	fixture->peer = http_peer_create(
		&fixture->policy, &record_host, &fixture->record);
	http_peer_receive(fixture->peer, (const uint8_t *)head, strlen(head));
	return &fixture->record;
}

/* Whether the answer has the line. */
static bool has_line(struct http_record *record, const char *line)
{
	char *whole = xasprintf("\r\n%s\r\n", line);
	bool found = http_record_has(record, whole);

	free(whole);
	return found;
}

static void test_sent_to_https(void **state)
{
	static const struct {
		const char *head, *line;
	} cases[] = {
		{ "GET /vnc.html?a=b HTTP/1.1\r\nHost: desk:5900\r\n\r\n",
			"Location: https://desk:5900/vnc.html?a=b" },
		{ "HEAD //evil.example/ HTTP/1.1\r\nHost: [::1]:1\r\n\r\n",
			"Location: https://[::1]:1//evil.example/" },
		{ "GET http://other/x HTTP/1.1\r\nHost: desk\r\n\r\n",
			"Location: https://other/x" },
	};
	static const char *const refused[] = {
		"GET / HTTP/1.0\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: desk\r\nUpgrade: websocket\r\n\r\n",
	};
	struct fixture *fixture = *state;
	size_t i;

	fixture->policy.tls_only = true;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_record *record = ask(fixture, cases[i].head);

		assert_int_equal(record->status, 308);
		assert_true(has_line(record, cases[i].line));
		assert_non_null(record->finished);
	}
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct http_record *record = ask(fixture, refused[i]);

		assert_int_equal(record->status, 403);
		assert_null(record->upgraded);
	}
	/* A field cannot be smuggled in by the name of the host. */
	assert_int_equal(
		ask(fixture, "GET / HTTP/1.1\r\nHost: a/b?c@d\r\n\r\n")->status,
		400);
	fixture->policy.secure = true;
	assert_int_equal(ask(fixture, cases[0].head)->status, 404);
}

int main(void)
{
#define WITH_FIXTURE(test)                                                     \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(test_sent_to_https),
	};

	return cmocka_run_group_tests_name(
		"websocket_http_rules", tests, NULL, NULL);
}
