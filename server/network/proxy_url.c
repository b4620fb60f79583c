#include "server/network/proxy_url.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *scheme;
	enum proxy_kind kind;
	int port;
} schemes[] = {
	{ "socks5://", PROXY_SOCKS5, 1080 },
	{ "socks4a://", PROXY_SOCKS4, 1080 },
	{ "socks4://", PROXY_SOCKS4, 1080 },
	{ "socks://", PROXY_SOCKS4, 1080 },
	{ "http://", PROXY_HTTP, 80 },
	{ "", PROXY_HTTP, 80 },
};

static bool copy(char *to, size_t size, const char *from, size_t length)
{
	if (length == 0 || length >= size)
		return false;
	memcpy(to, from, length);
	to[length] = '\0';
	return true;
}

static bool read_port(const char *text, int *port)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 5 || text[digits] != '\0')
		return false;
	for (*port = 0; digits > 0; digits--)
		*port = *port * 10 + *text++ - '0';
	return *port > 0 && *port <= 65535;
}

static bool read_place(struct proxy_url *url, const char *text)
{
	const char *end = text + strcspn(text, ":");

	if (*text == '[') {
		end = strchr(++text, ']');
		if (end == NULL)
			return false;
	}
	if (!copy(url->host, sizeof(url->host), text, (size_t)(end - text)))
		return false;
	end += *end == ']';
	return *end == '\0' || (*end == ':' && read_port(end + 1, &url->port));
}

/* USER:PASSWORD, which may hold an '@' or a ':' of its own. */
static bool read_user(struct proxy_url *url, const char *text, size_t length)
{
	size_t user = strcspn(text, ":");

	return user < length &&
	       copy(url->user, sizeof(url->user), text, user) &&
	       copy(url->password, sizeof(url->password), text + user + 1,
		       length - user - 1);
}

bool proxy_url_parse(struct proxy_url *url, const char *text)
{
	char whole[PROXY_URL_HOST_BYTES + 2 * PROXY_URL_WORD_BYTES + 16];
	size_t i = 0, length;
	char *at;

	memset(url, 0, sizeof(*url));
	while (strncasecmp(text, schemes[i].scheme, strlen(schemes[i].scheme)))
		i++;
	url->kind = schemes[i].kind;
	url->port = schemes[i].port;
	text += strlen(schemes[i].scheme);
	length = strlen(text);
	length -= length > 0 && text[length - 1] == '/';
	if (!copy(whole, sizeof(whole), text, length) ||
		strpbrk(whole, "/ \t\r\n") != NULL)
		return false;
	at = strrchr(whole, '@');
	if (at == NULL)
		return read_place(url, whole);
	return url->kind != PROXY_SOCKS4 &&
	       read_user(url, whole, (size_t)(at - whole)) &&
	       read_place(url, at + 1);
}
