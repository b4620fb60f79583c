#include "websocket/upgrade.h"

#include <nettle/base64.h>
#include <nettle/sha1.h>
#include <string.h>

#include "websocket/origin.h"

enum {
	KEY_BYTES = 16,
	KEY_TEXT_BYTES = BASE64_ENCODE_RAW_LENGTH(KEY_BYTES),
	ACCEPT_TEXT_BYTES = BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE),
};

/* The constant every WebSocket server hashes with the key, RFC 6455 1.3. */
static const char handshake_guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

bool upgrade_is_asked(const struct http_request *request)
{
	struct http_text key;

	return http_request_lists(request, "Upgrade", "websocket") ||
	       http_request_field(request, "Sec-WebSocket-Key", &key);
}

static bool key_is_valid(const struct http_request *request)
{
	uint8_t decoded[BASE64_DECODE_LENGTH(KEY_TEXT_BYTES)];
	struct base64_decode_ctx context;
	struct http_text key;
	size_t length = 0;

	if (!http_request_field(request, "Sec-WebSocket-Key", &key) ||
		key.length != KEY_TEXT_BYTES)
		return false;
	base64_decode_init(&context);
	return base64_decode_update(
		       &context, &length, decoded, key.length, key.at) &&
	       base64_decode_final(&context) && length == KEY_BYTES;
}

static int check_form(const struct http_request *request, const char **problem)
{
	struct http_text version;

	if (request->is_head || request->is_http10) {
		*problem = "A WebSocket is opened by GET and HTTP/1.1.";
		return 400;
	}
	if (!http_request_lists(request, "Upgrade", "websocket") ||
		!http_request_lists(request, "Connection", "upgrade")) {
		*problem =
			"The WebSocket request lacks \"Upgrade: websocket\" "
			"or \"Connection: Upgrade\"; did a proxy drop it?";
		return 400;
	}
	http_request_field(request, "Sec-WebSocket-Version", &version);
	if (!http_text_is(version, "13")) {
		*problem = "Only version 13 of WebSocket is spoken here.";
		return 426;
	}
	if (!key_is_valid(request)) {
		*problem =
			"The Sec-WebSocket-Key field is missing or "
			"malformed.";
		return 400;
	}
	return 101;
}

int upgrade_check(const struct http_request *request,
	const struct http_policy *policy, const char **problem)
{
	struct http_text origin;
	int status = check_form(request, problem);

	/* Programs that are not browsers send none, and could send any. */
	if (status != 101 || !http_request_field(request, "Origin", &origin))
		return status;
	if (!origin_is_allowed(origin, request->host, policy->origins)) {
		*problem = "A web page from another host may not connect here.";
		return 403;
	}
	if (!origin_knows_host(request->host, policy->hosts, policy->origins)) {
		*problem =
			"This machine does not know the name the page was "
			"opened by: use its address, or allow the name "
			"with -origin.";
		return 403;
	}
	return 101;
}

static void compute_accept(struct http_text key, char accept[ACCEPT_TEXT_BYTES])
{
	uint8_t digest[SHA1_DIGEST_SIZE];
	struct sha1_ctx context;

	sha1_init(&context);
	sha1_update(&context, key.length, (const uint8_t *)key.at);
	sha1_update(&context, sizeof(handshake_guid) - 1,
		(const uint8_t *)handshake_guid);
	sha1_digest(&context, sizeof(digest), digest);
	base64_encode_raw(accept, sizeof(digest), digest);
}

/* With case, unlike other tokens: RFC 6455 section 4.2.2. */
static bool asks_for_binary(const struct http_request *request)
{
	struct http_text rest = request->fields, name, list, protocol;

	while (http_request_next_field(&rest, &name, &list)) {
		if (!http_text_is(name, "Sec-WebSocket-Protocol"))
			continue;
		while (http_text_next(&list, &protocol))
			if (protocol.length == 6 &&
				memcmp(protocol.at, "binary", 6) == 0)
				return true;
	}
	return false;
}

void upgrade_write(const struct http_request *request, struct buffer *head)
{
	char accept[ACCEPT_TEXT_BYTES];
	struct http_text key;

	http_request_field(request, "Sec-WebSocket-Key", &key);
	compute_accept(key, accept);
	buffer_text(head,
		"HTTP/1.1 101 Switching Protocols\r\n"
		"Upgrade: websocket\r\n"
		"Connection: Upgrade\r\n"
		"Sec-WebSocket-Accept: ");
	buffer_append(head, accept, sizeof(accept));
	if (asks_for_binary(request))
		buffer_text(head, "\r\nSec-WebSocket-Protocol: binary");
	buffer_text(head, "\r\n\r\n");
}
