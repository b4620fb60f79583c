#include "server/proxy/forwarded.h"

#include <netinet/in.h>
#include <string.h>

#include "server/proxy/trusted_proxies.h"
#include "websocket/host_name.h"

/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80". */
static bool read_address(struct http_text text, struct address *address)
{
	char copy[INET6_ADDRSTRLEN + 8], *at = copy, *end;

	if (text.length == 0 || text.length >= sizeof(copy))
		return false;
	memcpy(copy, text.at, text.length);
	copy[text.length] = '\0';
	if (copy[0] == '[') {
		end = strchr(copy, ']');
		at++;
	} else {
		end = strchr(copy, ':');
		if (end != NULL && strchr(end + 1, ':') != NULL)
			end = NULL; /* IPv6, not a port */
	}
	if (end != NULL)
		*end = '\0';
	return address_parse(at, address);
}

bool forwarded_client(const struct http_request *request,
	const struct trusted_proxies *proxies, struct address *client)
{
	struct http_text rest = request->fields, name, list, element;
	struct address address;
	bool found = false;

	/* From left to right: an untrusted one makes all before it worthless,
	 * and a trusted one leaves the one before it standing. */
	while (http_request_next_field(&rest, &name, &list)) {
		if (!http_text_is(name, "X-Forwarded-For"))
			continue;
		while (http_text_next(&list, &element)) {
			if (!read_address(element, &address)) {
				found = false;
				continue;
			}
			if (found && trusted_proxies_has(proxies, &address))
				continue;
			*client = address;
			found = true;
		}
	}
	return found;
}

/* The last element of all fields of that name; what stands before may be the
 * client's own. */
static bool last_of(const struct http_request *request, const char *field,
	struct http_text *last)
{
	struct http_text rest = request->fields, name, list, element;
	bool found = false;

	while (http_request_next_field(&rest, &name, &list)) {
		if (!http_text_is(name, field))
			continue;
		while (http_text_next(&list, &element)) {
			*last = element;
			found = true;
		}
	}
	return found;
}

bool forwarded_host(const struct http_request *request, struct http_text *host)
{
	struct host_name parts;
	struct http_text last;

	if (!last_of(request, "X-Forwarded-Host", &last) ||
		!host_name_parse(last, &parts))
		return false;
	*host = last;
	return true;
}

bool forwarded_is_https(const struct http_request *request)
{
	struct http_text last;

	return last_of(request, "X-Forwarded-Proto", &last) &&
	       (http_text_is(last, "https") || http_text_is(last, "wss"));
}
