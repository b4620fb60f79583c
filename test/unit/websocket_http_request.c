/* The parser of request heads: what it takes, refuses and waits for. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/xmalloc.h"
#include "websocket/http_peer.h"
#include "websocket/http_range.h"
#include "websocket/http_request.h"

static enum parse_result parse(const char *text, struct http_request *request)
{
	/* In a block of its own size, so that ASan sees a read behind it. */
	size_t length = strlen(text);
	uint8_t *bytes = xmalloc(length);
	enum parse_result result;

	memcpy(bytes, text, length);
	result = http_request_parse(bytes, length, request);
	free(bytes);
	return result;
}

static int refusal(const char *text)
{
	struct http_request request;

	if (parse(text, &request) != PARSE_BAD)
		return 0;
	assert_non_null(request.problem);
	return request.status;
}

static void assert_text(struct http_text text, const char *expected)
{
	assert_int_equal(text.length, strlen(expected));
	assert_memory_equal(text.at, expected, text.length);
}

static const char *const whole_heads[] = {
	"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET / HTTP/1.0\r\n\r\n",
	"HEAD /vnc.html?a=b HTTP/1.1\r\nhost: localhost:5900\r\n\r\n",
	"\r\n\r\nGET / HTTP/1.1\r\nHost:\t[::1]:5900 \t\r\n\r\n",
	"GET http://a.example:80/x HTTP/1.1\r\nHost: a.example\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nX-Y:\r\n\r\n",
	"GET /websockify?token=a%20b HTTP/1.1\r\nHost: 127.0.0.1:5900\r\n"
	"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
	"X-Latin: caf\xe9\r\n\r\n",
};

static void test_every_prefix_waits(void **state)
{
	size_t i, cut;

	(void)state;
	for (i = 0; i < sizeof(whole_heads) / sizeof(whole_heads[0]); i++) {
		size_t length = strlen(whole_heads[i]);
		struct http_request request;

		for (cut = 0; cut < length; cut++) {
			char *prefix = xstrndup(whole_heads[i], cut);

			assert_int_equal(parse(prefix, &request), PARSE_MORE);
			free(prefix);
		}
		assert_int_equal(parse(whole_heads[i], &request), PARSE_DONE);
		assert_int_equal(request.length, length);
	}
}

static void test_parts(void **state)
{
	const char *head =
		"GET http://A.example:81/p/q?r=s HTTP/1.1\r\n"
		"Host: b.example\r\n"
		"Accept: one, two\r\n"
		"ACCEPT: ,, Three ,\r\n\r\nbehind";
	struct http_request request;
	struct http_text value;

	(void)state;
	assert_int_equal(http_request_parse(
				 (const uint8_t *)head, strlen(head), &request),
		PARSE_DONE);
	assert_int_equal(request.length, strlen(head) - strlen("behind"));
	assert_text(request.method, "GET");
	assert_text(request.target.path, "/p/q");
	assert_text(request.target.whole, "/p/q?r=s");
	assert_text(request.host, "A.example:81");
	assert_false(request.is_head);
	assert_false(request.is_http10);
	assert_true(http_request_field(&request, "accept", &value));
	assert_text(value, "one, two");
	assert_true(http_request_lists(&request, "Accept", "two"));
	assert_true(http_request_lists(&request, "Accept", "three"));
	assert_false(http_request_lists(&request, "Accept", "thre"));
	assert_false(http_request_field(&request, "Accept-Encoding", &value));
}

static void test_head_limit(void **state)
{
	char *bytes = xmalloc(HTTP_MOST_HEAD_BYTES + 64);
	const char begin[] = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
	struct http_request request;
	int extra;

	(void)state;
	for (extra = 0; extra < 3; extra++) {
		size_t length = HTTP_MOST_HEAD_BYTES + (size_t)extra;

		memset(bytes, 'x', length);
		memcpy(bytes, begin, sizeof(begin) - 1);
		memcpy(bytes + length - 4, "\r\n\r\n", 4);
		assert_int_equal(http_request_parse((const uint8_t *)bytes,
					 length, &request),
			extra == 0 ? PARSE_DONE : PARSE_BAD);
		if (extra > 0)
			assert_int_equal(request.status, 431);
	}
	/* Decided without waiting for one byte more than the limit. */
	memset(bytes, 'x', HTTP_MOST_HEAD_BYTES);
	memcpy(bytes, begin, sizeof(begin) - 1);
	assert_int_equal(http_request_parse((const uint8_t *)bytes,
				 HTTP_MOST_HEAD_BYTES - 1, &request),
		PARSE_MORE);
	assert_int_equal(http_request_parse((const uint8_t *)bytes,
				 HTTP_MOST_HEAD_BYTES, &request),
		PARSE_BAD);
	assert_int_equal(request.status, 431);
	/* A request line alone may be too long as well. */
	memset(bytes, 'G', HTTP_MOST_HEAD_BYTES);
	assert_int_equal(http_request_parse((const uint8_t *)bytes,
				 HTTP_MOST_HEAD_BYTES, &request),
		PARSE_BAD);
	assert_int_equal(request.status, 431);
	free(bytes);
}

