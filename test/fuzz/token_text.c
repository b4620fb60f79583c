/* A file of tokens as somebody may have written it, and what is asked of it:
 * the input's first line is the token, the rest the file. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/buffer.h"
#include "base/xmalloc.h"
#include "server/relay/relay_target.h"
#include "server/relay/token_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static bool is_same(const struct relay_target *a, const struct relay_target *b)
{
	return a->kind == b->kind && a->port == b->port &&
	       strcmp(a->place, b->place) == 0;
}

static void check_target(bool found, const struct relay_target *target)
{
	char text[RELAY_TARGET_TEXT_BYTES];
	struct relay_target again;

	assert(found == (target->kind != RELAY_NOWHERE));
	assert(memchr(target->place, '\0', sizeof(target->place)) != NULL);
	relay_target_format(target, text);
	assert(memchr(text, '\0', sizeof(text)) != NULL);
	if (target->kind == RELAY_LOCAL)
		assert(strlen(text) <
			sizeof(((struct sockaddr_un *)NULL)->sun_path));
	if (target->kind != RELAY_TCP)
		return;
	assert(target->port > 0 && target->port <= 65535);
	/* What is logged is what would be written. */
	assert(relay_target_parse(&again, text, strlen(text)));
	assert(is_same(target, &again));
}

/* Whether a line can begin with it. */
static bool is_writable(const char *token)
{
	size_t length = strlen(token);

	return length > 0 && token[0] != '#' &&
	       strpbrk(token, " \t\r\n\v\f") == NULL;
}

/* Lines that mean nothing change nothing, and the last line of a token is the
 * one that counts. */
static void check_lines(const char *token, const char *text, size_t length,
	bool found, const struct relay_target *target)
{
	static const char nothing[] = "\n# x: 127.0.0.1:1\n\n\t\r\n";
	struct buffer more = { 0 };
	struct relay_target other = { 0 };

	buffer_append(&more, text, length);
	buffer_text(&more, nothing);
	assert(token_text_find((const char *)buffer_bytes(&more),
		       buffer_length(&more), token, &other) == found);
	assert(is_same(target, &other));
	if (is_writable(token)) {
		buffer_printf(&more, "%s: \t[::1]:59%02d\r\n", token, 7);
		assert(token_text_find((const char *)buffer_bytes(&more),
			buffer_length(&more), token, &other));
		assert(other.kind == RELAY_TCP && other.port == 5907);
		assert(strcmp(other.place, "::1") == 0);
	}
	buffer_finish(&more);
}

/* What is left out is shown as dots, which may be what it was. */
static void check_shown(const char *token)
{
	char shown[TOKEN_SHOWN_BYTES];

	token_text_shorten(token, shown);
	assert(memchr(shown, '\0', sizeof(shown)) != NULL);
	assert(strlen(token) < 4 || strstr(token, "..") != NULL ||
		strstr(shown, token) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	const uint8_t *end = length > 0 ? memchr(input, '\n', length) : NULL;
	size_t token_length = end != NULL ? (size_t)(end - input) : 0;
	struct relay_target target = { 0 };
	const char *text;
	char *token;
	bool found;

	if (end == NULL || token_length >= TOKEN_MOST_BYTES)
		return 0;
	token = xstrndup((const char *)input, token_length);
	text = (const char *)end + 1;
	length -= token_length + 1;
	found = token_text_find(text, length, token, &target);
	check_target(found, &target);
	check_lines(token, text, length, found, &target);
	check_shown(token);
	memset(&target, 0, sizeof(target));
	check_target(token_text_target(text, length, &target), &target);
	free(token);
	return 0;
}
