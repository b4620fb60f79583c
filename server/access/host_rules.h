/* host_rules.h - which addresses may connect: the forms of x11vnc's -allow and
 * of TigerVNC's HostsFile.
 *
 * The first rule that matches counts; where none does, the answer is no. A
 * connection through a unix socket has no address: the file's permissions
 * decide there, and the answer is yes.
 *
 * Owner:   host_rules_finish() frees.
 * Threads: any; pure.
 * Errors:  false; `why` then says what is wrong, with the text.
 */
#ifndef SERVER_ACCESS_HOST_RULES_H
#define SERVER_ACCESS_HOST_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "server/access/address_book.h"

enum host_answer { HOST_NO = '-', HOST_YES = '+', HOST_ASK = '?' };

struct host_rule {
	struct address network;
	unsigned bits; /* of the 128 that must agree */
	enum host_answer answer;
};

enum { HOST_RULES_MOST = 4096 };

struct host_rules {
	struct host_rule *rules;
	size_t count;
};

struct host_why {
	char text[160];
};

/* 10.0.0.1, 10.0.0.0/8, 10.0.0.0/255.0.0.0, 10. (a prefix), 2001:db8::/32,
 * [::1]; "" is everybody. */
bool host_rules_add(struct host_rules *rules, enum host_answer answer,
	const char *text, struct host_why *why);
void host_rules_add_address(struct host_rules *rules, enum host_answer answer,
	const struct address *address);

/* A HostsFile: lines of '+', '-' or '?' and an address, '#' begins a comment.
 * `text` is used up. */
bool host_rules_parse(
	struct host_rules *rules, char *text, struct host_why *why);
/* The same for -allow's file: lines of addresses that may. */
bool host_rules_parse_allowed(
	struct host_rules *rules, char *text, struct host_why *why);

enum host_answer host_rules_find(
	const struct host_rules *rules, const struct address *address);

void host_rules_finish(struct host_rules *rules);

#endif
