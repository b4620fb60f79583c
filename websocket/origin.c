#include "websocket/origin.h"

#include <string.h>

#include "websocket/host_name.h"

/* "https://a.example:8443" into "https" and its host. */
static bool split(struct http_text origin, struct http_text *scheme,
	struct host_name *host)
{
	*scheme = http_text_cut(&origin, ':');
	if (scheme->length == 0 || origin.length < 2 || origin.at[0] != '/' ||
		origin.at[1] != '/')
		return false;
	return host_name_parse(
		(struct http_text){ origin.at + 2, origin.length - 2 }, host);
}

static struct http_text port_of(
	struct http_text scheme, const struct host_name *host)
{
	if (host->port.length > 0)
		return host->port;
	if (http_text_is(scheme, "https"))
		return (struct http_text){ "443", 3 };
	if (http_text_is(scheme, "http"))
		return (struct http_text){ "80", 2 };
	return host->port;
}

static bool entry_allows(const char *entry, struct http_text origin)
{
	struct http_text scheme, text = { entry, strlen(entry) };
	struct host_name host, listed;

	if (http_text_is(text, "*") || http_text_equal(text, origin))
		return true;
	if (!split(origin, &scheme, &host))
		return false;
	if (strstr(entry, "://") != NULL) {
		struct http_text listed_scheme;

		return split(text, &listed_scheme, &listed) &&
		       http_text_equal(listed_scheme, scheme) &&
		       http_text_equal(listed.name, host.name) &&
		       http_text_equal(port_of(listed_scheme, &listed),
			       port_of(scheme, &host));
	}
	if (!host_name_parse(text, &listed) ||
		!http_text_equal(listed.name, host.name))
		return false;
	return listed.port.length == 0 ||
	       http_text_equal(listed.port, port_of(scheme, &host));
}

bool origin_is_allowed(struct http_text origin, struct http_text host,
	const char *const *allowed)
{
	struct http_text scheme;
	struct host_name from, here;

	if (split(origin, &scheme, &from) && host_name_parse(host, &here) &&
		host_name_same(&from, &here))
		return true;
	for (; allowed != NULL && *allowed != NULL; allowed++)
		if (entry_allows(*allowed, origin))
			return true;
	return false;
}

static bool is_address(const struct host_name *host)
{
	size_t i;

	if (host_name_is_ipv6(host) || http_text_is(host->name, "localhost"))
		return true;
	for (i = 0; i < host->name.length; i++)
		if (host->name.at[i] != '.' &&
			(host->name.at[i] < '0' || host->name.at[i] > '9'))
			return false;
	return true;
}

/* An entry as origin_is_allowed() takes it; its host's name alone counts. */
static bool entry_names(const char *entry, struct http_text name)
{
	const char *slashes = strstr(entry, "://");
	const char *begin = slashes ? slashes + 3 : entry;
	struct host_name listed;

	if (strcmp(entry, "*") == 0)
		return true;
	return host_name_parse(
		       (struct http_text){ begin, strlen(begin) }, &listed) &&
	       http_text_equal(listed.name, name);
}

static bool list_names(const char *const *entries, struct http_text name)
{
	for (; entries != NULL && *entries != NULL; entries++)
		if (entry_names(*entries, name))
			return true;
	return false;
}

bool origin_knows_host(struct http_text host, const char *const *hosts,
	const char *const *origins)
{
	struct host_name here;

	if (hosts == NULL)
		return true;
	if (!host_name_parse(host, &here))
		return false;
	return is_address(&here) || list_names(hosts, here.name) ||
	       list_names(origins, here.name);
}
