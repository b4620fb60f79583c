#include "server/options/option_value.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/xmalloc.h"
#include "server/options/options.h"

static bool refuse(struct option_why *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool refuse(struct option_why *why, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(why->text, sizeof(why->text), format, list);
	va_end(list);
	return false;
}

static void *field(struct options *options, size_t offset)
{
	return (char *)options + offset;
}

bool option_value_truth(const char *text, bool *truth)
{
	static const char *const words[] = { "0", "1", "no", "yes", "false",
		"true", "off", "on" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcasecmp(text, words[i])) {
			*truth = i % 2;
			return true;
		}
	}
	return false;
}

bool option_value_is_number(const char *text)
{
	text += *text == '-';
	return *text && text[strspn(text, "0123456789")] == '\0';
}

/* The styles of x11vnc's -cursor. */
static bool is_cursor_style(const char *text)
{
	static const char *const styles[] = { "none", "arrow", "X", "some",
		"most", "default" };

	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		if (!strcmp(text, styles[i]))
			return true;
	}
	return false;
}

bool option_value_fits(const struct option_entry *entry, const char *text)
{
	bool truth;

	switch (entry->kind) {
	case OPTION_FLAG:
	case OPTION_WORD:
		return option_value_truth(text, &truth);
	case OPTION_NUMBER_OR_NONE:
		return option_value_is_number(text);
	case OPTION_CURSOR:
		return is_cursor_style(text);
	case OPTION_SUFFIX:
		return text[0] >= '0' && text[0] <= '9';
	case OPTION_TEXT_OR_NONE:
	case OPTION_WORDS:
		return text[0] != '-';
	default:
		return true;
	}
}

static bool refuse_truth(const char *text, struct option_why *why)
{
	return refuse(why, "'%s' is neither yes nor no (and it needs no value)",
		text);
}

static bool store_flag(const struct option_entry *entry, bool opposite,
	const char *text, bool *to, struct option_why *why)
{
	bool truth = true;

	if (text && !option_value_truth(text, &truth))
		return refuse_truth(text, why);
	*to = (truth != opposite) == entry->value;
	return true;
}

static bool store_number(const struct option_entry *entry, const char *text,
	int *to, struct option_why *why)
{
	long number;
	char *end;

	if (entry->word && !strcmp(text, entry->word)) {
		*to = entry->word_number;
		return true;
	}
	errno = 0;
	number = strtol(text, &end, 10);
	if (!option_value_is_number(text) || *end || errno ||
		number < entry->least || number > entry->most)
		return refuse(why, "'%s' is not a number from %d to %d", text,
			entry->least, entry->most);
	*to = (int)number;
	return true;
}

static void store_text(const char *text, char **to)
{
	free(*to);
	*to = xstrdup(text);
}

/* A yes stores the word, a no leaves the field alone. */
static bool store_word(const struct option_entry *entry, const char *text,
	char **to, struct option_why *why)
{
	bool truth = true;

	if (text && !option_value_truth(text, &truth))
		return refuse_truth(text, why);
	if (truth)
		store_text(entry->word, to);
	return true;
}

static bool store_choice(const struct option_entry *entry, const char *text,
	char **to, struct option_why *why)
{
	const char *at = entry->argument;
	size_t length = strlen(text);

	while (length) {
		size_t span = strcspn(at, "|");

		if (span == length && !strncmp(at, text, length)) {
			store_text(text, to);
			return true;
		}
		if (!at[span])
			break;
		at += span + 1;
	}
	return refuse(why, "'%s' is not one of %s", text, entry->argument);
}

static void list_add(char ***list, const char *text, size_t length)
{
	size_t count = 0;
	char **longer;

	while (*list && (*list)[count])
		count++;
	longer = xcalloc(count + 2, sizeof(*longer));
	if (count)
		memcpy(longer, *list, count * sizeof(*longer));
	longer[count] = xstrndup(text, length);
	free(*list);
	*list = longer;
}

static void store_list(const char *text, char ***to)
{
	while (*text) {
		size_t length = strcspn(text, ",");

		if (length)
			list_add(to, text, length);
		text += length;
		text += *text == ',';
	}
}

static bool say_missing(
	const struct option_entry *entry, struct option_why *why)
{
	if (entry->kind == OPTION_NUMBER ||
		entry->kind == OPTION_NUMBER_OR_NONE)
		return refuse(why, "needs a number from %d to %d", entry->least,
			entry->most);
	return refuse(why, "needs a value (%s)", entry->argument);
}

