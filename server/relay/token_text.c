#include "server/relay/token_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "server/relay/relay_target.h"

enum { SHOWN_LETTERS = 3 };

struct span {
	const char *at;
	size_t length;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' ||
	       c == '\f';
}

static struct span trim(struct span span)
{
	while (span.length > 0 && is_blank(span.at[0])) {
		span.at++;
		span.length--;
	}
	while (span.length > 0 && is_blank(span.at[span.length - 1]))
		span.length--;
	return span;
}

static bool next_line(struct span *rest, struct span *line)
{
	const char *end;

	if (rest->length == 0)
		return false;
	end = memchr(rest->at, '\n', rest->length);
	*line = *rest;
	if (end != NULL)
		line->length = (size_t)(end - rest->at) + 1;
	rest->at += line->length;
	rest->length -= line->length;
	*line = trim(*line);
	return true;
}

/* The place of the colon that a blank follows. */
static bool find_colon(struct span line, size_t *at)
{
	size_t i;

	for (i = 0; i + 1 < line.length; i++)
		if (line.at[i] == ':' && is_blank(line.at[i + 1])) {
			*at = i;
			return true;
		}
	return false;
}

bool token_text_find(const char *text, size_t length, const char *token,
	struct relay_target *target)
{
	struct span rest = { text, length }, line, last = { NULL, 0 };
	size_t colon, token_length = strlen(token);

	while (next_line(&rest, &line)) {
		if (line.length == 0 || line.at[0] == '#' ||
			!find_colon(line, &colon) || colon != token_length ||
			memcmp(line.at, token, colon) != 0)
			continue;
		last.at = line.at + colon + 1;
		last.length = line.length - colon - 1;
	}
	if (token_length == 0 || last.at == NULL)
		return false;
	last = trim(last);
	return relay_target_parse(target, last.at, last.length);
}

bool token_text_target(
	const char *text, size_t length, struct relay_target *target)
{
	struct span all = trim((struct span){ text, length });

	return all.length > 0 && relay_target_parse(target, all.at, all.length);
}

void token_text_shorten(const char *token, char shown[TOKEN_SHOWN_BYTES])
{
	size_t length = strlen(token), i;
	char start[SHOWN_LETTERS + 1] = "";

	/* A short one would be shown nearly whole. */
	for (i = 0; i < SHOWN_LETTERS && i + SHOWN_LETTERS < length; i++)
		start[i] = isgraph((unsigned char)token[i]) ? token[i] : '?';
	snprintf(shown, TOKEN_SHOWN_BYTES, "%s... (%zu bytes)", start, length);
}
