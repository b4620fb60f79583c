#include "server/network/proxy_talk.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	SOCKS4 = 4,
	SOCKS5 = 5,
	CONNECT = 1,
	GRANTED4 = 90,
	NO_LOGIN = 0,
	BY_PASSWORD = 2,
	ADDRESS_IPV4 = 1,
	ADDRESS_NAME = 3,
	ADDRESS_IPV6 = 4,
	SOCKS4_ANSWER = 8,
	SOCKS5_HEAD = 5, /* and so far the length of the name is known */
};

static size_t fail(struct proxy_talk *talk, const char *why)
{
	talk->result = PROXY_FAILED;
	snprintf(talk->why, sizeof(talk->why), "%s", why);
	return 0;
}

static size_t succeed(struct proxy_talk *talk, size_t taken)
{
	talk->result = PROXY_DONE;
	return taken;
}

/* ---- HTTP ---- */

static void add_base64(struct buffer *out, const char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i += 3) {
		uint32_t bits = (uint32_t)(uint8_t)text[i] << 16;
		char four[5] = "====";

		if (i + 1 < length)
			bits |= (uint32_t)(uint8_t)text[i + 1] << 8;
		if (i + 2 < length)
			bits |= (uint8_t)text[i + 2];
		for (size_t j = 0; j < 4 && i + j <= length; j++)
			four[j] = digits[bits >> (18 - 6 * j) & 63];
		buffer_text(out, four);
	}
}

