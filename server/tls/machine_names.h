/* machine_names.h - every name and address by which a browser may reach this
 * machine, as far as it knows without asking anybody.
 *
 * Owner:   a plain value; machine_names_finish() frees the texts.
 * Threads: the loop thread.
 */
#ifndef SERVER_TLS_MACHINE_NAMES_H
#define SERVER_TLS_MACHINE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MACHINE_NAMES_MOST = 8, MACHINE_ADDRESSES_MOST = 64 };

struct machine_address {
	uint8_t bytes[16];
	unsigned length; /* 4 or 16 */
};

struct machine_names {
	char *names[MACHINE_NAMES_MOST];
	int name_count;
	struct machine_address addresses[MACHINE_ADDRESSES_MOST];
	int address_count;
};

/* `listen` are more names, ended by NULL; it may be NULL. */
void machine_names_init(struct machine_names *names, char *const *listen);
void machine_names_finish(struct machine_names *names);
/* Whether all of `others` are among them. */
bool machine_names_cover(
	const struct machine_names *names, const struct machine_names *others);

/* One line of Linux's /proc/net/if_inet6. False for addresses that no URL can
 * have (link-local ones) or that are soon gone (privacy extensions): a
 * certificate with those in it would have to be renewed each day. */
bool machine_names_take_inet6(
	const char *line, struct machine_address *address);

#endif
