/* What proxies say of their clients, and who is believed; who may fetch pages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xmalloc.h"
#include "server/access/web_users.h"
#include "server/proxy/forwarded.h"
#include "server/proxy/proxy_header.h"
#include "server/proxy/trusted_proxies.h"
#include "test/unit/address_of.h"
#include "test/unit/temporary_file.h"

enum { MOST = 600 };

static const char mark[] = "\r\n\r\n\0\r\nQUIT\n";

struct bytes {
	uint8_t bytes[MOST];
	size_t length;
};

static struct bytes text(const char *line)
{
	struct bytes bytes = { .length = strlen(line) };

	memcpy(bytes.bytes, line, bytes.length);
	return bytes;
}

/* Version 2, with `count` bytes behind the head, the first being 192.0.2.7 or
 * 2001:db8::7. */
static struct bytes binary(uint8_t command, uint8_t family, size_t count)
{
	struct bytes bytes = { .length = 16 + count };
	uint8_t *rest = bytes.bytes + 16;

	memcpy(bytes.bytes, mark, 12);
	bytes.bytes[12] = command;
	bytes.bytes[13] = family;
	bytes.bytes[14] = (uint8_t)(count >> 8);
	bytes.bytes[15] = (uint8_t)count;
	if (family >> 4 == 2)
		memcpy(rest, "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7", 16);
	else
		memcpy(rest, "\xc0\0\2\7", 4);
	return bytes;
}

/* Whole at its last byte and not before; what follows does not matter. */
static void assert_parsed(struct bytes bytes, const char *client)
{
	struct proxy_header header;
	char shown[64];
	size_t i;

	for (i = 0; i < bytes.length; i++)
		assert_int_equal(proxy_header_parse(bytes.bytes, i, &header),
			PARSE_MORE);
	for (i = 0; i < 3; i++) {
		assert_int_equal(proxy_header_parse(bytes.bytes,
					 bytes.length + i, &header),
			PARSE_DONE);
		assert_int_equal(header.length, bytes.length);
		assert_int_equal(header.has_client, client != NULL);
		if (client == NULL)
			continue;
		address_format(&header.client, shown);
		assert_string_equal(shown, client);
	}
}

static void assert_bad(struct bytes bytes)
{
	struct proxy_header header;

	assert_int_equal(proxy_header_parse(bytes.bytes, bytes.length, &header),
		PARSE_BAD);
}

static void test_header_of_text(void **state)
{
	static const char *const bad[] = { "PROXY TCP4\r\n",
		"PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n",
		"PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n",
		"PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n",
		"PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n",
		"PROXY TCP4 192.0.2.1  192.0.2.2 1 2\r\n",
		"PROXY TCP4 192.0.2 192.0.2.2 1 2\r\n",
		"PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
		"PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n",
		"PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n",
		"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n", "PROXY \r\n",
		"PROXY UNKNOWNX\r\n", "proxy TCP4", "PROXX",
		"PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n", "\r\n\r\n0" };
	struct bytes endless = { .length = 107 }, nul;
	size_t i;

	(void)state;
	assert_parsed(text("PROXY TCP4 192.0.2.1 192.0.2.2 1234 5900\r\n"),
		"192.0.2.1");
	assert_parsed(
		text("PROXY TCP6 2001:db8::1 ::1 0 65535\r\n"), "2001:db8::1");
	assert_parsed(text("PROXY UNKNOWN\r\n"), NULL);
	assert_parsed(text("PROXY UNKNOWN what ever\r\n"), NULL);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_bad(text(bad[i]));
	memset(endless.bytes, 'x', sizeof(endless.bytes));
	memcpy(endless.bytes, "PROXY UNKNOWN ", 14);
	assert_bad(endless);
	nul = text("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n");
	nul.bytes[12] = '\0';
	assert_bad(nul);
}

