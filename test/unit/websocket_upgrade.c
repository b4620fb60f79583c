/* The WebSocket opening handshake, and who may open one. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "test/unit/websocket_http_record.h"
#include "websocket/origin.h"

/* RFC 6455 section 1.3 has this key and its answer. */
#define KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define ACCEPT "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define UPGRADE "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define HOST "Host: server.example.com\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n"

static void open_with(struct http_record *record, const char *const *origins,
	const char *head)
{
	struct http_policy policy = { .origins = origins };
	struct http_peer *peer;

	http_record_finish(record);
	peer = http_peer_create(&policy, &record_host, record);
	http_peer_receive(peer, (const uint8_t *)head, strlen(head));
	http_peer_destroy(peer);
}

static void test_rfc_example(void **state)
{
	struct http_record record = { 0 };

	(void)state;
	open_with(&record, NULL,
		GET("/chat") HOST UPGRADE KEY
		"Origin: http://server.example.com\r\n"
		"Sec-WebSocket-Protocol: chat, superchat\r\n" VERSION "\r\n");
	assert_int_equal(record.status, 101);
	assert_string_equal(record.upgraded, "/chat");
	assert_null(record.finished);
	assert_true(http_record_has(
		&record, "HTTP/1.1 101 Switching Protocols\r\n"));
	assert_true(http_record_has(&record, "\r\nUpgrade: websocket\r\n"));
	assert_true(http_record_has(&record, "\r\nConnection: Upgrade\r\n"));
	assert_true(http_record_has(&record, ACCEPT));
	assert_false(http_record_has(&record, "Sec-WebSocket-Protocol"));
	assert_string_equal(http_record_body(&record), "");
	http_record_finish(&record);
}

