/* What a peer speaks, and what an address spoke before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "server/access/address_book.h"
#include "server/sniff.h"

static void check_opening(const char *bytes, enum sniff_kind kind)
{
	size_t length = strlen(bytes), i;

	for (i = 0; i < length; i++)
		assert_int_equal(sniff((const uint8_t *)bytes, i), SNIFF_MORE);
	assert_int_equal(sniff((const uint8_t *)bytes, length), kind);
}

static void test_openings(void **state)
{
	(void)state;
	check_opening("\x16\x03", SNIFF_TLS);
	check_opening("RFB ", SNIFF_RFB);
	check_opening("GET ", SNIFF_HTTP);
	check_opening("HEAD ", SNIFF_HTTP);
	check_opening("POST ", SNIFF_HTTP);
	check_opening("PUT ", SNIFF_HTTP);
	check_opening("OPTIONS ", SNIFF_HTTP);
	check_opening("CONNECT ", SNIFF_HTTP);
	check_opening("PROXY ", SNIFF_PROXY);
	assert_int_equal(
		sniff((const uint8_t *)"\r\n\r\n\0\r\nQUIT\n", 11), SNIFF_MORE);
	assert_int_equal(sniff((const uint8_t *)"\r\n\r\n\0\r\nQUIT\n", 12),
		SNIFF_PROXY);
}

static void test_garbage_is_known_at_once(void **state)
{
	static const char *const garbage[] = { "\x80", "\x16\x02", "get ",
		"GEX", "RFC", "SSH-2.0", "\n", " GET" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++)
		assert_int_equal(
			sniff((const uint8_t *)garbage[i], strlen(garbage[i])),
			SNIFF_UNKNOWN);
	assert_int_equal(sniff((const uint8_t *)"\0", 1), SNIFF_UNKNOWN);
}

static void test_rest_does_not_matter(void **state)
{
	(void)state;
	assert_int_equal(
		sniff((const uint8_t *)"GET / HTTP/1.1", 14), SNIFF_HTTP);
	assert_int_equal(
		sniff((const uint8_t *)"\x16\x03\x01\0\xff", 5), SNIFF_TLS);
}

static struct address ipv4(uint32_t number)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
		.sin_addr = { htonl(number) } };

	return address_from((struct sockaddr *)&name);
}

static void test_address_text(void **state)
{
	struct sockaddr_in6 name = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct address address = ipv4(0x7f000001);
	char text[INET6_ADDRSTRLEN];

	(void)state;
	address_format(&address, text);
	assert_string_equal(text, "127.0.0.1");
	assert_true(address_is_loopback(&address));
	address = address_from((struct sockaddr *)&name);
	address_format(&address, text);
	assert_string_equal(text, "::1");
	assert_true(address_is_loopback(&address));
	address = ipv4(0x0a000001);
	assert_false(address_is_loopback(&address));
}

/* IPv4 through the dual socket is the same address as IPv4. */
static void test_mapped_is_ipv4(void **state)
{
	struct sockaddr_in6 name = { .sin6_family = AF_INET6 };
	struct address plain = ipv4(0x0a000001), mapped;

	(void)state;
	inet_pton(AF_INET6, "::ffff:10.0.0.1", &name.sin6_addr);
	mapped = address_from((struct sockaddr *)&name);
	assert_true(address_equal(&plain, &mapped));
}

static void test_book(void **state)
{
	struct address_book *book = calloc(1, sizeof(*book));
	struct address first = ipv4(1), other;
	const struct address_entry *entry;
	uint32_t i;

	(void)state;
	assert_null(address_book_find(book, &first));
	address_book_spoke_http(book, &first);
	entry = address_book_find(book, &first);
	assert_true(entry->http_ms > 0);
	assert_int_equal(entry->rfb_ms, 0);
	address_book_spoke_rfb(book, &first);
	assert_int_equal(book->count, 1);
	for (i = 2; i < 5000; i++) {
		other = ipv4(i);
		address_book_spoke_rfb(book, &other);
	}
	assert_int_equal(book->count, ADDRESS_BOOK_MOST);
	assert_non_null(address_book_find(book, &other));
	free(book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openings),
		cmocka_unit_test(test_garbage_is_known_at_once),
		cmocka_unit_test(test_rest_does_not_matter),
		cmocka_unit_test(test_address_text),
		cmocka_unit_test(test_mapped_is_ipv4),
		cmocka_unit_test(test_book),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
