/* -help, the man page's options and the README's table, all from the one
 * table of options. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "server/options/option_table.h"
#include "server/options/options.h"

enum {
	HELP_COLUMN = 27, /* where -help's sentences begin */
	HELP_WIDTH = 79,
};

/* Appends ", -a, -b" for every name after the first `skip`. */
static void add_names(
	struct buffer *text, const char *opening, const char *names, int skip)
{
	struct option_name name;

	while (option_name_next(&names, &name)) {
		if (skip-- > 0)
			continue;
		buffer_printf(
			text, "%s-%.*s", opening, (int)name.length, name.start);
		opening = ", ";
	}
}

/* The whole description in plain text, NUL-ended. */
static void describe(struct buffer *text, const struct option_entry *entry)
{
	buffer_text(text, entry->sentence);
	if (entry->kind == OPTION_NUMBER ||
		entry->kind == OPTION_NUMBER_OR_NONE)
		buffer_printf(text, " (%d to %d, default %d)", entry->least,
			entry->most, entry->normal);
	add_names(text, "; also ", entry->names, 1);
	add_names(text, "; the contrary: ", entry->opposites, 0);
	buffer_append(text, "", 1);
}

static const char *argument_of(const struct option_entry *entry)
{
	return entry->argument ? entry->argument : "";
}

/* Calls `show` for every entry, group by group, and `title` before each. */
static void each(void (*title)(const char *title),
	void (*show)(const struct option_entry *entry, const char *text))
{
	for (size_t group = 0; group < option_table_groups(); group++) {
		title(option_table_group_title(group));
		for (size_t i = 0; i < option_table_group_count(group); i++) {
			const struct option_entry *entry =
				option_table_group_at(group, i);
			struct buffer text = { 0 };

			describe(&text, entry);
			show(entry, (const char *)buffer_bytes(&text));
			buffer_finish(&text);
		}
	}
}

static void help_title(const char *title)
{
	printf("\n%s\n", title);
}

/* Breaks lines between words; `column` is where the output stands. */
static void help_wrap(const char *text, int column)
{
	while (*text) {
		int length = (int)strcspn(text, " ");
		const char *between = " ";

		if (column + 1 + length > HELP_WIDTH) {
			printf("\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		}
		if (column == HELP_COLUMN)
			between = "";
		printf("%s%.*s", between, length, text);
		column += (int)strlen(between) + length;
		text += length;
		text += *text == ' ';
	}
	printf("\n");
}

static void help_show(const struct option_entry *entry, const char *text)
{
	struct option_name name = option_table_name(entry);
	int column = printf(
		"  -%.*s %s", (int)name.length, name.start, argument_of(entry));

	if (column >= HELP_COLUMN) {
		printf("\n");
		column = 0;
	}
	printf("%*s", HELP_COLUMN - column, "");
	help_wrap(text, HELP_COLUMN);
}

void options_print_help(void)
{
	printf("Usage: x11wsvnc [OPTION]...\n"
	       "Shares an X11 display with VNC viewers and web browsers on one "
	       "port.\n"
	       "\n"
	       "-name, --name, '-name value' and '-name=value' are all "
	       "accepted.\n"
	       "Options of x11vnc, x0vncserver and websockify that are not "
	       "listed are accepted\nwith a line in the log, or refused if "
	       "they ask for protection.\n");
	each(help_title, help_show);
}

/* Text for troff: '-' and '\' mean something there, and so does a '.' or a
 * "'" that begins a line, which no text of ours does. */
static void man_text(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '-')
			printf("\\-");
		else if (text[i] == '\\')
			printf("\\e");
		else if (text[i] == '~')
			printf("\\(ti");
		else if (text[i] == '\'')
			printf("\\(aq");
		else
			putchar(text[i]);
	}
}

static void man_title(const char *title)
{
	printf(".SS %s\n", title);
}

static void man_show(const struct option_entry *entry, const char *text)
{
	struct option_name name = option_table_name(entry);

	printf(".TP\n\\fB\\-");
	man_text(name.start, name.length);
	printf("\\fR");
	if (entry->argument) {
		printf(" \\fI");
		man_text(entry->argument, strlen(entry->argument));
		printf("\\fR");
	}
	printf("\n");
	man_text(text, strlen(text));
	printf(".\n");
}

void options_print_man(void)
{
	each(man_title, man_show);
}

static void readme_title(const char *title)
{
	printf("| **%s** | |\n", title);
}

/* '|' ends a cell, even inside backquotes. */
static void readme_text(const char *text)
{
	for (; *text; text++) {
		if (strchr("|*_<", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void readme_show(const struct option_entry *entry, const char *text)
{
	struct option_name name = option_table_name(entry);

	printf("| `-%.*s`", (int)name.length, name.start);
	if (entry->argument) {
		putchar(' ');
		readme_text(entry->argument);
	}
	printf(" | ");
	readme_text(text);
	printf(" |\n");
}

void options_print_readme(void)
{
	printf("| option | |\n| --- | --- |\n");
	each(readme_title, readme_show);
}
