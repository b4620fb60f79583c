#include "server/proxy/trusted_proxies.h"

#include <string.h>

bool trusted_proxies_init(struct trusted_proxies *proxies,
	const char *const *list, struct host_why *why)
{
	memset(proxies, 0, sizeof(*proxies));
	for (; list != NULL && *list != NULL; list++) {
		if (strcmp(*list, "unix") == 0)
			proxies->unix_sockets = true;
		else if (!host_rules_add(&proxies->rules, HOST_YES, *list, why))
			return false;
	}
	return true;
}

void trusted_proxies_finish(struct trusted_proxies *proxies)
{
	host_rules_finish(&proxies->rules);
}

bool trusted_proxies_has(
	const struct trusted_proxies *proxies, const struct address *address)
{
	static const struct address unix_socket;

	if (address_equal(address, &unix_socket))
		return proxies->unix_sockets;
	return host_rules_find(&proxies->rules, address) == HOST_YES;
}
