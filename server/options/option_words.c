#include "server/options/option_words.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input_file.h"
#include "base/log.h"
#include "base/xmalloc.h"

#define HOME_FILE ".x11wsvncrc"

enum { MOST_LINES = 10000 };

static void add(struct option_words *words, char *text, char *seen, int line)
{
	struct option_text *longer = xcalloc(words->count + 1, sizeof(*longer));

	if (words->count > 0)
		memcpy(longer, words->list, words->count * sizeof(*longer));
	free(words->list);
	words->list = longer;
	words->list[words->count++] =
		(struct option_text){ text, seen, line, words->place };
}

static void add_copy(struct option_words *words, const struct option_text *text)
{
	words->place = text->place;
	add(words, xstrdup(text->text), NULL, text->line);
}

void option_words_finish(struct option_words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		char *text = words->list[i].text;

		explicit_bzero(text, strlen(text));
		free(text);
	}
	free(words->list);
	free(words->file);
	*words = (struct option_words){ 0 };
}

/* ---- the rc file ---- */

static bool is_blank(char c)
{
	return isspace((unsigned char)c) != 0;
}

static void trim_end(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && is_blank(text[length - 1]))
		text[--length] = '\0';
}

/* Ends the text where a comment begins; "\#" is a '#'. */
static void drop_comment(char *text)
{
	char *to = text;

	for (; *text != '\0' && *text != '#'; text++) {
		if (text[0] == '\\' && text[1] == '#')
			text++;
		*to++ = *text;
	}
	*to = '\0';
}

/* And not a number below zero. */
static bool is_option(const char *text)
{
	return text[0] == '-' && (text[1] == '-' || isalpha(text[1] & 0x7f));
}

void option_words_add_line(struct option_words *words, char *line, int number)
{
	drop_comment(line);
	while (is_blank(*line))
		line++;
	trim_end(line);
	while (*line != '\0') {
		size_t length = strcspn(line, " \t");
		char *value = line + length;

		if (*value != '\0')
			*value++ = '\0';
		while (is_blank(*value))
			value++;
		add(words,
			xasprintf("%s%s",
				line[0] == '-' || strchr(line, '=') ? "" : "-",
				line),
			NULL, number);
		line = value;
		/* The whole rest: a command's options are its own. */
		if (*value != '\0' && !is_option(value)) {
			add(words, xstrdup(value), NULL, number);
			return;
		}
	}
}

static void read_lines(struct option_words *words, FILE *file)
{
	char *line = NULL, *whole = NULL;
	size_t size = 0;
	int number = 0;

	while (getline(&line, &size, file) >= 0 && ++number <= MOST_LINES) {
		char *longer;
		size_t length;

		trim_end(line);
		length = strlen(line);
		longer = xasprintf("%s%s", whole != NULL ? whole : "", line);
		free(whole);
		whole = longer;
		if (length > 0 && line[length - 1] == '\\') {
			whole[strlen(whole) - 1] = '\0';
			continue;
		}
		option_words_add_line(words, whole, number);
		free(whole);
		whole = NULL;
	}
	if (whole != NULL)
		option_words_add_line(words, whole, number);
	free(whole);
	free(line);
}

/* Who starts us as root with a user's $HOME does not do what that user's file
 * says, which may be to run a program. */
static bool is_ours(FILE *file)
{
	struct stat about;

	return fstat(fileno(file), &about) == 0 &&
	       (about.st_uid == geteuid() || about.st_uid == 0);
}

static bool read_file(
	struct option_words *words, bool by_name, enum input_file_when when)
{
	struct input_file_why why;
	FILE *file = input_file_stream(words->file, when, &why);

