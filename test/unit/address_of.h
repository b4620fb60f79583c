/* address_of.h - for tests: an address from what is written.
 */
#ifndef TEST_UNIT_ADDRESS_OF_H
#define TEST_UNIT_ADDRESS_OF_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include "server/access/address_book.h"

static inline struct address address_of(const char *text)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return address_from((struct sockaddr *)&four);
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return address_from((struct sockaddr *)&six);
}

#endif
