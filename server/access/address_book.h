/* address_book.h - what each address spoke last, for those that are silent.
 *
 * A silent connection is a viewer that waits for the greeting, or a browser's
 * spare connection. Which is likelier is known from what came before.
 *
 * Owner:   embedded in struct server; a plain value.
 * Threads: the loop thread.
 * Units:   clock_ms().
 */
#ifndef SERVER_ADDRESS_BOOK_H
#define SERVER_ADDRESS_BOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* An IP address as 16 bytes (IPv4 mapped); all zero for a unix socket. */
struct address {
	uint8_t bytes[16];
};

struct address address_from(const struct sockaddr *name);
/* As people write it, without a port. */
bool address_parse(const char *text, struct address *address);
bool address_equal(const struct address *a, const struct address *b);
/* What one subscriber has: an IPv4 address, or the /64 of an IPv6 address. */
struct address address_network(const struct address *address);
bool address_is_loopback(const struct address *address);
/* As people write it, without the port; `text` holds 46 bytes. */
void address_format(const struct address *address, char *text);

/* More addresses than this push out the one that spoke longest ago. */
enum { ADDRESS_BOOK_MOST = 256 };

struct address_entry {
	struct address address;
	uint64_t http_ms, rfb_ms; /* 0: never */
};

struct address_book {
	int count;
	struct address_entry entries[ADDRESS_BOOK_MOST];
};

void address_book_spoke_http(
	struct address_book *book, const struct address *address);
void address_book_spoke_rfb(
	struct address_book *book, const struct address *address);
/* NULL where nothing is known; borrowed until the next call. */
const struct address_entry *address_book_find(
	const struct address_book *book, const struct address *address);

#endif
