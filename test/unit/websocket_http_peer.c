/* One HTTP connection: pages, conditions, ranges, errors, its life. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/log.h"
#include "test/unit/websocket_http_record.h"
#include "test/unit/websocket_temporary.h"

enum { LONG_BYTES = 200000 };

struct fixture {
	char *directory;
	struct http_policy policy;
	struct http_record record;
	struct http_peer *peer;
};

static void connect_again(struct fixture *fixture)
{
	http_peer_destroy(fixture->peer);
	http_record_finish(&fixture->record);
	fixture->peer = http_peer_create(
		&fixture->policy, &record_host, &fixture->record);
}

static int set_up(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof(*fixture));
	uint8_t *bytes = xcalloc(1, LONG_BYTES);
	char *error = NULL;
	size_t i;

	for (i = 0; i < LONG_BYTES; i++)
		bytes[i] = (uint8_t)(i * 7 >> 3 | 1);
	fixture->directory = temporary_create();
	temporary_file(fixture->directory, "long.png", bytes, LONG_BYTES);
	free(bytes);
	temporary_text(fixture->directory, "vnc.html",
		"<html>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"</html>");
	temporary_text(fixture->directory, "ten.oga", "0123456789");
	temporary_text(fixture->directory, "a.svg", "<svg/>");
	temporary_text(fixture->directory, "a b.txt", "blank");
	fixture->policy.pages = page_table_load(fixture->directory, &error);
	assert_non_null(fixture->policy.pages);
	connect_again(fixture);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	http_peer_destroy(fixture->peer);
	http_record_finish(&fixture->record);
	page_table_unref(fixture->policy.pages);
	temporary_destroy(fixture->directory);
	free(fixture);
	return 0;
}

static void receive(struct fixture *fixture, const char *text)
{
	http_peer_receive(fixture->peer, (const uint8_t *)text, strlen(text));
}

/* One request on a connection of its own, with `fields` behind Host. */
static struct http_record *ask(
	struct fixture *fixture, const char *line, const char *fields)
{
	char *head = xasprintf(
		"%s HTTP/1.1\r\nHost: a.example:5900\r\n%s\r\n", line, fields);

	connect_again(fixture);
	receive(fixture, head);
	free(head);
	return &fixture->record;
}

static void test_page(void **state)
{
	struct fixture *fixture = *state;
	struct http_record *record = ask(fixture, "GET /ten.oga?x=secret", "");

	assert_int_equal(record->status, 200);
	assert_string_equal(record->method, "GET");
	assert_string_equal(record->path, "/ten.oga");
	assert_memory_equal(
		http_record_text(record), "HTTP/1.1 200 OK\r\n", 17);
	assert_true(http_record_has(record, "Content-Length: 10\r\n"));
	assert_true(http_record_has(record, "Content-Type: audio/ogg\r\n"));
	assert_true(http_record_has(record, "Cache-Control: no-cache\r\n"));
	assert_true(http_record_has(record, "Connection: keep-alive\r\n"));
	assert_true(
		http_record_has(record, "X-Content-Type-Options: nosniff\r\n"));
	assert_true(
		http_record_has(record, "Referrer-Policy: no-referrer\r\n"));
	assert_true(http_record_has(record, "X-Frame-Options: SAMEORIGIN\r\n"));
	assert_true(http_record_has(record, "\r\nETag: \""));
	assert_true(http_record_has(record, "\r\nDate: "));
	assert_true(http_record_has(record, " GMT\r\n"));
	assert_string_equal(http_record_body(record), "0123456789");
	assert_null(record->finished);
}

static void test_root(void **state)
{
	struct http_record *record = ask(*state, "GET /", "");

	assert_int_equal(record->status, 200);
	assert_false(http_record_has(record, "Location"));
	assert_non_null(strstr(http_record_body(record), "<html>"));
	record = ask(*state, "GET http://a.example:5900/vnc.html?a=b", "");
	assert_int_equal(record->status, 200);
	record = ask(*state, "GET http://a.example:5900", "");
	assert_int_equal(record->status, 200);
	record = ask(*state, "GET /a%20b.txt", "");
	assert_int_equal(record->status, 200);
	assert_string_equal(record->path, "/a%20b.txt");
}

