/* trusted_proxies.h - the proxies that are believed what they say of their
 * clients (-trustproxy).
 *
 * Owner:   embedded; trusted_proxies_finish() frees.
 * Threads: the loop thread.
 */
#ifndef SERVER_PROXY_TRUSTED_PROXIES_H
#define SERVER_PROXY_TRUSTED_PROXIES_H

#include <stdbool.h>

#include "server/access/host_rules.h"

struct trusted_proxies {
	struct host_rules rules;
	bool unix_sockets;
};

/* `list` (ended by NULL; may be NULL): the forms of host_rules_add(), and
 * "unix" for whoever comes through a unix socket. */
bool trusted_proxies_init(struct trusted_proxies *proxies,
	const char *const *list, struct host_why *why);
void trusted_proxies_finish(struct trusted_proxies *proxies);

bool trusted_proxies_has(
	const struct trusted_proxies *proxies, const struct address *address);

#endif
