/* The tables of names: nothing twice, nothing missing, and everything that
 * people paste from other servers' command lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/options/option_known.h"
#include "server/options/option_table.h"
#include "test/unit/command_line.h"

/* Each line with a port after it: a wrong count of words would swallow it, or
 * leave a word over. */
static void test_pasted_names(void **state)
{
	FILE *file = fopen(CORPUS "/option_names.txt", "r");
	char line[200], whole[300];
	int count = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		bool refused = line[0] == '!';
		struct command_line *run;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || !line[0])
			continue;
		snprintf(whole, sizeof(whole), "%s -rfbport 5999",
			line + (refused ? 2 : 0));
		run = command_line_parse(whole);
		if (strstr(run->said, "unknown option") ||
			strstr(run->said, "not an option") ||
			run->good == refused ||
			(run->good && run->options.port != 5999) ||
			command_line_count_lines(run->said) > 1)
			fail_msg("'%s' was %s and said: %s", whole,
				run->good ? "accepted" : "refused", run->said);
		command_line_finish(run);
		count++;
	}
	fclose(file);
	assert_true(count > 500);
}

/* No name stands twice, in either table, in any case of letters but for what
 * is told apart on purpose. */
static bool told_apart(struct option_name name)
{
	static const char apart[] = "geometry Geometry";

	return name.length <= 2 ||
	       option_name_in(apart, name, OPTION_MATCH_EXACT);
}

static int times_named(struct option_name name)
{
	enum option_match match =
		told_apart(name) ? OPTION_MATCH_EXACT : OPTION_MATCH_ANY_CASE;
	int times = 0;

	for (size_t i = 0; i < option_table_count(); i++) {
		times += option_name_in(option_table_at(i)->names, name, match);
		times += option_name_in(
			option_table_at(i)->opposites, name, match);
	}
	for (size_t i = 0; i < option_known_count(); i++)
		times += option_name_in(option_known_at(i)->names, name, match);
	return times;
}

/* -loopbg300 is taken before -loop* is asked: it stands above it. */
static bool is_shadowing(struct option_name name)
{
	return option_name_in("loopbg*", name, OPTION_MATCH_EXACT);
}

static void assert_named_once(const char *names)
{
	struct option_name name;

	while (option_name_next(&names, &name)) {
		if (times_named(name) != 1 + is_shadowing(name))
			fail_msg("'%.*s' stands in %d rows", (int)name.length,
				name.start, times_named(name));
	}
}

static void test_tables_are_sane(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_table_count(); i++) {
		const struct option_entry *entry = option_table_at(i);

		assert_named_once(entry->names);
		assert_named_once(entry->opposites);
		assert_non_null(entry->sentence);
		assert_true(entry->field < sizeof(struct options));
		assert_true((entry->kind == OPTION_FLAG ||
				    entry->kind == OPTION_WORD) ==
			    !entry->argument);
		assert_true((entry->kind == OPTION_WORD) == !!entry->word ||
			    entry->kind == OPTION_NUMBER);
		assert_true(entry->least <= entry->normal);
		assert_true(entry->normal <= entry->most);
		assert_true(entry->kind != OPTION_NUMBER ||
			    entry->least < entry->most);
	}
	for (size_t i = 0; i < option_known_count(); i++)
		assert_named_once(option_known_at(i)->names);
}

/* The next of a fixed row of numbers, the same in every run. */
static unsigned draw(unsigned *state, unsigned below)
{
	*state = *state * 1103515245u + 12345u;
	return (*state >> 16) % below;
}

static const char *draw_names(unsigned *state)
{
	unsigned own = (unsigned)option_table_count();
	unsigned row = draw(state, own + (unsigned)option_known_count());

	if (row < own)
		return option_table_at(row)->names;
	return option_known_at(row - own)->names;
}

