#include "base/text.h"

#include <string.h>

#include "base/transliteration.h"
#include "base/xmalloc.h"

/* Length of the well-formed sequence at `at`, 0 when broken (RFC 3629). */
static size_t sequence_length(const char *at, const char *end)
{
	const uint8_t *p = (const uint8_t *)at;
	size_t left = (size_t)(end - at), length, i;
	uint32_t code_point;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] < 0xe0)
		length = 2;
	else if (p[0] >= 0xe0 && p[0] < 0xf0)
		length = 3;
	else if (p[0] >= 0xf0 && p[0] < 0xf5)
		length = 4;
	else
		return 0;
	if (left < length)
		return 0;
	code_point = p[0] & (0x7f >> length);
	for (i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code_point = code_point << 6 | (p[i] & 0x3f);
	}
	if (length == 3 && (code_point < 0x800 || (code_point >= 0xd800 &&
							  code_point < 0xe000)))
		return 0;
	if (length == 4 && (code_point < 0x10000 || code_point > 0x10ffff))
		return 0;
	return length;
}

bool text_is_utf8(const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		size_t step = sequence_length(text, end);

		if (step == 0)
			return false;
		text += step;
	}
	return true;
}

uint32_t text_next(const char **at, const char *end)
{
	size_t length = sequence_length(*at, end), i;
	const uint8_t *p = (const uint8_t *)*at;
	uint32_t code_point;

	if (length == 0) {
		*at += 1;
		return 0xfffd;
	}
	*at += length;
	if (length == 1)
		return p[0];
	code_point = p[0] & (0x7f >> length);
	for (i = 1; i < length; i++)
		code_point = code_point << 6 | (p[i] & 0x3f);
	return code_point;
}

size_t text_put(char *to, uint32_t code_point)
{
	if (code_point < 0x80) {
		to[0] = (char)code_point;
		return 1;
	}
	if (code_point < 0x800) {
		to[0] = (char)(0xc0 | code_point >> 6);
		to[1] = (char)(0x80 | (code_point & 0x3f));
		return 2;
	}
	if (code_point < 0x10000) {
		to[0] = (char)(0xe0 | code_point >> 12);
		to[1] = (char)(0x80 | (code_point >> 6 & 0x3f));
		to[2] = (char)(0x80 | (code_point & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | code_point >> 18);
	to[1] = (char)(0x80 | (code_point >> 12 & 0x3f));
	to[2] = (char)(0x80 | (code_point >> 6 & 0x3f));
	to[3] = (char)(0x80 | (code_point & 0x3f));
	return 4;
}

char *text_from_latin1(const uint8_t *bytes, size_t length)
{
	char *utf8 = xmalloc(length * 2 + 1), *to = utf8;
	size_t i;

	for (i = 0; i < length; i++)
		to += text_put(to, bytes[i]);
	*to = '\0';
	return utf8;
}

char *text_to_latin1(const char *utf8, size_t *length)
{
	const char *end = utf8 + strlen(utf8);
	/* Substitutes are less than twice as long as the UTF-8 they are for.
	 */
	char *latin1 = xmalloc((size_t)(end - utf8) * 2 + 1), *to = latin1;

	while (utf8 < end) {
		uint32_t code_point = text_next(&utf8, end);

		if (code_point < 0x100)
			*to++ = (char)code_point;
		else
			to = stpcpy(to, transliteration_find(code_point));
	}
	*to = '\0';
	*length = (size_t)(to - latin1);
	return latin1;
}

/* CR LF and lone CR become LF, in place. */
static size_t unify_line_ends(char *text)
{
	char *from = text, *to = text;

	while (*from != '\0') {
		if (*from == '\r') {
			if (from[1] == '\n')
				from++;
			*from = '\n';
		}
		*to++ = *from++;
	}
	*to = '\0';
	return (size_t)(to - text);
}

/* Valid UTF-8, U+FFFD for each broken byte. */
static char *repair(const char *bytes, size_t count)
{
	const char *end = bytes + count;
	char *utf8 = xmalloc(count * 3 + 1), *to = utf8;

	while (bytes < end)
		to += text_put(to, text_next(&bytes, end));
	*to = '\0';
	return utf8;
}

char *text_from_stranger(const void *bytes, size_t count, size_t *length)
{
	const char *nul = count > 0 ? memchr(bytes, '\0', count) : NULL;
	char *text;

	if (count == 0)
		bytes = "";
	if (nul != NULL)
		count = (size_t)(nul - (const char *)bytes);
	text = text_is_utf8(bytes, count) ? xstrndup(bytes, count)
					  : repair(bytes, count);
	*length = unify_line_ends(text);
	return text;
}

char *text_printable(const char *bytes, size_t length, size_t limit)
{
	const char *end = bytes + length;
	char *clean = xmalloc(limit + 5), *to = clean;

	while (bytes < end && (size_t)(to - clean) < limit) {
		size_t step = sequence_length(bytes, end);
		uint32_t code_point;

		if (step == 0) {
			code_point = (uint8_t)*bytes++;
		} else {
			code_point = text_next(&bytes, end);
		}
		if (code_point < 0x20 ||
			(code_point >= 0x7f && code_point < 0xa0))
			code_point = '?';
		to += text_put(to, code_point);
	}
	if ((size_t)(to - clean) > limit) /* the last one did not fit */
		do
			to--;
		while (((uint8_t)*to & 0xc0) == 0x80);
	*to = '\0';
	return clean;
}