bool option_value_store(const struct option_entry *entry, bool opposite,
	const char *text, struct options *options, struct option_why *why)
{
	void *to = field(options, entry->field);

	if (entry->flag != OPTION_NO_FIELD)
		*(bool *)field(options, entry->flag) = true;
	if (entry->kind == OPTION_FLAG)
		return store_flag(entry, opposite, text, to, why);
	if (entry->kind == OPTION_WORD)
		return store_word(entry, text, to, why);
	if (entry->kind == OPTION_CURSOR) {
		if (text && !is_cursor_style(text))
			return refuse(why, "'%s' is no cursor style", text);
		*(bool *)to = !text || strcmp(text, "none") != 0;
		return true;
	}
	if ((entry->kind == OPTION_NUMBER_OR_NONE ||
		    entry->kind == OPTION_TEXT_OR_NONE ||
		    entry->kind == OPTION_WORDS) &&
		!text)
		return true;
	if (entry->kind == OPTION_SUFFIX) {
		store_text(text ? text : "", to);
		return true;
	}
	/* A list of nothing but commas is as empty. */
	if (!text || !text[entry->kind == OPTION_LIST ? strspn(text, ",") : 0])
		return say_missing(entry, why);
	switch (entry->kind) {
	case OPTION_NUMBER:
	case OPTION_NUMBER_OR_NONE:
		return store_number(entry, text, to, why);
	case OPTION_CHOICE:
		return store_choice(entry, text, to, why);
	case OPTION_LIST:
		store_list(text, to);
		return true;
	case OPTION_LINES:
	case OPTION_WORDS:
		list_add(to, text, strlen(text));
		return true;
	default:
		store_text(text, to);
		return true;
	}
}

void option_value_reset(
	const struct option_entry *entry, struct options *options)
{
	if (entry->kind == OPTION_FLAG)
		*(bool *)field(options, entry->field) = !entry->value;
	else if (entry->kind == OPTION_NUMBER ||
		 entry->kind == OPTION_NUMBER_OR_NONE)
		*(int *)field(options, entry->field) = entry->normal;
}

static const void *place(const struct options *options, size_t offset)
{
	return (const char *)options + offset;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_list(char *const *a, char *const *b)
{
	if (!a || !b)
		return a == b;
	while (*a && *b && !strcmp(*a, *b))
		a++, b++;
	return *a == *b; /* both at their NULL */
}

bool option_value_equal(const struct option_entry *entry,
	const struct options *a, const struct options *b)
{
	const void *one = place(a, entry->field);
	const void *other = place(b, entry->field);

	switch (entry->kind) {
	case OPTION_FLAG:
	case OPTION_CURSOR:
		return *(const bool *)one == *(const bool *)other;
	case OPTION_NUMBER:
	case OPTION_NUMBER_OR_NONE:
		return *(const int *)one == *(const int *)other;
	case OPTION_LINES:
	case OPTION_LIST:
	case OPTION_WORDS:
		return same_list(*(char **const *)one, *(char **const *)other);
	default:
		return same_text(*(char *const *)one, *(char *const *)other);
	}
}

void option_value_copy(const struct option_entry *entry, struct options *to,
	const struct options *from)
{
	if (entry->kind == OPTION_FLAG)
		*(bool *)field(to, entry->field) =
			*(const bool *)place(from, entry->field);
	else if (entry->kind == OPTION_NUMBER ||
		 entry->kind == OPTION_NUMBER_OR_NONE)
		*(int *)field(to, entry->field) =
			*(const int *)place(from, entry->field);
}

void option_value_finish(
	const struct option_entry *entry, struct options *options)
{
	void *to = field(options, entry->field);
	char **text = to;
	char ***list = to;

	if (entry->kind == OPTION_TEXT || entry->kind == OPTION_TEXT_OR_NONE ||
		entry->kind == OPTION_SUFFIX || entry->kind == OPTION_CHOICE ||
		entry->kind == OPTION_WORD) {
		free(*text);
		*text = NULL;
	} else if (entry->kind == OPTION_LIST || entry->kind == OPTION_LINES ||
		   entry->kind == OPTION_WORDS) {
		for (size_t i = 0; *list && (*list)[i]; i++)
			free((*list)[i]);
		free(*list);
		*list = NULL;
	}
}
