#include "websocket/host_name.h"

#include <string.h>

enum { MOST_NAME_BYTES = 255, MOST_PORT_DIGITS = 5 };

static bool only_of(struct http_text text, const char *others, bool letters)
{
	size_t i;

	for (i = 0; i < text.length; i++) {
		char c = text.at[i], small = (char)(c | 0x20);

		if (c >= '0' && c <= '9')
			continue;
		if (small >= 'a' && small <= (letters ? 'z' : 'f'))
			continue;
		if (c == '\0' || strchr(others, c) == NULL)
			return false;
	}
	return true;
}

static bool take_ipv6(struct http_text *text, struct host_name *host)
{
	struct http_text inside = { text->at + 1, text->length - 1 };

	inside = http_text_cut(&inside, ']');
	if (inside.length + 2 > text->length || inside.length < 2 ||
		!only_of(inside, ":.", false))
		return false;
	host->name = (struct http_text){ text->at, inside.length + 2 };
	text->at += host->name.length;
	text->length -= host->name.length;
	return true;
}

static bool take_name(struct http_text *text, struct host_name *host)
{
	const char *colon = memchr(text->at, ':', text->length);
	size_t length = colon ? (size_t)(colon - text->at) : text->length;

	host->name = (struct http_text){ text->at, length };
	text->at += length;
	text->length -= length;
	return length > 0 && only_of(host->name, "-._", true);
}

bool host_name_parse(struct http_text text, struct host_name *host)
{
	unsigned long long number;

	*host = (struct host_name){ 0 };
	if (text.length == 0 || text.length > MOST_NAME_BYTES)
		return false;
	if (text.at[0] == '[') {
		if (!take_ipv6(&text, host))
			return false;
	} else if (!take_name(&text, host)) {
		return false;
	}
	if (text.length == 0)
		return true;
	if (text.at[0] != ':')
		return false;
	host->port = (struct http_text){ text.at + 1, text.length - 1 };
	if (host->port.length == 0) /* "name:" is allowed, RFC 3986 3.2.3 */
		return true;
	return host->port.length <= MOST_PORT_DIGITS &&
	       http_text_number(host->port, &number) && number <= 65535;
}

static bool is_loopback(struct http_text name)
{
	return http_text_is(name, "localhost") ||
	       http_text_is(name, "127.0.0.1") || http_text_is(name, "[::1]");
}

bool host_name_same(const struct host_name *a, const struct host_name *b)
{
	return http_text_equal(a->name, b->name) ||
	       (is_loopback(a->name) && is_loopback(b->name));
}

bool host_name_is_ipv6(const struct host_name *host)
{
	return host->name.length > 0 && host->name.at[0] == '[';
}
