/* What proxies wrote into a request's head. The input is its fields; whatever
 * they are, what the last proxy adds behind them counts, and what its client
 * said before does not. */
#include <assert.h>
#include <string.h>

#include "base/buffer.h"
#include "server/proxy/forwarded.h"
#include "server/proxy/trusted_proxies.h"

enum { MOST_BYTES = 7000 }; /* with ours, below the limit of a head */

#define STRANGER "192.0.2.77"
#define PROXY "10.1.2.3"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

struct told {
	bool whole; /* it is a request at all */
	bool client_known, host_known, https;
	struct address client;
	char host[MOST_BYTES + 1];
};

static void check_host(const struct http_request *request,
	const struct buffer *head, const struct http_text *host)
{
	const char *start = (const char *)buffer_bytes(head);

	(void)request;
	assert(host->length > 0 && host->length <= MOST_BYTES);
	assert(host->at >= start &&
		host->at + host->length <= start + buffer_length(head));
	assert(memchr(host->at, ',', host->length) == NULL);
	assert(memchr(host->at, '\n', host->length) == NULL);
}

/* The fields with these lines around them. */
static void ask(const struct trusted_proxies *proxies, const char *before,
	const uint8_t *input, size_t length, const char *behind,
	struct told *told)
{
	struct http_request request;
	struct http_text host = { NULL, 0 };
	struct buffer head = { 0 };

	memset(told, 0, sizeof(*told));
	buffer_text(&head, "GET / HTTP/1.1\r\n");
	buffer_text(&head, before);
	buffer_append(&head, input, length);
	buffer_text(&head, "\r\n");
	buffer_text(&head, behind);
	buffer_text(&head, "Host: x\r\n\r\n");
	if (http_request_parse(buffer_bytes(&head), buffer_length(&head),
		    &request) == PARSE_DONE &&
		request.length == buffer_length(&head)) {
		told->whole = true;
		told->client_known =
			forwarded_client(&request, proxies, &told->client);
		told->https = forwarded_is_https(&request);
		told->host_known = forwarded_host(&request, &host);
	}
	if (told->host_known) {
		check_host(&request, &head, &host);
		memcpy(told->host, host.at, host.length);
	}
	buffer_finish(&head);
}

static struct address address_of(const char *text)
{
	struct address address;

	assert(address_parse(text, &address));
	return address;
}

static void check_lines_behind(const struct trusted_proxies *proxies,
	const uint8_t *input, size_t length, const struct told *alone)
{
	struct address stranger = address_of(STRANGER);
	struct address proxy = address_of(PROXY);
	struct told more;

	ask(proxies, "", input, length,
		"X-Forwarded-For: 198.51.100.1, [" STRANGER
		"]:80\r\nX-Forwarded-Host: a, our.example:8\r\n"
		"X-FORWARDED-PROTO: http,WSS\r\n",
		&more);
	assert(more.whole && more.client_known && more.host_known &&
		more.https && address_equal(&more.client, &stranger) &&
		strcmp(more.host, "our.example:8") == 0);
	ask(proxies, "", input, length,
		"X-Forwarded-For: " PROXY "\r\nX-Forwarded-Proto: http\r\n",
		&more);
	assert(more.client_known && !more.https);
	assert(address_equal(
		&more.client, alone->client_known ? &alone->client : &proxy));
	ask(proxies, "", input, length,
		"X-Forwarded-For: unknown\r\nX-Forwarded-Host: <>\r\n", &more);
	assert(!more.client_known && !more.host_known);
}

/* What a client invented in front changes nothing behind a known stranger. */
static void check_lines_before(const struct trusted_proxies *proxies,
	const uint8_t *input, size_t length, const struct told *alone)
{
	struct told more;

	ask(proxies,
		"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Host: evil\r\n"
		"X-Forwarded-Proto: https\r\n",
		input, length, "", &more);
	if (alone->client_known &&
		!trusted_proxies_has(proxies, &alone->client))
		assert(more.client_known &&
			address_equal(&more.client, &alone->client));
	if (alone->host_known)
		assert(more.host_known && strcmp(more.host, alone->host) == 0);
	assert(more.https || !alone->https);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	const char *const trusted[] = { "10.0.0.0/8", "2001:db8::/32", NULL };
	struct trusted_proxies proxies;
	struct host_why why;
	struct told alone;

	if (length > MOST_BYTES)
		length = MOST_BYTES;
	assert(trusted_proxies_init(&proxies, trusted, &why));
	ask(&proxies, "", input, length, "", &alone);
	if (alone.whole) {
		check_lines_behind(&proxies, input, length, &alone);
		check_lines_before(&proxies, input, length, &alone);
	}
	trusted_proxies_finish(&proxies);
	return 0;
}
