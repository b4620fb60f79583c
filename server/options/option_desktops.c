#include "server/options/option_desktops.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/input_file.h"
#include "base/log.h"
#include "base/text.h"
#include "base/xmalloc.h"
#include "server/options/option_words.h"
#include "server/options/options.h"

#define NAME_LETTERS                                                           \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

enum { MOST_SHOWN = 80 };

static bool is_name(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length < OPTION_DESKTOPS_NAME_BYTES &&
	       text[0] != '.' && strspn(text, NAME_LETTERS) == length;
}

const struct option_desktop *option_desktops_find(
	const struct option_desktops *desktops, const char *name)
{
	for (size_t i = 0; desktops != NULL && i < desktops->count; i++)
		if (strcmp(desktops->list[i].name, name) == 0)
			return &desktops->list[i];
	return NULL;
}

/* Takes the words, whose file is where they stand. */
static bool add(
	struct options *options, const char *name, struct option_words *own)
{
	struct option_desktops *desktops = options->desktops;
	struct options *parsed = xcalloc(1, sizeof(*parsed));

	if (!options_parse_desktop(parsed, options, own)) {
		free(parsed);
		return false;
	}
	desktops->list = xrealloc(desktops->list,
		(desktops->count + 1) * sizeof(*desktops->list));
	desktops->list[desktops->count++] =
		(struct option_desktop){ xstrdup(name), parsed };
	return true;
}

void option_desktops_finish(struct option_desktops *desktops)
{
	if (desktops == NULL)
		return;
	for (size_t i = 0; i < desktops->count; i++) {
		free(desktops->list[i].name);
		options_finish(desktops->list[i].options);
		free(desktops->list[i].options);
	}
	free(desktops->list);
	free(desktops);
}

/* ---- a file ---- */

static bool fail_at(const struct options *options, int line, const char *what,
	const char *text)
{
	char *shown = text_printable(text, strlen(text), MOST_SHOWN);

	log_error("-desktops %s, line %d: '%s' %s", options->desktops_file,
		line, shown, what);
	free(shown);
	return false;
}

/* A '#' at the beginning or behind a blank. */
static void drop_comment(char *text)
{
	char before = ' ';

	for (; *text != '\0'; before = *text++)
		if (*text == '#' && isspace((unsigned char)before)) {
			*text = '\0';
			return;
		}
}

static char *trim(char *text)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	length = strlen(text);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	return text;
}

static bool has_display(const struct options *options)
{
	return options->displays != NULL || options->create || options->find;
}

/* "NAME: words"; an empty line is none. */
static bool take_line(struct options *options, char *line, int number)
{
	struct option_words own = { .place = OPTION_FROM_DESKTOPS };
	struct option_desktops *desktops = options->desktops;
	char *name, *colon;
	const struct option_desktop *last;

	drop_comment(line);
	name = trim(line);
	if (*name == '\0')
		return true;
	colon = strchr(name, ':');
	if (colon == NULL)
		return fail_at(
			options, number, "is no NAME: -display :N", name);
	*colon = '\0';
	trim(name);
	if (!is_name(name))
		return fail_at(options, number,
			"is no name: at most 63 letters, digits, '.', '_' and "
			"'-'",
			name);
	if (option_desktops_find(desktops, name) != NULL)
		return fail_at(options, number, "is there twice", name);
	if (desktops->count == OPTION_DESKTOPS_MOST)
		return fail_at(
			options, number, "is one desktop too many", name);
	option_words_add_phrase(&own, colon + 1);
	for (size_t i = 0; i < own.count; i++)
		own.list[i].line = number;
	own.file = xstrdup(options->desktops_file);
	if (!add(options, name, &own))
		return fail_at(
			options, number, "cannot be shared like that", name);
	last = &desktops->list[desktops->count - 1];
	return has_display(last->options) ||
	       fail_at(options, number, "needs a -display", name);
}

/* A line, with those that it goes on in. */
static ssize_t read_line(FILE *file, char **line, size_t *size, int *number)
{
	char *more = NULL;
	size_t more_size = 0;
	ssize_t length = getline(line, size, file), added;

	++*number;
	while (length > 1 && strcmp(*line + length - 2, "\\\n") == 0) {
		length -= 2;
		(*line)[length] = '\0';
		added = getline(&more, &more_size, file);
		++*number;
		if (added < 0)
			break;
		*size = (size_t)(length + added) + 1;
		*line = xrealloc(*line, *size);
		memcpy(*line + length, more, (size_t)added + 1);
		length += added;
	}
	free(more);
	return length;
}

static bool read_file(struct options *options, enum input_file_when when)
{
	struct input_file_why why;
	FILE *file = input_file_stream(options->desktops_file, when, &why);
	char *line = NULL;
	size_t size = 0;
	int number = 0;
	bool good = true;

	if (file == NULL) {
		log_error("-desktops: cannot read %s: %s%s",
			options->desktops_file, why.text,
			input_file_making(
				"; it is a text of your own, a line NAME: "
				"OPTIONS for each desktop"));
		return false;
	}
	while (good && read_line(file, &line, &size, &number) >= 0)
		good = take_line(options, line, number);
	free(line);
	fclose(file);
	if (good && options->desktops->count == 0) {
		log_error("-desktops: there is no desktop in %s",
			options->desktops_file);
		return false;
	}
	return good;
}

/* ---- several -display ---- */

/* ":1" is "1", "host:1" is "host-1", "host:10.0" is "host-10.0". */
static void name_after(const char *display, char *name)
{
	size_t length = 0;

	if (strncmp(display, "WAIT:", 5) == 0)
		display += 5;
	display += *display == ':';
	for (; *display != '\0' && length < OPTION_DESKTOPS_NAME_BYTES - 1;
		display++)
		name[length++] =
			strchr(NAME_LETTERS, *display) != NULL ? *display : '-';
	name[length] = '\0';
}

static bool take_display(struct options *options, const char *display)
{
	struct option_words own = { .place = OPTION_FROM_DESKTOPS };
	char name[OPTION_DESKTOPS_NAME_BYTES];

	name_after(display, name);
	if (!is_name(name) ||
		option_desktops_find(options->desktops, name) != NULL ||
		options->desktops->count == OPTION_DESKTOPS_MOST) {
		log_error(
			"-display '%s': is one of several without a name of "
			"its own; -desktops FILE gives them names",
			display);
		return false;
	}
	option_words_add(&own, "-display");
	option_words_add(&own, display);
	return add(options, name, &own);
}

bool option_desktops_make(struct options *options, enum input_file_when when)
{
	char **display = options->displays;
	bool good = true;

	if (options->desktops_file == NULL &&
		(display == NULL || display[1] == NULL))
		return true;
	options->desktops = xcalloc(1, sizeof(*options->desktops));
	if (options->desktops_file != NULL && display != NULL) {
		log_error(
			"-desktops: the displays stand in the file; leave "
			"-display %s out",
			display[0]);
		return false;
	}
	if (options->desktops_file != NULL)
		return read_file(options, when);
	for (; good && *display != NULL; display++)
		good = take_display(options, *display);
	return good;
}
