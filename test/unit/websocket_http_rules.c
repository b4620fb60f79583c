/* Who is answered at all, and with what: https only, passwords, fields. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "test/unit/websocket_http_record.h"
#include "websocket/basic_auth.h"

struct gate;

struct fixture {
	struct gate *gate;
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

/* ---- who is admitted ---- */

struct gate {
	int answer; /* of the next question */
	int questions, upgrades;
	bool seen_user;
};

static int admit(void *context, const struct http_request *request,
	bool upgrade, const char **problem)
{
	/* The record is the context of all callbacks; the gate follows it. */
	struct fixture *fixture =
		(struct fixture *)((char *)context -
				   offsetof(struct fixture, record));
	struct gate *gate = fixture->gate;
	struct basic_auth auth;

	gate->questions++;
	gate->upgrades += upgrade;
	gate->seen_user = basic_auth_read(request, &auth) &&
			  auth.length == 10 &&
			  memcmp(auth.bytes, "joe:secret", 10) == 0;
	*problem = "No.";
	return gate->answer;
}

static struct http_record *ask_gate(
	struct fixture *fixture, struct gate *gate, const char *head)
{
	static struct http_host host;

	host = record_host;
	host.admit = admit;
	fixture->gate = gate;
	http_peer_destroy(fixture->peer);
	http_record_finish(&fixture->record);
	fixture->peer =
		http_peer_create(&fixture->policy, &host, &fixture->record);
	http_peer_receive(fixture->peer, (const uint8_t *)head, strlen(head));
	return &fixture->record;
}

#define GET "GET / HTTP/1.1\r\nHost: a\r\n"
#define USER "Authorization: Basic am9lOnNlY3JldA==\r\n"

static void test_admission(void **state)
{
	struct fixture *fixture = *state;
	struct gate gate = { .answer = 401 };
	struct http_record *record = ask_gate(fixture, &gate, GET "\r\n");

	assert_int_equal(record->status, 401);
	assert_true(has_line(record,
		"WWW-Authenticate: Basic realm=\"x11wsvnc\", "
		"charset=\"UTF-8\""));
	assert_non_null(record->finished);
	assert_false(gate.seen_user);
	gate.answer = HTTP_ADMITTED;
	record = ask_gate(fixture, &gate, GET USER "\r\n");
	assert_int_equal(record->status, 404);
	assert_true(gate.seen_user);
	assert_int_equal(gate.upgrades, 0);
	gate.answer = 403;
	record = ask_gate(fixture, &gate,
		GET
		"Upgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
	assert_int_equal(record->status, 403);
	assert_null(record->upgraded);
	assert_int_equal(gate.upgrades, 1);
	/* Two of them decide nothing. */
	gate = (struct gate){ .answer = HTTP_ADMITTED };
	record = ask_gate(fixture, &gate, GET USER USER "\r\n");
	assert_int_equal(record->status, 400);
	assert_int_equal(gate.questions, 0);
}

static void test_admission_later(void **state)
{
	struct fixture *fixture = *state;
	struct gate gate = { .answer = HTTP_LATER };
	struct http_record *record =
		ask_gate(fixture, &gate, GET "\r\n" GET "\r\n");

	assert_int_equal(gate.questions, 1);
	http_peer_receive(fixture->peer, (const uint8_t *)GET, strlen(GET));
	assert_int_equal(gate.questions, 1);
	assert_int_equal(record->answers, 0);
	gate.answer = HTTP_ADMITTED;
	http_peer_continue(fixture->peer);
	assert_int_equal(record->answers, 1);
	http_peer_drained(fixture->peer);
	assert_int_equal(record->answers, 2);
	assert_int_equal(gate.questions, 3);
}

static void test_basic_auth(void **state)
{
	static const char *const others[] = { "", "Basic", "Basic ",
		"Basic !!!!", "Basic am9lOnNlY3JldA",
		"Bearer am9lOnNlY3JldA==", "Basic am9l",
		"Basic am9lOnNlY3JldA== x" };
	struct fixture *fixture = *state;
	char *longest = xcalloc(1, 4001), *head;
	struct gate gate = { .answer = HTTP_ADMITTED };
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		head = xasprintf(GET "Authorization: %s\r\n\r\n", others[i]);
		ask_gate(fixture, &gate, head);
		assert_false(gate.seen_user);
		free(head);
	}
	ask_gate(fixture, &gate,
		GET "authorization: bAsIc   am9lOnNlY3JldA==\r\n\r\n");
	assert_true(gate.seen_user);
	memset(longest, 'A', 4000);
	head = xasprintf(GET "Authorization: Basic %s\r\n\r\n", longest);
	ask_gate(fixture, &gate, head);
	assert_false(gate.seen_user);
	free(head);
	free(longest);
}

/* ---- fields of the operator's ---- */

static void test_fields(void **state)
{
	static const char *const fields[] = { "X-One: 1",
		"x-frame-options: DENY", "Content-Security-Policy: sandbox",
		NULL };
	struct fixture *fixture = *state;
	struct http_record *record = ask(fixture, GET "\r\n");

	assert_true(has_line(record, "X-Frame-Options: SAMEORIGIN"));
	assert_true(has_line(record, "X-Content-Type-Options: nosniff"));
	fixture->policy.fields = fields;
	record = ask(fixture, GET "\r\n");
	assert_true(has_line(record, "X-One: 1"));
	assert_true(has_line(record, "x-frame-options: DENY"));
	assert_false(http_record_has(record, "SAMEORIGIN"));
	assert_true(has_line(record, "Content-Security-Policy: sandbox"));
	assert_false(http_record_has(record, "default-src"));
	assert_true(has_line(record, "X-Content-Type-Options: nosniff"));
}

int main(void)
{
#define WITH_FIXTURE(test)                                                     \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(test_sent_to_https),
		WITH_FIXTURE(test_admission),
		WITH_FIXTURE(test_admission_later),
		WITH_FIXTURE(test_basic_auth),
		WITH_FIXTURE(test_fields),
	};

	return cmocka_run_group_tests_name(
		"websocket_http_rules", tests, NULL, NULL);
}
