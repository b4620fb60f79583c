#include "websocket/http_target.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"

static const struct http_text root = { "/", 1 };

static bool skip_scheme(struct http_text *text)
{
	static const char *const schemes[] = { "http://", "https://", "ws://",
		"wss://" };
	size_t i;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t length = strlen(schemes[i]);
		struct http_text begin = { text->at, length };

		if (text->length < length || !http_text_is(begin, schemes[i]))
			continue;
		text->at += length;
		text->length -= length;
		return true;
	}
	return false;
}

static size_t until(struct http_text text, const char *marks)
{
	size_t i;

	for (i = 0; i < text.length; i++)
		if (strchr(marks, text.at[i]) != NULL)
			break;
	return i;
}

bool http_target_parse(struct http_text text, struct http_target *target)
{
	*target = (struct http_target){ 0 };
	if (text.length == 0 || memchr(text.at, '#', text.length) != NULL)
		return false;
	if (text.at[0] != '/') {
		size_t length;

		if (!skip_scheme(&text))
			return false;
		length = until(text, "/?");
		target->authority = (struct http_text){ text.at, length };
		text.at += length;
		text.length -= length;
		if (length == 0)
			return false;
	}
	target->path = (struct http_text){ text.at, until(text, "?") };
	target->whole = text;
	if (target->path.length == 0) {
		/* "http://host?x": a query without a path means nothing to us.
		 */
		target->path = root;
		target->whole = root;
	}
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* -1 for what is no %xx. */
static int decode_one(struct http_text path, size_t at)
{
	int high, low;

	if (path.length - at < 3)
		return -1;
	high = hex_digit(path.at[at + 1]);
	low = hex_digit(path.at[at + 2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* NULL for a broken %xx, for %00, and for the %xx of `refused`. */
static char *decode(struct http_text text, char refused, bool plus_is_space)
{
	char *decoded = xmalloc(text.length + 1), *to = decoded;
	size_t i;

	for (i = 0; i < text.length; i++) {
		int value = (unsigned char)text.at[i];

		if (value == '%') {
			value = decode_one(text, i);
			if (value <= 0 || value == refused) {
				free(decoded);
				return NULL;
			}
			i += 2;
		} else if (value == '+' && plus_is_space) {
			value = ' ';
		}
		*to++ = (char)value;
	}
	*to = '\0';
	return decoded;
}

char *http_target_decode(struct http_text path)
{
	return decode(path, '/', false);
}

char *http_target_query(const char *target, const char *name)
{
	const char *at = target != NULL ? strchr(target, '?') : NULL;
	size_t length = strlen(name);

	while (at != NULL) {
		at++;
		if (strncmp(at, name, length) == 0 && at[length] == '=')
			return decode((struct http_text){ at + length + 1,
					      strcspn(at + length + 1, "&#") },
				'\0', true);
		at = strchr(at, '&');
	}
	return NULL;
}
