#include "server/tls/machine_names.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "server/access/host_names.h"

enum { TEMPORARY = 0x01, SCOPE_GLOBAL = 0x00, SCOPE_HOST = 0x10 };

static bool is_plain(const char *name)
{
	return strspn(name,
		       "abcdefghijklmnopqrstuvwxyz"
		       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") ==
		       strlen(name) &&
	       name[0] != '\0' && strlen(name) <= 253;
}

static bool has_name(const struct machine_names *names, const char *name)
{
	int i;

	for (i = 0; i < names->name_count; i++)
		if (strcmp(names->names[i], name) == 0)
			return true;
	return false;
}

static bool has_address(const struct machine_names *names,
	const struct machine_address *address)
{
	int i;

	for (i = 0; i < names->address_count; i++)
		if (memcmp(&names->addresses[i], address, sizeof(*address)) ==
			0)
			return true;
	return false;
}

static void add_name(struct machine_names *names, const char *name)
{
	if (!is_plain(name) || names->name_count == MACHINE_NAMES_MOST ||
		has_name(names, name))
		return;
	names->names[names->name_count++] = xstrdup(name);
}

static void add_address(
	struct machine_names *names, const struct machine_address *address)
{
	if (names->address_count == MACHINE_ADDRESSES_MOST ||
		has_address(names, address))
		return;
	names->addresses[names->address_count++] = *address;
}

static void add_ipv4(struct machine_names *names)
{
	struct ifaddrs *all, *one;

	if (getifaddrs(&all) < 0)
		return;
	for (one = all; one != NULL; one = one->ifa_next) {
		struct machine_address address = { .length = 4 };

		if (one->ifa_addr == NULL ||
			one->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(address.bytes,
			&((struct sockaddr_in *)one->ifa_addr)->sin_addr, 4);
		add_address(names, &address);
	}
	freeifaddrs(all);
}

bool machine_names_take_inet6(const char *line, struct machine_address *address)
{
	unsigned index, prefix, scope, flags;
	int i;

	*address = (struct machine_address){ .length = 16 };
	for (i = 0; i < 16; i++)
		if (sscanf(line + i * 2, "%2hhx", &address->bytes[i]) != 1)
			return false;
	if (sscanf(line + 32, " %x %x %x %x", &index, &prefix, &scope,
		    &flags) != 4)
		return false;
	return (scope == SCOPE_GLOBAL || scope == SCOPE_HOST) &&
	       !(flags & TEMPORARY);
}

/* getifaddrs() does not tell which are temporary. */
static void add_ipv6(struct machine_names *names)
{
	FILE *file = fopen("/proc/net/if_inet6", "re");
	struct machine_address address;
	char line[128];

	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strlen(line) > 40 &&
			machine_names_take_inet6(line, &address))
			add_address(names, &address);
	fclose(file);
}

static void add_listen(struct machine_names *names, const char *listen)
{
	struct machine_address four = { .length = 4 };
	struct machine_address six = { .length = 16 };

	if (inet_pton(AF_INET, listen, four.bytes) == 1)
		add_address(names, &four);
	else if (inet_pton(AF_INET6, listen, six.bytes) == 1)
		add_address(names, &six);
	else
		add_name(names, listen);
}

static void add_loopback(struct machine_names *names)
{
	struct machine_address four = { { 127, 0, 0, 1 }, 4 };
	struct machine_address six = { { [15] = 1 }, 16 };

	add_name(names, "localhost");
	add_address(names, &four);
	add_address(names, &six);
}

void machine_names_init(struct machine_names *names, char *const *listen)
{
	struct host_names host;
	int i;

	memset(names, 0, sizeof(*names));
	host_names_init(&host);
	for (i = 0; host.list[i] != NULL; i++)
		add_name(names, host.list[i]);
	host_names_finish(&host);
	add_loopback(names);
	for (; listen != NULL && *listen != NULL; listen++)
		if (strcmp(*listen, "0.0.0.0") != 0 &&
			strcmp(*listen, "::") != 0)
			add_listen(names, *listen);
	add_ipv4(names);
	add_ipv6(names);
}

void machine_names_finish(struct machine_names *names)
{
	int i;

	for (i = 0; i < names->name_count; i++)
		free(names->names[i]);
	memset(names, 0, sizeof(*names));
}

bool machine_names_cover(
	const struct machine_names *names, const struct machine_names *others)
{
	int i;

	for (i = 0; i < others->name_count; i++)
		if (!has_name(names, others->names[i]))
			return false;
	for (i = 0; i < others->address_count; i++)
		if (!has_address(names, &others->addresses[i]))
			return false;
	return true;
}