static void test_malformed(void **state)
{
	static const char *const heads[] = {
		" GET / HTTP/1.1\r\n",
		"GET  / HTTP/1.1\r\n",
		"GET / HTTP/1.1 \r\n",
		"GET /\r\n",
		"GET\r\n",
		"GET / FTP/1.1\r\n",
		"GET / HTTP/11\r\n",
		"GET / http/1.1\r\n",
		"G(T / HTTP/1.1\r\n",
		"GET /\x80 HTTP/1.1\r\n",
		"GET /a\tb HTTP/1.1\r\n",
		"GET / HTTP/1.1\n",
		"GET / HTTP/1.1\rX",
		"GET / HTTP/1.1\r\nHost: a\n",
		"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n",
		"GET / HTTP/1.1\r\n\tHost: a\r\n",
		"GET / HTTP/1.1\r\nHost : a\r\n",
		"GET / HTTP/1.1\r\nHost\r\n",
		"GET / HTTP/1.1\r\n: a\r\n",
		"GET / HTTP/1.1\r\nHo st: a\r\n",
		"GET / HTTP/1.1\r\nX: \x01\r\n",
		"GET / HTTP/1.1\r\nX: \x7f\r\n",
		"GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a;script-src\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: user@a\r\n\r\n",
		"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET a.example:80 HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET file:///etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET http://u@a/x HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /#x HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1e9\r\n\r\n",
	};
	size_t i;

	(void)state;
	assert_int_equal(refusal("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: "
				 "18446744073709551616\r\n\r\n"),
		400);
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (refusal(heads[i]) != 400)
			fail_msg("%s is not refused with 400", heads[i]);
}

static void test_nul(void **state)
{
	static const char line[] = "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n";
	static const char field[] = "GET / HTTP/1.1\r\nHost: a\0\r\n\r\n";
	struct http_request request;

	(void)state;
	assert_int_equal(http_request_parse((const uint8_t *)line,
				 sizeof(line) - 1, &request),
		PARSE_BAD);
	assert_int_equal(request.status, 400);
	assert_int_equal(http_request_parse((const uint8_t *)field,
				 sizeof(field) - 1, &request),
		PARSE_BAD);
	assert_int_equal(request.status, 400);
}

static void test_duplicates(void **state)
{
	static const char *const names[] = { "Host", "Content-Length",
		"Transfer-Encoding", "Origin", "Range", "If-Range",
		"Sec-WebSocket-Key", "Sec-WebSocket-Version" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *host = i == 0 ? "" : "Host: a\r\n";
		char *head = xasprintf(
			"GET / HTTP/1.1\r\n%s%s: 0\r\nX: y\r\n%s: 0\r\n\r\n",
			host, names[i], names[i]);

		assert_int_equal(refusal(head), 400);
		free(head);
	}
}

