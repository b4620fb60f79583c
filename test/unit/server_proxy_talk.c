/* Proxies on the way out: how they are written, and what is said to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/network/proxy_talk.h"

static void assert_url(const char *text, enum proxy_kind kind, const char *host,
	int port, const char *user, const char *password)
{
	struct proxy_url url;

	assert_true(proxy_url_parse(&url, text));
	assert_int_equal(url.kind, kind);
	assert_string_equal(url.host, host);
	assert_int_equal(url.port, port);
	assert_string_equal(url.user, user);
	assert_string_equal(url.password, password);
}

static void test_urls(void **state)
{
	static const char *const wrong[] = { "", "http://", "socks5://:1080",
		"socks5://h:0", "socks5://h:65536", "socks5://h:1x",
		"http://u@h", "http://u:@h", "http://:p@h", "http://h:1/path",
		"socks4://u:p@h", "socks5://[::1", "socks5://[::1]x",
		"http://h h" };
	struct proxy_url url;
	char text[700];

	(void)state;
	assert_url("socks5://h", PROXY_SOCKS5, "h", 1080, "", "");
	assert_url("SOCKS5://u:p@h:99/", PROXY_SOCKS5, "h", 99, "u", "p");
	assert_url("socks://h:1", PROXY_SOCKS4, "h", 1, "", "");
	assert_url("http://[::1]:8080", PROXY_HTTP, "::1", 8080, "", "");
	assert_url("http://u:p@:x@h", PROXY_HTTP, "h", 80, "u", "p@:x");
	assert_url("squid:3128", PROXY_HTTP, "squid", 3128, "", "");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (proxy_url_parse(&url, wrong[i]))
			fail_msg("'%s' was taken", wrong[i]);
	memset(text, 'h', sizeof(text));
	for (size_t length = 250; length < sizeof(text) - 1; length += 50) {
		text[length] = '\0';
		assert_int_equal(proxy_url_parse(&url, text), length < 256);
		text[length] = 'h';
	}
}

/* A proxy that says `answer`, all at once and then byte by byte: what became of
 * it, and all that was said to it. */
struct conversation {
	const char *url, *host;
	const void *answer;
	size_t answer_bytes;
	const void *said;
	size_t said_bytes;
	enum proxy_result result;
	const char *why;
};

static void hold(const struct conversation *talk, size_t step)
{
	struct buffer out = { 0 };
	enum proxy_result result = PROXY_MORE;
	struct proxy_talk proxy;
	struct proxy_url url;

	assert_true(proxy_url_parse(&url, talk->url));
	proxy_talk_begin(&proxy, &url, talk->host, 5500, &out);
	for (size_t i = 0; i < talk->answer_bytes && result == PROXY_MORE;
		i += step) {
		size_t count = talk->answer_bytes - i;

		result = proxy_talk_receive(&proxy,
			(const uint8_t *)talk->answer + i,
			count < step ? count : step, &out);
	}
	assert_int_equal(result, talk->result);
	if (talk->why)
		assert_string_equal(proxy.why, talk->why);
	assert_int_equal(buffer_length(&out), talk->said_bytes);
	assert_memory_equal(buffer_bytes(&out), talk->said, talk->said_bytes);
	buffer_finish(&out);
}

#define BYTES(text) text, sizeof(text) - 1

static void assert_conversation(struct conversation talk)
{
	hold(&talk, talk.answer_bytes);
	hold(&talk, 1);
	hold(&talk, 3);
}

#define CONNECT_REQUEST                                                        \
	"CONNECT view.er:5500 HTTP/1.1\r\nHost: view.er:5500\r\n\r\n"
#define AUTHORISED                                                             \
	"CONNECT [::1]:5500 HTTP/1.1\r\nHost: [::1]:5500\r\n"                  \
	"Proxy-Authorization: Basic YW5uOnBhc3M=\r\n\r\n"