static void test_nothing_from_outside(void **state)
{
	static const char *const lines[] = { "GET /..", "GET /../etc/passwd",
		"GET /%2e%2e/etc/passwd", "GET /%2e%2e%2fetc/passwd",
		"GET /%252e%252e/etc/passwd", "GET /..\\etc\\passwd",
		"GET //etc/passwd", "GET //evil.example/..", "GET /vnc.html/",
		"GET /vnc.html/..", "GET /./vnc.html", "GET /vnc%2ehtml%00",
		"GET /%", "GET /etc/passwd", "GET http://x/../../etc/passwd" };
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct http_record *record = ask(*state, lines[i], "");

		if (record->status != 404 && record->status != 400)
			fail_msg("%s gives %d", lines[i], record->status);
		assert_false(http_record_has(record, "Location"));
		assert_false(http_record_has(record, "root:"));
	}
}

static void test_head(void **state)
{
	struct http_record *record = ask(*state, "HEAD /ten.oga", "");

	assert_int_equal(record->status, 200);
	assert_true(http_record_has(record, "Content-Length: 10\r\n"));
	assert_string_equal(http_record_body(record), "");
	record = ask(*state, "HEAD /nothing", "");
	assert_int_equal(record->status, 404);
	assert_string_equal(http_record_body(record), "");
	record = ask(*state, "HEAD /ten.oga", "Range: bytes=0-1\r\n");
	assert_int_equal(record->status, 200);
}

/* The value of a field of the response, the caller's. */
static char *field(struct http_record *record, const char *name)
{
	char *begin = xasprintf("\r\n%s: ", name);
	const char *at = strstr(http_record_text(record), begin);
	char *value;

	assert_non_null(at);
	at += strlen(begin);
	value = xstrndup(at, strcspn(at, "\r"));
	free(begin);
	return value;
}

static void assert_known(struct fixture *fixture, const char *format,
	const char *tag, int status)
{
	char *fields, *list;

	if (strcmp(format, "list") == 0)
		list = xasprintf("\"other\", %s", tag);
	else
		list = xasprintf("%s%s", format, tag);
	fields = xasprintf("If-None-Match: %s\r\n", list);
	ask(fixture, "GET /vnc.html", fields);
	assert_int_equal(fixture->record.status, status);
	if (status == 304) {
		assert_string_equal(http_record_body(&fixture->record), "");
		assert_false(
			http_record_has(&fixture->record, "Content-Length"));
	}
	free(fields);
	free(list);
}

static void test_conditions(void **state)
{
	struct fixture *fixture = *state;
	char *tag = field(ask(fixture, "GET /vnc.html", ""), "ETag");

	assert_known(fixture, "", tag, 304);
	assert_known(fixture, "W/", tag, 304);
	assert_known(fixture, "list", tag, 304);
	assert_known(fixture, "", "*", 304);
	assert_known(fixture, "", "\"other\"", 200);
	assert_known(fixture, "x", tag, 200);
	free(tag);
	tag = field(ask(fixture, "GET /vnc.html", "Accept-Encoding: gzip\r\n"),
		"ETag");
	assert_memory_equal(tag, "W/", 2);
	assert_known(fixture, "", tag, 304);
	free(tag);
}

