#include "websocket/http_text.h"

#include <limits.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool http_text_equal(struct http_text a, struct http_text b)
{
	size_t i;

	if (a.length != b.length)
		return false;
	for (i = 0; i < a.length; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

bool http_text_is(struct http_text text, const char *word)
{
	return http_text_equal(text, (struct http_text){ word, strlen(word) });
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct http_text http_text_trim(struct http_text text)
{
	while (text.length > 0 && is_blank(text.at[0])) {
		text.at++;
		text.length--;
	}
	while (text.length > 0 && is_blank(text.at[text.length - 1]))
		text.length--;
	return text;
}

struct http_text http_text_cut(struct http_text *text, char mark)
{
	struct http_text before = *text;
	const char *found =
		text->length ? memchr(text->at, mark, text->length) : NULL;

	if (found == NULL) {
		*text = (struct http_text){ NULL, 0 };
		return before;
	}
	before.length = (size_t)(found - text->at);
	text->at = found + 1;
	text->length -= before.length + 1;
	return before;
}

bool http_text_next(struct http_text *list, struct http_text *element)
{
	while (list->length > 0) {
		*element = http_text_trim(http_text_cut(list, ','));
		if (element->length > 0)
			return true;
	}
	return false;
}

bool http_text_number(struct http_text text, unsigned long long *number)
{
	unsigned long long value = 0;
	size_t i;

	for (i = 0; i < text.length; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		if (value > LLONG_MAX / 10)
			return false;
		value = value * 10 + (unsigned)(text.at[i] - '0');
		if (value > LLONG_MAX)
			return false;
	}
	*number = value;
	return text.length > 0;
}
