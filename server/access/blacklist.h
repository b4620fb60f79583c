/* blacklist.h - addresses that gave wrong answers, and how long they wait.
 *
 * A wrong answer is one to a question that we asked: a wrong password, or a
 * token that there is not. Who connects and asks nothing, or leaves in the
 * middle, is not counted. Each wrong answer is told later than the one before
 * it; after as many as the options allow the address is not listened to for a
 * while, and after each further one twice as long. A viewer's right password is
 * a fresh start where it opens everything; a right token opens but one of many,
 * and is none.
 *
 * IPv6 addresses count by their /64: that is what one subscriber has.
 *
 * Owner:   embedded; a plain value of fixed size. When it is full, the address
 *          whose wrong answer is longest ago is forgotten.
 * Threads: the loop thread.
 * Units:   clock_ms().
 */
#ifndef SERVER_ACCESS_BLACKLIST_H
#define SERVER_ACCESS_BLACKLIST_H

#include <stdbool.h>
#include <stdint.h>

#include "server/access/address_book.h"

enum { BLACKLIST_MOST = 1024 };

struct blacklist_entry {
	struct address network;
	unsigned wrong;
	uint64_t last_guess; /* 0: none that is compared */
	uint64_t last_ms;
	uint64_t until_ms; /* not listened to before this */
};

struct blacklist {
	int count;
	struct blacklist_entry entries[BLACKLIST_MOST];
};

struct blacklist_limits {
	unsigned threshold; /* wrong answers; 0: any number */
	unsigned timeout_s; /* the first time */
};

/* How many ms to wait before the answer is told to be wrong. `guess` is 0, or a
 * digest of one that a program may repeat for ever, as a page does that comes
 * again by its old address: the last one given again is no guess more. */
unsigned blacklist_wrong(struct blacklist *list, const struct address *address,
	const struct blacklist_limits *limits, uint64_t guess, uint64_t now_ms);
/* It is not listened to for so long, whatever it answers. */
void blacklist_block(struct blacklist *list, const struct address *address,
	uint64_t now_ms, uint64_t for_ms);
void blacklist_right(struct blacklist *list, const struct address *address);

/* For how many ms more it is not listened to; 0: it is. */
uint64_t blacklist_remaining(const struct blacklist *list,
	const struct address *address, uint64_t now_ms);

#endif