	if (file == NULL && !by_name && errno == ENOENT) {
		free(words->file);
		words->file = NULL;
		return true;
	}
	if (file == NULL) {
		log_error("-rc: cannot read %s: %s%s", words->file, why.text,
			by_name ? "" : " (-norc leaves it out)");
		return false;
	}
	if (by_name || is_ours(file))
		read_lines(words, file);
	else
		log_warning(
			"%s belongs to somebody else: ignored (-rc %s "
			"reads it)",
			words->file, words->file);
	fclose(file);
	return true;
}

/* ---- the environment, the command line ---- */

void option_words_add_phrase(struct option_words *words, const char *phrase)
{
	char *text = xcalloc(strlen(phrase) + 1, 1);
	size_t length = 0;
	bool open = false; /* a word has begun */
	char quote = '\0';

	for (; *phrase != '\0'; phrase++) {
		if (quote == '\0' ? *phrase == '"' || *phrase == '\''
				  : *phrase == quote) {
			quote = quote == '\0' ? *phrase : '\0';
			open = true;
		} else if (quote == '\0' && is_blank(*phrase)) {
			if (open)
				add(words, xstrndup(text, length), NULL, 0);
			length = 0;
			open = false;
		} else {
			text[length++] = *phrase;
			open = true;
		}
	}
	if (open)
		add(words, xstrndup(text, length), NULL, 0);
	free(text);
}

static const char *name_of(const char *word)
{
	return word[0] != '-' ? "" : word + 1 + (word[1] == '-');
}

struct wanted {
	bool none;
	const char *file;
};

/* Only these options count before the others are read, and those that print
 * something and end. */
static void find_wanted(struct wanted *wanted, int argc, char **argv)
{
	*wanted = (struct wanted){ .none = false };
	for (int i = 1; i < argc; i++) {
		const char *name = name_of(argv[i]);

		if (!strcmp(name, "norc") || !strncmp(name, "print-", 6))
			wanted->none = true;
		else if (!strcmp(name, "rc") && i + 1 < argc)
			wanted->file = argv[i + 1];
		else if (!strncmp(name, "rc=", 3))
			wanted->file = name + 3;
	}
}

static bool collect_rc(struct option_words *words, const struct wanted *wanted)
{
	const char *home = getenv("HOME");

	if (wanted->none)
		return true;
	if (wanted->file != NULL)
		words->file = xstrdup(wanted->file);
	else if (home != NULL && home[0] == '/')
		words->file = xasprintf("%s/" HOME_FILE, home);
	return words->file == NULL ||
	       read_file(words, wanted->file != NULL, INPUT_FILE_AT_START);
}

bool option_words_collect(struct option_words *words, int argc, char **argv)
{
	const char *phrase = getenv("X11WSVNC_OPTIONS");
	struct wanted wanted;

	*words = (struct option_words){ 0 };
	find_wanted(&wanted, argc, argv);
	if (!collect_rc(words, &wanted)) {
		option_words_finish(words);
		return false;
	}
	words->place = OPTION_FROM_ENVIRONMENT;
	if (phrase != NULL && !wanted.none)
		option_words_add_phrase(words, phrase);
	words->place = OPTION_FROM_COMMAND_LINE;
	for (int i = 1; i < argc; i++)
		add(words, xstrdup(argv[i]), argv[i], 0);
	return true;
}

bool option_words_collect_again(
	struct option_words *words, const struct option_words *before)
{
	*words = (struct option_words){ 0 };
	if (before->file != NULL) {
		words->file = xstrdup(before->file);
		if (!read_file(words, true, INPUT_FILE_ANY_TIME)) {
			option_words_finish(words);
			return false;
		}
	}
	for (size_t i = 0; i < before->count; i++)
		if (before->list[i].place != OPTION_FROM_RC)
			add_copy(words, &before->list[i]);
	return true;
}

void option_words_add(struct option_words *words, const char *text)
{
	add(words, xstrdup(text), NULL, 0);
}

void option_words_add_all(
	struct option_words *words, const struct option_words *from)
{
	for (size_t i = 0; i < from->count; i++)
		add_copy(words, &from->list[i]);
}
