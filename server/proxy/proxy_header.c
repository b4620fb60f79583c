#include "server/proxy/proxy_header.h"

#include <netinet/in.h>
#include <string.h>

static const char text_mark[] = "PROXY ";
static const uint8_t binary_mark[12] = { 0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
	0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a };

enum {
	MOST_LINE = 107, /* with its CR LF */
	BINARY_HEAD = 16,
	COMMAND_LOCAL = 0x20,
	COMMAND_PROXY = 0x21,
	OVER_TCP4 = 0x11,
	OVER_TCP6 = 0x21,
	TCP4_BYTES = 12, /* two addresses and two ports */
	TCP6_BYTES = 36,
};

/* ---- version 1 ---- */

/* Cuts off the word before the next blank, which must be there. */
static char *take_word(char **rest)
{
	char *word = *rest, *blank = word != NULL ? strchr(word, ' ') : NULL;

	if (blank == NULL)
		return NULL;
	*blank = '\0';
	*rest = blank + 1;
	return word;
}

static bool is_port(const char *text)
{
	size_t length = strspn(text, "0123456789");
	long number = 0;

	if (length == 0 || length > 5 || text[length] != '\0' ||
		(text[0] == '0' && length > 1))
		return false;
	for (; *text != '\0'; text++)
		number = number * 10 + (*text - '0');
	return number <= 65535;
}

static bool read_address(const char *text, int family, struct address *address)
{
	/* An IPv4 address has no colon, and an IPv6 one has. */
	return text != NULL &&
	       (strchr(text, ':') == NULL) == (family == AF_INET) &&
	       address_parse(text, address);
}

/* "TCP4 192.0.2.1 192.0.2.9 1234 5900", without its CR LF; used up. */
static bool read_line(char *line, struct proxy_header *header)
{
	struct address server;
	const char *protocol, *from;
	int family;

	if (strncmp(line, "UNKNOWN", 7) == 0)
		return line[7] == '\0' || line[7] == ' ';
	protocol = take_word(&line);
	if (protocol == NULL)
		return false;
	if (strcmp(protocol, "TCP4") != 0 && strcmp(protocol, "TCP6") != 0)
		return false;
	family = protocol[3] == '4' ? AF_INET : AF_INET6;
	if (!read_address(take_word(&line), family, &header->client) ||
		!read_address(take_word(&line), family, &server))
		return false;
	from = take_word(&line);
	header->has_client = from != NULL && is_port(from) && is_port(line);
	return header->has_client;
}

static enum parse_result parse_text(
	const uint8_t *bytes, size_t length, struct proxy_header *header)
{
	const size_t mark = sizeof(text_mark) - 1;
	const uint8_t *end = memchr(bytes, '\n', length);
	char line[MOST_LINE + 1];
	size_t count;

	if (end == NULL && length < MOST_LINE)
		return memchr(bytes, '\0', length) ? PARSE_BAD : PARSE_MORE;
	if (end == NULL || end - bytes >= MOST_LINE || end[-1] != '\r')
		return PARSE_BAD;
	header->length = (size_t)(end - bytes) + 1;
	count = header->length - 2 - mark;
	memcpy(line, bytes + mark, count);
	line[count] = '\0';
	if (strlen(line) != count)
		return PARSE_BAD;
	return read_line(line, header) ? PARSE_DONE : PARSE_BAD;
}

/* ---- version 2 ---- */

static void take_client(
	const uint8_t *addresses, int family, struct proxy_header *header)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	header->has_client = true;
	if (family == AF_INET) {
		memcpy(&four.sin_addr, addresses, 4);
		header->client = address_from((struct sockaddr *)&four);
	} else {
		memcpy(&six.sin6_addr, addresses, 16);
		header->client = address_from((struct sockaddr *)&six);
	}
}

static enum parse_result parse_binary(
	const uint8_t *bytes, size_t length, struct proxy_header *header)
{
	size_t rest;

	if (length >= 13 && bytes[12] != COMMAND_LOCAL &&
		bytes[12] != COMMAND_PROXY)
		return PARSE_BAD;
	if (length < BINARY_HEAD)
		return PARSE_MORE;
	rest = (size_t)bytes[14] << 8 | bytes[15];
	if (rest > PROXY_HEADER_MOST_BYTES - BINARY_HEAD)
		return PARSE_BAD;
	if (bytes[12] == COMMAND_PROXY &&
		((bytes[13] == OVER_TCP4 && rest < TCP4_BYTES) ||
			(bytes[13] == OVER_TCP6 && rest < TCP6_BYTES)))
		return PARSE_BAD;
	if (length < BINARY_HEAD + rest)
		return PARSE_MORE;
	header->length = BINARY_HEAD + rest;
	if (bytes[12] == COMMAND_PROXY && bytes[13] == OVER_TCP4)
		take_client(bytes + BINARY_HEAD, AF_INET, header);
	if (bytes[12] == COMMAND_PROXY && bytes[13] == OVER_TCP6)
		take_client(bytes + BINARY_HEAD, AF_INET6, header);
	return PARSE_DONE;
}

static bool begins(
	const uint8_t *bytes, size_t length, const void *mark, size_t size)
{
	return memcmp(bytes, mark, length < size ? length : size) == 0;
}

enum parse_result proxy_header_parse(
	const uint8_t *bytes, size_t length, struct proxy_header *header)
{
	const size_t text = sizeof(text_mark) - 1;
	const size_t binary = sizeof(binary_mark);

	memset(header, 0, sizeof(*header));
	if (length == 0)
		return PARSE_MORE;
	if (begins(bytes, length, text_mark, text))
		return length < text ? PARSE_MORE
				     : parse_text(bytes, length, header);
	if (begins(bytes, length, binary_mark, binary))
		return length < binary ? PARSE_MORE
				       : parse_binary(bytes, length, header);
	return PARSE_BAD;
}
