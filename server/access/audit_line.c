#include "server/access/audit_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Each byte of a value may need a backslash; and key, quotes, comma. */
enum { MOST_PAIR = 2 * AUDIT_LINE_MOST_VALUE + 40 };

void audit_line_begin(struct audit_line *line, bool json)
{
	line->json = json;
	line->length = 0;
	line->text[0] = '\0';
	if (json)
		line->text[line->length++] = '{';
}

static void add_pair(struct audit_line *line, const char *pair)
{
	size_t length = strlen(pair), first = line->json ? 1 : 0;
	char separator = line->json ? ',' : ' ';

	/* Room for the separator, '}', a newline and the NUL. */
	if (line->length + length + 4 > sizeof(line->text))
		return;
	if (line->length > first)
		line->text[line->length++] = separator;
	memcpy(line->text + line->length, pair, length);
	line->length += length;
}

static bool needs_quotes(const char *value)
{
	return value[0] == '\0' || strpbrk(value, " \"=\\") != NULL;
}

static void quote(char *to, const char *value)
{
	*to++ = '"';
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			*to++ = '\\';
		*to++ = *value;
	}
	*to++ = '"';
	*to = '\0';
}

void audit_line_text(
	struct audit_line *line, const char *key, const char *value)
{
	char pair[MOST_PAIR];
	char *clean =
		text_printable(value, strlen(value), AUDIT_LINE_MOST_VALUE);
	int used = snprintf(
		pair, sizeof(pair), line->json ? "\"%s\":" : "%s=", key);

	if (line->json || needs_quotes(clean))
		quote(pair + used, clean);
	else
		strcpy(pair + used, clean);
	free(clean);
	add_pair(line, pair);
}

void audit_line_number(struct audit_line *line, const char *key, uint64_t n)
{
	char pair[MOST_PAIR];

	snprintf(pair, sizeof(pair),
		line->json ? "\"%s\":%" PRIu64 : "%s=%" PRIu64, key, n);
	add_pair(line, pair);
}

void audit_line_seconds(struct audit_line *line, const char *key, uint64_t ms)
{
	char pair[MOST_PAIR];

	snprintf(pair, sizeof(pair),
		line->json ? "\"%s\":%" PRIu64 ".%03u" : "%s=%" PRIu64 ".%03u",
		key, ms / 1000, (unsigned)(ms % 1000));
	add_pair(line, pair);
}

const char *audit_line_finish(struct audit_line *line)
{
	if (line->json)
		line->text[line->length++] = '}';
	line->text[line->length] = '\0';
	return line->text;
}