static void test_binary_header(void **state)
{
	struct bytes other;

	(void)state;
	assert_parsed(binary(0x21, 0x11, 12), "192.0.2.7");
	assert_parsed(binary(0x21, 0x21, 36), "2001:db8::7");
	assert_parsed(binary(0x21, 0x11, 300), "192.0.2.7"); /* and more */
	assert_parsed(binary(0x20, 0x11, 12), NULL);         /* LOCAL */
	assert_parsed(binary(0x20, 0x00, 0), NULL);
	assert_parsed(binary(0x21, 0x00, 0), NULL);
	assert_parsed(binary(0x21, 0x31, 216), NULL); /* a unix socket */
	assert_bad(binary(0x21, 0x11, 11));
	assert_bad(binary(0x21, 0x21, 35));
	assert_bad(binary(0x22, 0x11, 12));
	assert_bad(binary(0x11, 0x11, 12));
	other = binary(0x21, 0x11, 12);
	other.bytes[14] = 0x10; /* more than anybody says */
	assert_bad(other);
	other = binary(0x21, 0x11, 12);
	other.bytes[11] = 'x';
	assert_bad(other);
}

/* ---- whom to believe ---- */

static struct trusted_proxies trust(const char *const *list)
{
	struct trusted_proxies proxies;
	struct host_why why;

	assert_true(trusted_proxies_init(&proxies, list, &why));
	return proxies;
}

static bool believes(const struct trusted_proxies *proxies, const char *shown)
{
	struct address one = address_of(shown);

	return trusted_proxies_has(proxies, &one);
}

static void test_trust(void **state)
{
	static const char *const list[] = { "10.0.0.0/8", "2001:db8::/32",
		"unix", NULL };
	static const char *const wrong[] = { "localhorst", NULL };
	static const struct address unix_socket;
	struct trusted_proxies proxies = trust(list), nobody = trust(NULL);
	struct host_why why;

	(void)state;
	assert_true(believes(&proxies, "10.1.2.3"));
	assert_true(believes(&proxies, "2001:db8:5::1"));
	assert_false(believes(&proxies, "11.1.2.3"));
	assert_false(believes(&proxies, "127.0.0.1"));
	assert_false(believes(&nobody, "127.0.0.1"));
	assert_true(trusted_proxies_has(&proxies, &unix_socket));
	assert_false(trusted_proxies_has(&nobody, &unix_socket));
	trusted_proxies_finish(&proxies);
	assert_false(trusted_proxies_init(&proxies, wrong, &why));
	trusted_proxies_finish(&proxies);
}

static void assert_forwarded(const char *fields, const char *client, bool https)
{
	static const char *const list[] = { "10.0.0.0/8", NULL };
	struct trusted_proxies proxies = trust(list);
	struct http_request request;
	struct address found;
	char shown[64] = "";
	char *head = xasprintf("GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", fields);

	assert_int_equal(http_request_parse(
				 (const uint8_t *)head, strlen(head), &request),
		PARSE_DONE);
	if (forwarded_client(&request, &proxies, &found))
		address_format(&found, shown);
	assert_string_equal(shown, client);
	assert_int_equal(forwarded_is_https(&request), https);
	free(head);
	trusted_proxies_finish(&proxies);
}

#define FOR "X-Forwarded-For: "

static void test_forwarded(void **state)
{
	(void)state;
	assert_forwarded("", "", false);
	assert_forwarded(FOR "192.0.2.1\r\n", "192.0.2.1", false);
	assert_forwarded(
		"x-forwarded-for:192.0.2.1:80\r\n", "192.0.2.1", false);
	assert_forwarded(FOR "[2001:db8::1]:80\r\n", "2001:db8::1", false);
	assert_forwarded(FOR "2001:db8::1\r\n", "2001:db8::1", false);
	/* The client's own inventions stand before what proxies wrote. */
	assert_forwarded(FOR "6.6.6.6, 192.0.2.1\r\n", "192.0.2.1", false);
	assert_forwarded(FOR "6.6.6.6\r\n" FOR "192.0.2.1, 10.0.0.2\r\n",
		"192.0.2.1", false);
	assert_forwarded(FOR "6.6.6.6, 192.0.2.1, 10.0.0.3,10.0.0.2\r\n",
		"192.0.2.1", false);
	assert_forwarded(FOR "10.0.0.3, 10.0.0.2\r\n", "10.0.0.3", false);
	assert_forwarded(FOR "192.0.2.1, unknown\r\n", "", false);
	assert_forwarded(
		FOR "192.0.2.1, unknown, 10.0.0.2\r\n", "10.0.0.2", false);
	assert_forwarded(FOR
		"[::1, 1.2.3.4.5, [, :, 1234567890123456789012345"
		"6789012345678901234567890123456789\r\n",
		"", false);
	assert_forwarded("X-Forwarded-Proto: https\r\n", "", true);
	assert_forwarded("X-Forwarded-Proto: https, http\r\n", "", false);
	assert_forwarded(
		"X-Forwarded-Proto: http\r\nX-Forwarded-Proto: "
		"WSS\r\n",
		"", true);
}