static void draw_word(unsigned *state, char *word, size_t room)
{
	static const char *const values[] = { "", "-1", "0", "1", "7", "65536",
		"99999999999999999999", ":1", "a=b", "=", "--", "-", "none",
		"yes", "640x480+1+1", "x640", "WAIT:", "WAIT:7", "all", "tls",
		"guess", ",,a,,b,", "\xff\xfe", "%s%n", "VncAuth", "-=-=" };
	const char *names = draw_names(state);
	const char *value =
		values[draw(state, sizeof(values) / sizeof(values[0]))];
	struct option_name name;

	option_name_next(&names, &name);
	switch (draw(state, 4)) {
	case 0:
		snprintf(word, room, "%s", value);
		break;
	case 1:
		snprintf(word, room, "-%.*s=%s", (int)name.length, name.start,
			value);
		break;
	default:
		snprintf(word, room, "-%.*s", (int)name.length, name.start);
		break;
	}
}

static void assert_fields(const struct options *options)
{
	for (size_t i = 0; i < option_table_count(); i++) {
		const struct option_entry *entry = option_table_at(i);
		const char *field = (const char *)options + entry->field;

		if (entry->kind == OPTION_NUMBER) {
			int number = *(const int *)field;

			assert_true(number >= entry->least);
			assert_true(number <= entry->most);
		} else if (entry->kind == OPTION_TEXT &&
			   *(char *const *)field) {
			assert_true(**(char *const *)field);
		}
	}
}

/* Nonsense: it must end, say one line for a refusal, and keep to the ranges.
 * Under the sanitizers it is worth most. */
static void test_nonsense(void **state)
{
	unsigned seed = 1;
	int good = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char words[8][80], line[8 * 81] = "";
		unsigned count = draw(&seed, 8);
		struct command_line *run;

		for (unsigned j = 0; j < count; j++) {
			draw_word(&seed, words[j], sizeof(words[j]));
			strcat(line, j ? " " : "");
			strcat(line, words[j]);
		}
		run = command_line_parse(line);
		good += run->good;
		if (run->good)
			assert_fields(&run->options);
		else
			assert_true(run->said[0]);
		command_line_finish(run);
	}
	assert_true(good > 1000);
}

static void act_help(void *data)
{
	(void)data;
	options_print_help();
}

static void act_man(void *data)
{
	(void)data;
	options_print_man();
}

static void act_readme(void *data)
{
	(void)data;
	options_print_readme();
}

/* `before` stands in front of every documented name. */
static void assert_mentions_all(void (*act)(void *), const char *before)
{
	char *said = malloc(65536);

	assert_non_null(said);
	command_line_capture(STDOUT_FILENO, act, NULL, said, 65536);
	for (size_t i = 0; i < option_table_count(); i++) {
		struct option_name name = option_table_name(option_table_at(i));
		char wanted[100];
		size_t length =
			(size_t)snprintf(wanted, sizeof(wanted), "%s", before);

		for (size_t j = 0; j < name.length; j++) {
			/* man pages write a hyphen like this */
			if (act == act_man && name.start[j] == '-')
				wanted[length++] = '\\';
			wanted[length++] = name.start[j];
		}
		wanted[length] = '\0';
		if (!strstr(said, wanted))
			fail_msg("'%s' is not mentioned", wanted);
	}
	free(said);
}

static void test_documents_mention_all(void **state)
{
	(void)state;
	assert_mentions_all(act_help, "\n  -");
	assert_mentions_all(act_man, ".TP\n\\fB\\-");
	assert_mentions_all(act_readme, "\n| `-");
}

static void test_help_fits_a_terminal(void **state)
{
	char *said = malloc(65536);
	const char *line = said;

	(void)state;
	assert_non_null(said);
	command_line_capture(STDOUT_FILENO, act_help, NULL, said, 65536);
	while (*line) {
		size_t length = strcspn(line, "\n");

		assert_true(length <= 80);
		line += length + 1;
	}
	free(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pasted_names),
		cmocka_unit_test(test_tables_are_sane),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_documents_mention_all),
		cmocka_unit_test(test_help_fits_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