static void test_gzip(void **state)
{
	static const struct {
		const char *field;
		bool packed;
	} cases[] = {
		{ "", false },
		{ "Accept-Encoding: gzip, deflate, br\r\n", true },
		{ "Accept-Encoding: GZIP\r\n", true },
		{ "Accept-Encoding: deflate\r\nAccept-Encoding: gzip\r\n",
			true },
		{ "Accept-Encoding: *\r\n", true },
		{ "Accept-Encoding: gzip;q=0\r\n", false },
		{ "Accept-Encoding: gzip ; q=0.000\r\n", false },
		{ "Accept-Encoding: gzip;q=0.001\r\n", true },
		{ "Accept-Encoding: *, gzip;q=0\r\n", false },
		{ "Accept-Encoding: *;q=0\r\n", false },
		{ "Accept-Encoding: gzip, *;q=0\r\n", true },
		{ "Accept-Encoding: br\r\n", false },
		{ "Accept-Encoding: identity\r\n", false },
		{ "Accept-Encoding:\r\n", false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_record *record =
			ask(*state, "GET /vnc.html", cases[i].field);
		const char *body = http_record_body(record);
		bool packed =
			http_record_has(record, "Content-Encoding: gzip\r\n");

		if (packed != cases[i].packed)
			fail_msg("%s", cases[i].field);
		assert_int_equal(record->status, 200);
		assert_int_equal(body[0] == '\x1f', packed);
		assert_true(
			http_record_has(record, "Vary: Accept-Encoding\r\n"));
	}
}

static void test_ranges(void **state)
{
	struct http_record *record =
		ask(*state, "GET /ten.oga", "Range: bytes=2-4\r\n");
	char *tag = field(record, "ETag"), *fields;

	assert_int_equal(record->status, 206);
	assert_true(http_record_has(record, "Content-Range: bytes 2-4/10\r\n"));
	assert_true(http_record_has(record, "Content-Length: 3\r\n"));
	assert_string_equal(http_record_body(record), "234");
	record = ask(*state, "GET /ten.oga", "Range: bytes=10-\r\n");
	assert_int_equal(record->status, 416);
	assert_true(http_record_has(record, "Content-Range: bytes */10\r\n"));
	assert_string_equal(http_record_body(record),
		"The page ends before the range begins.\n");
	assert_null(record->finished);
	record = ask(*state, "GET /ten.oga", "Range: bytes=0-1,3-4\r\n");
	assert_int_equal(record->status, 200);
	/* A part is always of the plain form. */
	record = ask(*state, "GET /vnc.html",
		"Range: bytes=0-5\r\nAccept-Encoding: gzip\r\n");
	assert_int_equal(record->status, 206);
	assert_false(http_record_has(record, "Content-Encoding"));
	assert_string_equal(http_record_body(record), "<html>");

	fields = xasprintf("Range: bytes=0-0\r\nIf-Range: %s\r\n", tag);
	assert_int_equal(ask(*state, "GET /ten.oga", fields)->status, 206);
	free(fields);
	record = ask(*state, "GET /ten.oga",
		"Range: bytes=0-0\r\nIf-Range: \"other\"\r\n");
	assert_int_equal(record->status, 200);
	free(tag);
}

static void test_content_policy(void **state)
{
	struct fixture *fixture = *state;
	char *policy = field(
		ask(fixture, "GET /vnc.html", ""), "Content-Security-Policy");

	assert_non_null(strstr(policy, "frame-ancestors 'self'"));
	assert_non_null(strstr(policy, "script-src 'self' 'unsafe-inline';"));
	assert_non_null(strstr(policy, " ws://a.example:*"));
	assert_non_null(strstr(policy, " wss://a.example:*"));
	free(policy);
	fixture->policy.secure = true;
	policy = field(
		ask(fixture, "GET /vnc.html", ""), "Content-Security-Policy");
	assert_null(strstr(policy, " ws://a.example:*"));
	assert_non_null(strstr(policy, " wss://a.example:*"));
	free(policy);
	connect_again(fixture);
	receive(fixture, "GET / HTTP/1.1\r\nHost: [::1]:5900\r\n\r\n");
	assert_int_equal(fixture->record.status, 200);
	assert_false(http_record_has(&fixture->record, "[::1]"));
	policy = field(
		ask(fixture, "GET /a.svg", ""), "Content-Security-Policy");
	assert_non_null(strstr(policy, "default-src 'none'"));
	free(policy);
}

static void assert_refused(struct fixture *fixture, const char *head,
	int status, const char *needs)
{
	struct http_record *record = &fixture->record;

	connect_again(fixture);
	receive(fixture, head);
	if (record->status != status)
		fail_msg("%s gives %d", head, record->status);
	assert_non_null(record->finished);
	assert_true(http_record_has(record, "Connection: close"));
	assert_true(http_record_has(
		record, "Content-Type: text/plain; charset=utf-8\r\n"));
	assert_true(http_record_has(record, needs));
	assert_non_null(strchr(http_record_body(record), '.'));
	/* Nothing more is listened to. */
	receive(fixture, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	http_peer_drained(fixture->peer);
	assert_int_equal(record->answers, 1);
}

static void test_refusals(void **state)
{
	struct fixture *fixture = *state;
	char *long_head = xmalloc(10001);

	assert_refused(fixture, "POST / HTTP/1.1\r\nHost: a\r\n\r\n", 405,
		"Allow: GET, HEAD\r\n");
	assert_refused(fixture, "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405,
		"Allow: GET, HEAD\r\n");
	assert_refused(
		fixture, "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505, "HTTP/1.1");
	assert_refused(fixture, "nonsense\r\n", 400, "malformed");
	assert_refused(fixture, "GET / HTTP/1.1\r\n\r\n", 400, "Host");
	assert_refused(fixture, "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400,
		"address");
	memset(long_head, 'x', 10000);
	long_head[10000] = '\0';
	assert_refused(fixture, long_head, 431, "too long");
	free(long_head);
}

static void test_not_found(void **state)
{
	struct fixture *fixture = *state;
	struct http_record *record = ask(fixture, "GET /defaults.json", "");

	assert_int_equal(record->status, 404);
	assert_null(record->finished);
	assert_true(http_record_has(record, "Connection: keep-alive\r\n"));
	assert_string_equal(
		http_record_body(record), "There is no such page here.\n");
	page_table_unref(fixture->policy.pages);
	fixture->policy.pages = NULL;
	assert_int_equal(ask(fixture, "GET /", "")->status, 404);
}

static void test_keep_alive(void **state)
{
	struct fixture *fixture = *state;
	struct http_record *record = &fixture->record;
	static const char two[] =
		"GET /ten.oga HTTP/1.1\r\nHost: a\r\n\r\n"
		"GET /none HTTP/1.1\r\nHost: a\r\n\r\n";

	receive(fixture, two);
	assert_int_equal(record->answers, 1);
	assert_int_equal(record->status, 200);
	http_peer_drained(fixture->peer);
	assert_int_equal(record->answers, 2);
	assert_int_equal(record->status, 404);
	http_peer_drained(fixture->peer);
	receive(fixture, "G");
	receive(fixture, "ET /ten.oga HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(record->answers, 3);
	assert_null(record->finished);
}

static void test_asked_to_close(void **state)
{
	struct fixture *fixture = *state;
	struct http_record *record =
		ask(fixture, "GET /ten.oga", "Connection: foo, CLOSE\r\n");

	assert_int_equal(record->status, 200);
	assert_non_null(record->finished);
	assert_true(http_record_has(record, "Connection: close\r\n"));
	connect_again(fixture);
	receive(fixture,
		"GET /ten.oga HTTP/1.0\r\n"
		"Connection: keep-alive\r\n\r\n");
	assert_int_equal(record->status, 200);
	assert_non_null(record->finished);
	assert_true(http_record_has(record, "Connection: close\r\n"));
}

static void assert_whole_long_page(struct fixture *fixture)
{
	const struct page *page =
		page_table_find(fixture->policy.pages, "/long.png");
	struct buffer *sent = &fixture->record.sent;

	assert_true(buffer_length(sent) > LONG_BYTES);
	assert_memory_equal(
		buffer_bytes(sent) + buffer_length(sent) - LONG_BYTES,
		page->bytes, LONG_BYTES);
}

static void test_long_page_in_pieces(void **state)
{
	struct fixture *fixture = *state;
	struct http_record *record = ask(fixture, "GET /long.png", "");
	size_t had;

	assert_true(buffer_length(&record->sent) < 70000);
	do {
		had = buffer_length(&record->sent);
		http_peer_drained(fixture->peer);
	} while (buffer_length(&record->sent) > had);
	assert_true(record->longest_send <= 65536);
	assert_whole_long_page(fixture);
	assert_int_equal(record->answers, 1);
}

/* What a peer says behind its last request does not cut the answer short. */
static void test_last_answer_is_whole(void **state)
{
	struct fixture *fixture = *state;
	char *flood = xmalloc(LONG_BYTES);
	int i;

	ask(fixture, "GET /long.png", "Connection: close\r\n");
	memset(flood, 'x', LONG_BYTES);
	http_peer_receive(fixture->peer, (uint8_t *)flood, LONG_BYTES);
	assert_null(fixture->record.finished);
	for (i = 0; i < 10; i++)
		http_peer_drained(fixture->peer);
	assert_non_null(fixture->record.finished);
	assert_whole_long_page(fixture);
	free(flood);
}

/* SIGHUP changes the table in the middle of a response. */
static void test_reload_in_the_middle(void **state)
{
	struct fixture *fixture = *state;
	struct page_table *old = page_table_ref(fixture->policy.pages);
	char *error = NULL;
	int i;

	ask(fixture, "GET /long.png", "Connection: close\r\n");
	assert_null(fixture->record.finished);
	page_table_unref(fixture->policy.pages);
	temporary_text(fixture->directory, "long.png", "new");
	fixture->policy.pages = page_table_load(fixture->directory, &error);
	page_table_unref(old);
	for (i = 0; i < 10; i++)
		http_peer_drained(fixture->peer);
	assert_non_null(fixture->record.finished);
	assert_true(buffer_length(&fixture->record.sent) > LONG_BYTES);
	assert_string_equal(
		http_record_body(ask(fixture, "GET /long.png", "")), "new");
}

static void test_drained_inside_send(void **state)
{
	struct fixture *fixture = *state;

	connect_again(fixture);
	fixture->record.drain_at_once = fixture->peer;
	receive(fixture,
		"GET /ten.oga HTTP/1.1\r\nHost: a\r\n\r\n"
		"GET /none HTTP/1.1\r\nHost: a\r\n\r\n"
		"GET /long.png HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(fixture->record.answers, 3);
	assert_whole_long_page(fixture);
	receive(fixture, "GET /none HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(fixture->record.answers, 4);
}

static void test_byte_by_byte(void **state)
{
	struct fixture *fixture = *state;
	static const char head[] =
		"GET /ten.oga HTTP/1.1\r\nHost: a\r\n"
		"Range: bytes=3-3\r\n\r\n";
	size_t i;

	for (i = 0; i < sizeof(head) - 1; i++) {
		assert_int_equal(fixture->record.answers, 0);
		http_peer_receive(fixture->peer, (const uint8_t *)head + i, 1);
	}
	assert_int_equal(fixture->record.status, 206);
	assert_string_equal(http_record_body(&fixture->record), "3");
}

/* A peer that asks and asks and never reads costs a bounded memory. */
static void test_too_many_waiting(void **state)
{
	struct fixture *fixture = *state;
	static const char head[] = "GET /long.png HTTP/1.1\r\nHost: a\r\n\r\n";
	size_t i;

	for (i = 0; i < 4 * 65536 && !fixture->record.finished;
		i += sizeof(head) - 1)
		receive(fixture, head);
	assert_non_null(fixture->record.finished);
	assert_true(i > 65536 && i < 2 * 65536);
	assert_int_equal(fixture->record.answers, 1);
}

static void test_log_is_printable(void **state)
{
	struct fixture *fixture = *state;

	receive(fixture, "GET /\x1b[31m?password=x HTTP/1.1\r\n");
	assert_int_equal(fixture->record.status, 400);
	assert_string_equal(fixture->record.path, "-");
	connect_again(fixture);
	receive(fixture, "FOO /p?password=x HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(fixture->record.status, 405);
	assert_string_equal(fixture->record.method, "FOO");
	assert_string_equal(fixture->record.path, "/p");
}

#define WITH_FIXTURE(test)                                                     \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(test_page),
		WITH_FIXTURE(test_root),
		WITH_FIXTURE(test_nothing_from_outside),
		WITH_FIXTURE(test_head),
		WITH_FIXTURE(test_conditions),
		WITH_FIXTURE(test_gzip),
		WITH_FIXTURE(test_ranges),
		WITH_FIXTURE(test_content_policy),
		WITH_FIXTURE(test_refusals),
		WITH_FIXTURE(test_not_found),
		WITH_FIXTURE(test_keep_alive),
		WITH_FIXTURE(test_asked_to_close),
		WITH_FIXTURE(test_long_page_in_pieces),
		WITH_FIXTURE(test_last_answer_is_whole),
		WITH_FIXTURE(test_reload_in_the_middle),
		WITH_FIXTURE(test_drained_inside_send),
		WITH_FIXTURE(test_byte_by_byte),
		WITH_FIXTURE(test_too_many_waiting),
		WITH_FIXTURE(test_log_is_printable),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