static void test_clients(void **state)
{
	static const struct {
		const char *head, *path;
	} cases[] = {
		/* Chromium 156 with noVNC */
		{ GET("/websockify") "Host: localhost:5900\r\n" UPGRADE
				     "Origin: http://localhost:5900\r\n" VERSION
				     "Accept-Encoding: gzip, deflate, "
				     "br\r\n" KEY "Sec-WebSocket-Extensions: "
				     "permessage-deflate; "
				     "client_max_window_bits\r\n\r\n",
			"/websockify" },
		/* Firefox */
		{ GET("/a/b?token=x%20y") HOST
			"Connection: keep-alive, Upgrade\r\n"
			"Upgrade: WebSocket\r\n" KEY VERSION "\r\n",
			"/a/b?token=x%20y" },
		{ GET("/%zz%00%2f") HOST
			"connection: foo\r\n"
			"CONNECTION: uPGRADE\r\n"
			"upgrade: h2c, websocket\r\n" KEY VERSION "\r\n",
			"/%zz%00%2f" },
		{ GET("http://server.example.com") HOST UPGRADE KEY VERSION
			"\r\n",
			"/" },
		{ GET("/?token=x") HOST UPGRADE KEY VERSION
			"Content-Length: 0\r\n\r\n",
			"/?token=x" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_record record = { 0 };

		open_with(&record, NULL, cases[i].head);
		if (record.status != 101)
			fail_msg("%s gives %d", cases[i].head, record.status);
		assert_string_equal(record.upgraded, cases[i].path);
		assert_null(strchr(record.path, '?'));
		assert_false(http_record_has(&record, "Extensions"));
		assert_false(http_record_has(&record, "Protocol:"));
		http_record_finish(&record);
	}
}

static void test_subprotocols(void **state)
{
	static const struct {
		const char *asked;
		bool binary;
	} cases[] = {
		{ "binary", true },
		{ "base64, binary", true },
		{ "base64,binary", true },
		{ "base64", false },
		{ "Binary", false },
		{ "binary2", false },
		{ "x\r\nSec-WebSocket-Protocol: binary", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_record record = { 0 };
		char *head = xasprintf(GET("/") HOST UPGRADE KEY VERSION
			"Sec-WebSocket-Protocol: %s\r\n\r\n",
			cases[i].asked);

		open_with(&record, NULL, head);
		assert_int_equal(record.status, 101);
		assert_int_equal(http_record_has(&record,
					 "Sec-WebSocket-Protocol: binary\r\n"),
			cases[i].binary);
		assert_false(http_record_has(&record, "base64"));
		free(head);
		http_record_finish(&record);
	}
}

static void test_refusals(void **state)
{
	static const struct {
		const char *head;
		int status;
	} cases[] = {
		{ GET("/") HOST UPGRADE KEY "\r\n", 426 },
		{ GET("/") HOST UPGRADE KEY "Sec-WebSocket-Version: 8\r\n\r\n",
			426 },
		{ GET("/") HOST UPGRADE KEY
			"Sec-WebSocket-Version: 130\r\n\r\n",
			426 },
		{ GET("/") HOST UPGRADE VERSION "\r\n", 400 },
		{ GET("/") HOST UPGRADE VERSION "Sec-WebSocket-Key:\r\n\r\n",
			400 },
		{ GET("/") HOST UPGRADE VERSION
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=\r\n\r\n",
			400 },
		{ GET("/") HOST UPGRADE VERSION
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQAA\r\n\r\n",
			400 },
		{ GET("/") HOST UPGRADE VERSION
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j*Q==\r\n\r\n",
			400 },
		{ GET("/") HOST UPGRADE VERSION
			"Sec-WebSocket-Key: dGhl IHNhbXBsZSBub25jZQ==\r\n\r\n",
			400 },
		{ GET("/") HOST UPGRADE VERSION
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSBkR2hsSUhO"
			"aGJYQnNaU0J1YjI1alpRPT0=\r\n\r\n",
			400 },
		{ GET("/") HOST UPGRADE VERSION KEY KEY "\r\n", 400 },
		{ GET("/") HOST "Upgrade: websocket\r\n" VERSION KEY "\r\n",
			400 },
		{ GET("/") HOST "Connection: Upgrade\r\n" VERSION KEY "\r\n",
			400 },
		{ GET("/") UPGRADE VERSION KEY "\r\n", 400 },
		{ GET("/") HOST UPGRADE VERSION KEY "Content-Length: 4\r\n\r\n",
			413 },
		{ "HEAD / HTTP/1.1\r\n" HOST UPGRADE VERSION KEY "\r\n", 400 },
		{ "GET / HTTP/1.0\r\n" HOST UPGRADE VERSION KEY "\r\n", 400 },
		{ "POST / HTTP/1.1\r\n" HOST UPGRADE VERSION KEY "\r\n", 405 },
		{ GET("/") HOST UPGRADE VERSION KEY
			"Origin: http://evil.example\r\n\r\n",
			403 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_record record = { 0 };

		open_with(&record, NULL, cases[i].head);
		if (record.status != cases[i].status)
			fail_msg("%s gives %d", cases[i].head, record.status);
		assert_null(record.upgraded);
		assert_non_null(record.finished);
		if (cases[i].status == 426) {
			assert_true(http_record_has(
				&record, "Sec-WebSocket-Version: 13\r\n"));
			assert_true(http_record_has(
				&record, "Connection: close, Upgrade\r\n"));
		}
		http_record_finish(&record);
	}
}

/* curl offers HTTP/2 so; it wants a page. */
static void test_other_upgrades_are_pages(void **state)
{
	struct http_record record = { 0 };

	(void)state;
	open_with(&record, NULL,
		GET("/") HOST
		"Connection: Upgrade, HTTP2-Settings\r\n"
		"Upgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n");
	assert_int_equal(record.status, 404);
	assert_null(record.upgraded);
	http_record_finish(&record);
}

static void test_bytes_behind(void **state)
{
	struct http_record record = { 0 };

	(void)state;
	open_with(&record, NULL,
		GET("/") HOST UPGRADE KEY VERSION "\r\n\x82\x80mask");
	assert_int_equal(record.status, 101);
	assert_int_equal(buffer_length(&record.rest), 6);
	assert_memory_equal(buffer_bytes(&record.rest), "\x82\x80mask", 6);
	http_record_finish(&record);
}

static void test_origins(void **state)
{
	static const char *const listed[] = { "https://a.example",
		"http://b.example:8080", "c.example", "d.example:81", "null",
		"chrome-extension://abc", NULL };
	static const char *const any[] = { "*", NULL };
	static const struct {
		const char *origin, *host;
		const char *const *allowed;
		bool fine;
	} cases[] = {
		{ "http://h:5900", "h:5900", NULL, true },
		{ "https://h", "h", NULL, true },
		{ "http://H.Example", "h.eXAMPLE:5900", NULL, true },
		{ "http://h:80", "h:5900", NULL, true },
		{ "http://localhost:5900", "127.0.0.1:5900", NULL, true },
		{ "http://[::1]:5900", "localhost", NULL, true },
		{ "http://127.0.0.1", "[::1]:5900", NULL, true },
		{ "http://[fe80::1]:5900", "[fe80::1]:5900", NULL, true },
		{ "http://evil.example", "h", NULL, false },
		{ "http://h.evil.example", "h", NULL, false },
		{ "http://evilh", "h", NULL, false },
		{ "http://h@evil.example", "h", NULL, false },
		{ "http://127.0.0.1.evil.example", "127.0.0.1", NULL, false },
		{ "http://localhost", "h", NULL, false },
		{ "null", "h", NULL, false },
		{ "", "h", NULL, false },
		{ "http://", "", NULL, false },
		{ "h", "h", NULL, false },
		{ "http:h", "h", NULL, false },
		{ "http://[::1", "[::1", NULL, false },
		{ "http://[", "h", NULL, false },
		{ "http:", "h", NULL, false },
		{ "http://h/path", "h", NULL, false },
		{ "http://evil.example", "h", any, true },
		{ "null", "h", any, true },
		{ "https://a.example", "h", listed, true },
		{ "https://a.example:443", "h", listed, true },
		{ "HTTPS://A.example", "h", listed, true },
		{ "http://a.example", "h", listed, false },
		{ "https://a.example:444", "h", listed, false },
		{ "http://b.example:8080", "h", listed, true },
		{ "http://b.example", "h", listed, false },
		{ "https://b.example:8080", "h", listed, false },
		{ "http://c.example:1", "h", listed, true },
		{ "https://c.example", "h", listed, true },
		{ "https://x.c.example", "h", listed, false },
		{ "http://d.example:81", "h", listed, true },
		{ "http://d.example", "h", listed, false },
		{ "null", "h", listed, true },
		{ "chrome-extension://abc", "h", listed, true },
		{ "chrome-extension://abd", "h", listed, false },
		{ "http://h", "h", listed, true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		/* To their own sizes, so that ASan sees a read behind them. */
		size_t length = strlen(cases[i].origin);
		char *bytes = xmalloc(length);
		struct http_text origin = { bytes, length };
		struct http_text host = { cases[i].host,
			strlen(cases[i].host) };

		memcpy(bytes, cases[i].origin, length);
		if (origin_is_allowed(origin, host, cases[i].allowed) !=
			cases[i].fine)
			fail_msg("%s on %s", cases[i].origin, cases[i].host);
		free(bytes);
	}
}

static void test_listed_origin_opens(void **state)
{
	static const char *const origins[] = { "evil.example", NULL };
	struct http_record record = { 0 };

	(void)state;
	open_with(&record, origins,
		GET("/") HOST UPGRADE VERSION KEY
		"Origin: http://evil.example\r\n\r\n");
	assert_int_equal(record.status, 101);
	http_record_finish(&record);
}

/* DNS rebinding: the page's own name leads here, so its origin is "ours". */
static void test_hosts(void **state)
{
	static const char *const ours[] = { "desk.example", NULL };
	static const char *const none[] = { NULL };
	static const char *const listed[] = { "https://a.example:8443", NULL };
	static const char *const any[] = { "*", NULL };
	static const struct {
		const char *host;
		const char *const *hosts, *const *origins;
		bool fine;
	} cases[] = {
		{ "evil.example:5900", NULL, NULL, true },
		{ "evil.example:5900", ours, NULL, false },
		{ "evil.example:5900", none, NULL, false },
		{ "", ours, NULL, false },
		{ "DESK.example:5900", ours, NULL, true },
		{ "x.desk.example", ours, NULL, false },
		{ "192.168.1.2:5900", ours, NULL, true },
		{ "127.0.0.1", none, NULL, true },
		{ "1.evil.example", none, NULL, false },
		{ "[fe80::1]:5900", ours, NULL, true },
		{ "localhost:5900", none, NULL, true },
		{ "a.example", ours, listed, true },
		{ "b.example", ours, listed, false },
		{ "b.example", ours, any, true },
	};
	struct http_policy policy = { .hosts = ours };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_text host = { cases[i].host,
			strlen(cases[i].host) };

		if (origin_knows_host(host, cases[i].hosts, cases[i].origins) !=
			cases[i].fine)
			fail_msg("%s", cases[i].host);
	}
	for (i = 0; i < 2; i++) { /* a browser, then another program */
		struct http_record record = { 0 };
		struct http_peer *peer =
			http_peer_create(&policy, &record_host, &record);
		const char *head =
			i == 0 ? GET("/") HOST UPGRADE VERSION KEY
				"Origin: http://server.example.com\r\n\r\n"
			       : GET("/") HOST UPGRADE VERSION KEY "\r\n";

		http_peer_receive(peer, (const uint8_t *)head, strlen(head));
		assert_int_equal(record.status, i == 0 ? 403 : 101);
		http_peer_destroy(peer);
		http_record_finish(&record);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc_example),
		cmocka_unit_test(test_clients),
		cmocka_unit_test(test_subprotocols),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_other_upgrades_are_pages),
		cmocka_unit_test(test_bytes_behind),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_listed_origin_opens),
		cmocka_unit_test(test_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