static void test_http(void **state)
{
	(void)state;
	assert_conversation((struct conversation){ "http://p", "view.er",
		BYTES("HTTP/1.1 200 Connection established\r\nA: b\r\n\r\n"),
		BYTES(CONNECT_REQUEST), PROXY_DONE, NULL });
	assert_conversation((struct conversation){ "http://ann:pass@p", "::1",
		BYTES("HTTP/1.0 204 fine\r\n\r\n"), BYTES(AUTHORISED),
		PROXY_DONE, NULL });
	assert_conversation((struct conversation){ "http://p", "view.er",
		BYTES("HTTP/1.1 407 Who\x1b are you\r\nA: b\r\n\r\n"),
		BYTES(CONNECT_REQUEST), PROXY_FAILED, NULL });
	assert_conversation((struct conversation){ "http://p", "view.er",
		BYTES("SSH-2.0 hello and good morning\r\n\r\n"),
		BYTES(CONNECT_REQUEST), PROXY_FAILED,
		"it said 'SSH-2.0 hello and good morning'" });
	assert_conversation((struct conversation){ "http://p", "view.er",
		BYTES("HTTP/1.1 200 OK\r\n"), BYTES(CONNECT_REQUEST),
		PROXY_MORE, NULL });
	/* Whole reads only: byte by byte it is done before. */
	hold(&(struct conversation){ "http://p", "view.er",
		     BYTES("HTTP/1.1 200 OK\r\n\r\nRFB "),
		     BYTES(CONNECT_REQUEST), PROXY_FAILED,
		     "it said more than it was asked" },
		100);
}

static void test_endless_answer(void **state)
{
	uint8_t noise[1000];
	struct buffer out = { 0 };
	enum proxy_result result = PROXY_MORE;
	struct proxy_talk proxy;
	struct proxy_url url;
	int sent;

	(void)state;
	memset(noise, 'x', sizeof(noise));
	assert_true(proxy_url_parse(&url, "http://p"));
	proxy_talk_begin(&proxy, &url, "h", 1, &out);
	for (sent = 0; result == PROXY_MORE; sent++)
		result = proxy_talk_receive(&proxy, noise, sizeof(noise), &out);
	assert_int_equal(result, PROXY_FAILED);
	assert_int_equal(sent, PROXY_TALK_MOST_ANSWER / 1000 + 1);
	buffer_finish(&out);
}

#define NAMED "\5\1\0\3\7view.er\x15\x7c"

static void test_socks5(void **state)
{
	(void)state;
	assert_conversation((struct conversation){ "socks5://p", "view.er",
		BYTES("\5\0\5\0\0\1abcd\1\2"), BYTES("\5\1\0" NAMED),
		PROXY_DONE, NULL });
	assert_conversation((struct conversation){ "socks5://u:pw@p", "view.er",
		BYTES("\5\2\1\0\5\0\0\3\4some\1\2"),
		BYTES("\5\2\0\2\1\1u\2pw" NAMED), PROXY_DONE, NULL });
	assert_conversation((struct conversation){ "socks5://p", "1.2.3.4",
		BYTES("\5\0\5\0\0\4abcdabcdabcdabcd\1\2"),
		BYTES("\5\1\0\5\1\0\1\1\2\3\4\x15\x7c"), PROXY_DONE, NULL });
	assert_conversation((struct conversation){ "socks5://p", "::1",
		BYTES("\5\0\5\5\0\1"),
		BYTES("\5\1\0\5\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x15\x7c"),
		PROXY_FAILED, "connection refused" });
	assert_conversation((struct conversation){ "socks5://p", "view.er",
		BYTES("\5\377"), BYTES("\5\1\0"), PROXY_FAILED,
		"it wants a user and a password" });
	assert_conversation((struct conversation){ "socks5://u:pw@p", "view.er",
		BYTES("\5\2\1\1"), BYTES("\5\2\0\2\1\1u\2pw"), PROXY_FAILED,
		"wrong user or password for it" });
	/* It may not want what was not offered. */
	assert_conversation((struct conversation){ "socks5://p", "view.er",
		BYTES("\5\2"), BYTES("\5\1\0"), PROXY_FAILED, NULL });
	assert_conversation(
		(struct conversation){ "socks5://p", "view.er", BYTES("HTTP"),
			BYTES("\5\1\0"), PROXY_FAILED, "it speaks no SOCKS5" });
	assert_conversation((struct conversation){ "socks5://p", "view.er",
		BYTES("\5\0\5\0\0\7abc"), BYTES("\5\1\0" NAMED), PROXY_FAILED,
		"its answer makes no sense" });
}

static void test_socks4(void **state)
{
	(void)state;
	assert_conversation((struct conversation){ "socks4://p", "view.er",
		BYTES("\0\x5a\1\2abcd"),
		BYTES("\4\1\x15\x7c\0\0\0\1\0view.er\0"), PROXY_DONE, NULL });
	assert_conversation((struct conversation){ "socks4://p", "1.2.3.4",
		BYTES("\0\x5b\1\2abcd"), BYTES("\4\1\x15\x7c\1\2\3\4\0"),
		PROXY_FAILED, "it refused (SOCKS4)" });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_http),
		cmocka_unit_test(test_endless_answer),
		cmocka_unit_test(test_socks5),
		cmocka_unit_test(test_socks4),
	};

	return cmocka_run_group_tests_name(
		"server_proxy_talk", tests, NULL, NULL);
}