static void test_methods_versions_bodies(void **state)
{
	static const struct {
		const char *head;
		int status;
	} cases[] = {
		{ "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n",
			405 },
		{ "PUT / HTTP/1.1\r\nHost: a\r\n\r\n", 405 },
		{ "DELETE / HTTP/1.0\r\n\r\n", 405 },
		{ "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 405 },
		{ "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 405 },
		{ "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405 },
		{ "get / HTTP/1.1\r\nHost: a\r\n\r\n", 405 },
		{ "GETX / HTTP/1.1\r\nHost: a\r\n\r\n", 405 },
		{ "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505 },
		{ "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505 },
		{ "GET / HTTP/0.9\r\n\r\n", 505 },
		{ "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505 },
		{ "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n",
			413 },
		{ "GET / HTTP/1.1\r\nHost: a\r\n"
		  "Transfer-Encoding: chunked\r\n\r\n",
			413 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (refusal(cases[i].head) != cases[i].status)
			fail_msg("%s gives %d", cases[i].head,
				refusal(cases[i].head));
}

static void assert_decodes(const char *path, const char *expected)
{
	char *decoded =
		http_target_decode((struct http_text){ path, strlen(path) });

	if (expected == NULL)
		assert_null(decoded);
	else
		assert_string_equal(decoded, expected);
	free(decoded);
}

static void test_decode(void **state)
{
	(void)state;
	assert_decodes("/a%20b%C3%bc", "/a b\xc3\xbc");
	assert_decodes("/%2e%2E", "/..");
	assert_decodes("/%252e", "/%2e");
	assert_decodes("/a+b", "/a+b");
	assert_decodes("/%", NULL);
	assert_decodes("/%4", NULL);
	assert_decodes("/%4g", NULL);
	assert_decodes("/%00", NULL);
	assert_decodes("/a%2fb", NULL);
}

static void assert_asks(const char *target, const char *expected)
{
	char *value = http_target_query(target, "token");

	if (expected == NULL)
		assert_null(value);
	else
		assert_string_equal(value, expected);
	free(value);
}

/* Tokens may be base64: '/' and '+' in them come as %2F and %2B. */
static void test_query(void **state)
{
	(void)state;
	assert_asks("/?token=a", "a");
	assert_asks("/x?a=1&token=b&token=c#d", "b");
	assert_asks("/?token=", "");
	assert_asks("/?token=a+b%20c", "a b c");
	assert_asks("/?token=a%2Bb%2Fc%3D", "a+b/c=");
	assert_asks("/?tokens=a&xtoken=b&token", NULL);
	assert_asks("/token=a", NULL);
	assert_asks("/?token=%", NULL);
	assert_asks("/?token=%4g", NULL);
	assert_asks("/?token=a%00b", NULL);
	assert_asks(NULL, NULL);
}

static void test_ranges(void **state)
{
	static const struct {
		const char *field;
		enum http_range_result result;
		size_t first, count;
	} cases[] = {
		{ "bytes=0-", HTTP_RANGE_PART, 0, 100 },
		{ "bytes=0-0", HTTP_RANGE_PART, 0, 1 },
		{ "Bytes = 10-19", HTTP_RANGE_PART, 10, 10 },
		{ "bytes=90-1000", HTTP_RANGE_PART, 90, 10 },
		{ "bytes=-5", HTTP_RANGE_PART, 95, 5 },
		{ "bytes=-500", HTTP_RANGE_PART, 0, 100 },
		{ "bytes=99-", HTTP_RANGE_PART, 99, 1 },
		{ "bytes=100-", HTTP_RANGE_OUTSIDE, 0, 0 },
		{ "bytes=9223372036854775807-", HTTP_RANGE_OUTSIDE, 0, 0 },
		{ "bytes=-0", HTTP_RANGE_OUTSIDE, 0, 0 },
		{ "bytes=9-8", HTTP_RANGE_NONE, 0, 0 },
		{ "bytes=-", HTTP_RANGE_NONE, 0, 0 },
		{ "bytes=", HTTP_RANGE_NONE, 0, 0 },
		{ "bytes", HTTP_RANGE_NONE, 0, 0 },
		{ "bytes=0-1,3-4", HTTP_RANGE_NONE, 0, 0 },
		{ "bytes=a-b", HTTP_RANGE_NONE, 0, 0 },
		{ "bytes=99999999999999999999-", HTTP_RANGE_NONE, 0, 0 },
		{ "lines=0-1", HTTP_RANGE_NONE, 0, 0 },
	};
	size_t i, first, count;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_text text = { cases[i].field,
			strlen(cases[i].field) };

		first = count = 0;
		if (http_range_parse(text, 100, &first, &count) !=
				cases[i].result ||
			first != cases[i].first || count != cases[i].count)
			fail_msg("%s is wrong", cases[i].field);
	}
	assert_int_equal(http_range_parse((struct http_text){ "bytes=0-", 8 },
				 0, &first, &count),
		HTTP_RANGE_OUTSIDE);
	assert_int_equal(http_range_parse((struct http_text){ "bytes=-5", 8 },
				 0, &first, &count),
		HTTP_RANGE_OUTSIDE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_prefix_waits),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_head_limit),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_methods_versions_bodies),
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
