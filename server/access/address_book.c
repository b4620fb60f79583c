#include "server/access/address_book.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

struct address address_from(const struct sockaddr *name)
{
	struct address address = { { 0 } };

	if (name->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)name;

		memcpy(address.bytes, &in6->sin6_addr, 16);
	} else if (name->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)name;

		memcpy(address.bytes, mapped_prefix, 12);
		memcpy(address.bytes + 12, &in->sin_addr, 4);
	}
	return address;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static bool is_mapped(const struct address *address)
{
	return memcmp(address->bytes, mapped_prefix, 12) == 0;
}

struct address address_network(const struct address *address)
{
	struct address network = *address;

	if (!is_mapped(address))
		memset(network.bytes + 8, 0, 8);
	return network;
}

bool address_is_loopback(const struct address *address)
{
	static const uint8_t loopback[16] = { [15] = 1 };

	if (is_mapped(address))
		return address->bytes[12] == 127;
	return memcmp(address->bytes, loopback, 16) == 0;
}

bool address_parse(const char *text, struct address *address)
{
	if (inet_pton(AF_INET6, text, address->bytes) == 1)
		return true;
	memcpy(address->bytes, mapped_prefix, sizeof(mapped_prefix));
	return inet_pton(AF_INET, text, address->bytes + 12) == 1;
}

void address_format(const struct address *address, char *text)
{
	static const uint8_t none[16];

	if (memcmp(address->bytes, none, 16) == 0)
		strcpy(text, "local");
	else if (is_mapped(address))
		inet_ntop(AF_INET, address->bytes + 12, text, INET6_ADDRSTRLEN);
	else
		inet_ntop(AF_INET6, address->bytes, text, INET6_ADDRSTRLEN);
}

const struct address_entry *address_book_find(
	const struct address_book *book, const struct address *address)
{
	int i;

	for (i = 0; i < book->count; i++)
		if (address_equal(&book->entries[i].address, address))
			return &book->entries[i];
	return NULL;
}

static uint64_t last_ms(const struct address_entry *entry)
{
	return entry->http_ms > entry->rfb_ms ? entry->http_ms : entry->rfb_ms;
}

static struct address_entry *find_or_add(
	struct address_book *book, const struct address *address)
{
	struct address_entry *oldest = &book->entries[0];
	int i;

	for (i = 0; i < book->count; i++) {
		struct address_entry *entry = &book->entries[i];

		if (address_equal(&entry->address, address))
			return entry;
		if (last_ms(entry) < last_ms(oldest))
			oldest = entry;
	}
	if (book->count < ADDRESS_BOOK_MOST)
		oldest = &book->entries[book->count++];
	*oldest = (struct address_entry){ .address = *address };
	return oldest;
}

void address_book_spoke_http(
	struct address_book *book, const struct address *address)
{
	find_or_add(book, address)->http_ms = clock_ms();
}

void address_book_spoke_rfb(
	struct address_book *book, const struct address *address)
{
	find_or_add(book, address)->rfb_ms = clock_ms();
}