/* ---- users ---- */

static bool have(const struct web_users *users, const char *credentials)
{
	return web_users_have(users, credentials, strlen(credentials));
}

static void test_web_user(void **state)
{
	static const char *const bad[] = { "joe:", ":secret", ":", "joe",
		"/nowhere/file" };
	struct web_users users;
	char *error;
	size_t i;

	(void)state;
	assert_true(web_users_load(&users, "joe:se:cret", &error));
	assert_true(have(&users, "joe:se:cret"));
	assert_false(have(&users, "joe:se:cre"));
	assert_false(have(&users, "joe:se:cret "));
	assert_false(have(&users, "joe:"));
	assert_false(have(&users, ""));
	web_users_finish(&users);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(web_users_load(&users, bad[i], &error));
		assert_null(strstr(error, "secret"));
		free(error);
		web_users_finish(&users);
	}
}

static void assert_file(const char *content, bool good)
{
	struct temporary_file own;
	struct web_users users;
	char *error;

	temporary_file_create(&own, content, strlen(content));
	assert_int_equal(web_users_load(&users, own.path, &error), good);
	if (good) {
		assert_true(have(&users, "joe:one"));
		assert_true(have(&users, "ann:two words"));
		assert_false(have(&users, "# no:one"));
	} else {
		assert_non_null(strstr(error, own.path));
		free(error);
	}
	web_users_finish(&users);
	temporary_file_remove(&own);
}

static void test_file_of_web_users(void **state)
{
	(void)state;
	assert_file("# no:one\njoe:one\r\n\nann:two words", true);
	assert_file("", false);
	assert_file("# nobody\n", false);
	assert_file("joe:one\nann\n", false);
	assert_file("joe:\n", false);
}

static void assert_forwarded_host(const char *fields, const char *expected)
{
	struct http_request request;
	struct http_text host = { "own", 3 };
	char *head = xasprintf("GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", fields);
	bool found;

	assert_int_equal(http_request_parse(
				 (const uint8_t *)head, strlen(head), &request),
		PARSE_DONE);
	found = forwarded_host(&request, &host);
	assert_int_equal(found, strcmp(expected, "own") != 0);
	assert_int_equal(host.length, strlen(expected));
	assert_memory_equal(host.at, expected, host.length);
	free(head);
}

#define HOST "X-Forwarded-Host: "

static void test_forwarded_host(void **state)
{
	(void)state;
	assert_forwarded_host("", "own");
	assert_forwarded_host(HOST "desk.example\r\n", "desk.example");
	assert_forwarded_host(
		HOST "desk.example:8443\r\n", "desk.example:8443");
	assert_forwarded_host(
		HOST "evil.example, desk.example\r\n", "desk.example");
	assert_forwarded_host(HOST "a\r\n" HOST "b\r\n", "b");
	assert_forwarded_host(HOST "\r\n", "own");
	assert_forwarded_host(HOST "a/b\r\n", "own");
	assert_forwarded_host(HOST "a@b\r\n", "own");
	assert_forwarded_host(HOST "a b\r\n", "own");
	assert_forwarded_host("Forwarded: host=evil.example\r\n", "own");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_of_text),
		cmocka_unit_test(test_binary_header),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_forwarded),
		cmocka_unit_test(test_forwarded_host),
		cmocka_unit_test(test_web_user),
		cmocka_unit_test(test_file_of_web_users),
	};

	return cmocka_run_group_tests_name("server_proxy", tests, NULL, NULL);
}