static void ask_http(struct proxy_talk *talk, struct buffer *out)
{
	const struct proxy_url *url = talk->url;
	bool v6 = strchr(talk->host, ':') != NULL;
	char place[PROXY_URL_HOST_BYTES + 16];
	char both[2 * PROXY_URL_WORD_BYTES + 2];

	snprintf(place, sizeof(place), v6 ? "[%s]:%d" : "%s:%d", talk->host,
		talk->port);
	buffer_printf(out, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n", place, place);
	if (url->user[0] != '\0') {
		snprintf(both, sizeof(both), "%s:%s", url->user, url->password);
		buffer_text(out, "Proxy-Authorization: Basic ");
		add_base64(out, both);
		buffer_text(out, "\r\n");
	}
	buffer_text(out, "\r\n");
}

/* The status line, up to its end or what there is. */
static size_t refuse_http(struct proxy_talk *talk)
{
	const char *answer = (const char *)talk->answer;
	size_t length = 0;
	char *line;

	while (length < talk->have && answer[length] != '\r' &&
		answer[length] != '\n')
		length++;
	line = text_printable(answer, length, PROXY_TALK_WHY_BYTES / 2);
	snprintf(talk->why, sizeof(talk->why), "it said '%s'", line);
	free(line);
	talk->result = PROXY_FAILED;
	return 0;
}

static size_t hear_http(struct proxy_talk *talk, struct buffer *out)
{
	const char *answer = (const char *)talk->answer;
	const char *end = memmem(answer, talk->have, "\r\n\r\n", 4);

	(void)out;
	if (end == NULL)
		return 0;
	if (talk->have < 12 || memcmp(answer, "HTTP/1.", 7) != 0 ||
		answer[8] != ' ' || answer[9] != '2')
		return refuse_http(talk);
	return succeed(talk, (size_t)(end + 4 - answer));
}

/* ---- SOCKS4a ---- */

static void ask_socks4(struct proxy_talk *talk, struct buffer *out)
{
	uint8_t address[4] = { 0, 0, 0, 1 }; /* a name follows */
	bool is_name = inet_pton(AF_INET, talk->host, address) != 1;

	buffer_u8(out, SOCKS4);
	buffer_u8(out, CONNECT);
	buffer_u16(out, (uint16_t)talk->port);
	buffer_append(out, address, sizeof(address));
	buffer_u8(out, 0); /* no user */
	if (is_name)
		buffer_append(out, talk->host, strlen(talk->host) + 1);
}

static size_t hear_socks4(struct proxy_talk *talk, struct buffer *out)
{
	(void)out;
	if (talk->have < SOCKS4_ANSWER)
		return 0;
	if (talk->answer[0] != 0 || talk->answer[1] != GRANTED4)
		return fail(talk, "it refused (SOCKS4)");
	return succeed(talk, SOCKS4_ANSWER);
}

/* ---- SOCKS5 ---- */

static size_t hear_socks5(struct proxy_talk *talk, struct buffer *out)
{
	static const char *const reasons[] = { "it failed",
		"its rules forbid it", "network unreachable",
		"host unreachable", "connection refused", "it took too long",
		"it knows no CONNECT",
		"it does not know that kind of address" };
	static const uint8_t rest[] = {
		[ADDRESS_IPV4] = 4, [ADDRESS_IPV6] = 16
	};
	const uint8_t *answer = talk->answer;
	size_t size;

	(void)out;
	if (talk->have < 2)
		return 0;
	if (answer[0] != SOCKS5)
		return fail(talk, "it speaks no SOCKS5");
	if (answer[1] != 0)
		return fail(talk,
			answer[1] <= 8 ? reasons[answer[1] - 1] : "it refused");
	if (talk->have < SOCKS5_HEAD)
		return 0;
	if (answer[3] == ADDRESS_NAME)
		size = 1 + (size_t)answer[4];
	else if (answer[3] == ADDRESS_IPV4 || answer[3] == ADDRESS_IPV6)
		size = rest[answer[3]];
	else
		return fail(talk, "its answer makes no sense");
	size += 4 + 2; /* head and port */
	return talk->have < size ? 0 : succeed(talk, size);
}

static void ask_socks5(struct proxy_talk *talk, struct buffer *out)
{
	uint8_t address[16];

	buffer_u8(out, SOCKS5);
	buffer_u8(out, CONNECT);
	buffer_u8(out, 0);
	if (inet_pton(AF_INET, talk->host, address) == 1) {
		buffer_u8(out, ADDRESS_IPV4);
		buffer_append(out, address, 4);
	} else if (inet_pton(AF_INET6, talk->host, address) == 1) {
		buffer_u8(out, ADDRESS_IPV6);
		buffer_append(out, address, 16);
	} else {
		buffer_u8(out, ADDRESS_NAME);
		buffer_u8(out, (uint8_t)strlen(talk->host));
		buffer_text(out, talk->host);
	}
	buffer_u16(out, (uint16_t)talk->port);
	talk->stage = hear_socks5;
}

static size_t hear_login(struct proxy_talk *talk, struct buffer *out)
{
	if (talk->have < 2)
		return 0;
	if (talk->answer[1] != 0)
		return fail(talk, "wrong user or password for it");
	ask_socks5(talk, out);
	return 2;
}

static void say_login(struct proxy_talk *talk, struct buffer *out)
{
	const struct proxy_url *url = talk->url;

	buffer_u8(out, 1); /* RFC 1929's version */
	buffer_u8(out, (uint8_t)strlen(url->user));
	buffer_text(out, url->user);
	buffer_u8(out, (uint8_t)strlen(url->password));
	buffer_text(out, url->password);
	talk->stage = hear_login;
}

static size_t hear_methods(struct proxy_talk *talk, struct buffer *out)
{
	bool has_password = talk->url->user[0] != '\0';

	if (talk->have < 2)
		return 0;
	if (talk->answer[0] != SOCKS5)
		return fail(talk, "it speaks no SOCKS5");
	if (talk->answer[1] == NO_LOGIN)
		ask_socks5(talk, out);
	else if (talk->answer[1] == BY_PASSWORD && has_password)
		say_login(talk, out);
	else
		return fail(talk, has_password
					  ? "it takes no user and password"
					  : "it wants a user and a password");
	return 2;
}

static void offer_methods(struct proxy_talk *talk, struct buffer *out)
{
	bool has_password = talk->url->user[0] != '\0';

	buffer_u8(out, SOCKS5);
	buffer_u8(out, has_password ? 2 : 1);
	buffer_u8(out, NO_LOGIN);
	if (has_password)
		buffer_u8(out, BY_PASSWORD);
}

/* ---- all ---- */

static const struct {
	void (*ask)(struct proxy_talk *talk, struct buffer *out);
	size_t (*hear)(struct proxy_talk *talk, struct buffer *out);
} kinds[] = {
	[PROXY_HTTP] = { ask_http, hear_http },
	[PROXY_SOCKS4] = { ask_socks4, hear_socks4 },
	[PROXY_SOCKS5] = { offer_methods, hear_methods },
};

void proxy_talk_begin(struct proxy_talk *talk, const struct proxy_url *url,
	const char *host, int port, struct buffer *out)
{
	memset(talk, 0, sizeof(*talk));
	talk->url = url;
	talk->host = host;
	talk->port = port;
	talk->stage = kinds[url->kind].hear;
	kinds[url->kind].ask(talk, out);
}

enum proxy_result proxy_talk_receive(struct proxy_talk *talk,
	const uint8_t *bytes, size_t count, struct buffer *out)
{
	size_t taken;

	if (count > sizeof(talk->answer) - talk->have) {
		fail(talk, "its answer is too long");
		return talk->result;
	}
	memcpy(talk->answer + talk->have, bytes, count);
	talk->have += count;
	do {
		taken = talk->stage(talk, out);
		talk->have -= taken;
		memmove(talk->answer, talk->answer + taken, talk->have);
	} while (taken > 0 && talk->result == PROXY_MORE);
	if (talk->result == PROXY_DONE && talk->have > 0)
		fail(talk, "it said more than it was asked");
	return talk->result;
}
