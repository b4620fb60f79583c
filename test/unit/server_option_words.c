/* Where options come from beside the command line, and those that say how the
 * program is started. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/options/option_words.h"
#include "test/unit/command_line.h"

/* The words, each in [], without what was before `first`. */
static void assert_words(
	struct option_words *words, size_t first, const char *expected)
{
	char joined[1024] = "";

	for (; first < words->count; first++) {
		strcat(joined, "[");
		strcat(joined, words->list[first].text);
		strcat(joined, "]");
	}
	assert_string_equal(joined, expected);
}

static void assert_line(const char *line, const char *expected)
{
	struct option_words words = { 0 };
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", line);
	option_words_add_line(&words, copy, 7);
	assert_words(&words, 0, expected);
	for (size_t i = 0; i < words.count; i++)
		assert_int_equal(words.list[i].line, 7);
	option_words_finish(&words);
}

static void test_lines(void **state)
{
	(void)state;
	assert_line("", "");
	assert_line("   ", "");
	assert_line("# rfbport 1", "");
	assert_line("forever", "[-forever]");
	assert_line("-forever  ", "[-forever]");
	assert_line("--forever", "[--forever]");
	assert_line("  rfbauth \t /var/pass # mine", "[-rfbauth][/var/pass]");
	assert_line("desktop my desk \\#1", "[-desktop][my desk #1]");
	assert_line("-forever -shared -rfbport 5901",
		"[-forever][-shared][-rfbport][5901]");
	assert_line("rfbport=5901", "[rfbport=5901]");
	assert_line("rfbport -1", "[-rfbport][-1]");
	assert_line("accept yes:0,no:* xterm -e ask",
		"[-accept][yes:0,no:* xterm -e ask]");
}

static void assert_phrase(const char *phrase, const char *expected)
{
	struct option_words words = { 0 };

	option_words_add_phrase(&words, phrase);
	assert_words(&words, 0, expected);
	option_words_finish(&words);
}

static void test_phrases(void **state)
{
	(void)state;
	assert_phrase("", "");
	assert_phrase("  -a  b\tc ", "[-a][b][c]");
	assert_phrase(
		"-desktop 'my desk' \"it's\"", "[-desktop][my desk][it's]");
	assert_phrase("-a ''", "[-a][]");
	assert_phrase("-a x'y z'w", "[-a][xy zw]");
	assert_phrase("'never closed", "[never closed]");
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void test_places_in_order(void **state)
{
	char folder[] = "/tmp/x11wsvnc-rc-XXXXXX", path[64];
	char name[] = "x11wsvnc", port[] = "-rfbport", three[] = "3";
	char norc[] = "-norc";
	char *argv[] = { name, port, three, NULL };
	char *without[] = { name, norc, NULL };
	struct option_words words, again;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/.x11wsvncrc", folder);
	write_file(path, "rfbport \\\n1\n# no\nviewonly");
	setenv("HOME", folder, 1);
	setenv("X11WSVNC_OPTIONS", "-rfbport 2", 1);
	assert_true(option_words_collect(&words, 3, argv));
	assert_words(&words, 0,
		"[-rfbport][1][-viewonly][-rfbport][2][-rfbport][3]");
	assert_int_equal(words.list[0].line, 2);
	assert_int_equal(words.list[2].line, 4);
	assert_ptr_equal(words.list[6].seen, argv[2]);
	assert_string_equal(words.file, path);

	write_file(path, "shared");
	assert_true(option_words_collect_again(&again, &words));
	assert_words(&again, 0, "[-shared][-rfbport][2][-rfbport][3]");
	option_words_finish(&again);
	unlink(path);
	assert_false(option_words_collect_again(&again, &words));
	option_words_finish(&words);

	assert_true(option_words_collect(&words, 2, without));
	assert_words(&words, 0, "[-norc]");
	assert_null(words.file);
	option_words_finish(&words);
	rmdir(folder);
	unsetenv("X11WSVNC_OPTIONS");
}

static void test_named_files(void **state)
{
	char path[] = "/tmp/x11wsvnc-rc-XXXXXX", assigned[64];
	int file = mkstemp(path);
	char name[] = "x11wsvnc", rc[] = "-rc", nowhere[] = "/nowhere/rc";
	char *argv[] = { name, rc, path, NULL };
	char *equals[] = { name, assigned, NULL };
	char *absent[] = { name, rc, nowhere, NULL };
	struct option_words words;

	(void)state;
	assert_true(file >= 0);
	close(file);
	write_file(path, "once");
	snprintf(assigned, sizeof(assigned), "--rc=%s", path);
	assert_true(option_words_collect(&words, 3, argv));
	assert_string_equal(words.list[0].text, "-once");
	option_words_finish(&words);
	assert_true(option_words_collect(&words, 2, equals));
	assert_string_equal(words.list[0].text, "-once");
	option_words_finish(&words);
	assert_false(option_words_collect(&words, 3, absent));
	unlink(path);
}

/* x11vnc's numbers are part of the name. */
static void test_loop(void **state)
{
	static const char *const lines[][3] = { { "-loop", "", "f" },
		{ "-loop300", "300", "f" }, { "-loop300,5", "300,5", "f" },
		{ "-loop 300,5", "300,5", "f" }, { "-loop=20", "20", "f" },
		{ "-loopbg", "", "b" }, { "-loopbg100", "100", "b" },
		{ "-LOOP300", "300", "f" } };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct command_line *run =
			command_line_parse_silent(lines[i][0]);

		assert_string_equal(run->options.loop, lines[i][1]);
		assert_int_equal(
			run->options.background, lines[i][2][0] == 'b');
		command_line_finish(run);
	}
}

/* TigerVNC's way to say how much is logged, and where. */
static void test_log_rules(void **state)
{
	struct command_line *run =
		command_line_parse_silent("-Log *:syslog:100");

	(void)state;
	assert_true(run->options.syslog_given && run->options.verbose);
	command_line_finish(run);
	run = command_line_parse_silent(
		"Log=*:stderr:30,Connections:stderr:100");
	assert_false(run->options.syslog_given || run->options.quiet);
	assert_true(run->options.verbose);
	command_line_finish(run);
	run = command_line_parse_silent("log=*:stderr:0");
	assert_true(run->options.quiet && !run->options.verbose);
	command_line_finish(run);
	command_line_assert_refused(
		"-Log 30", "is not of the form *:stderr:30");
	command_line_assert_refused("-Log *:file:30", "for a file say -o FILE");
}

static void test_ways_to_start(void **state)
{
	struct command_line *run = command_line_parse_silent(
		"-env X11WSVNC_TEST=1=2 -sleepin 3-5 -oa /tmp/x");

	(void)state;
	assert_string_equal(getenv("X11WSVNC_TEST"), "1=2");
	assert_string_equal(run->options.log_append, "/tmp/x");
	command_line_finish(run);
	command_line_assert_refused(
		"-env DISPLAY", "not of the form NAME=VALUE");
	command_line_assert_refused("-sleepin a", "neither N nor N-M");
	command_line_assert_refused("-sleepin 1-", "neither N nor N-M");
	command_line_assert_refused("-o a -oa b", "give one");
	command_line_assert_refused("-rfbport PROMPT", "no terminal");
	command_line_assert_refused(
		"-rc /nowhere/rc", "cannot read /nowhere/rc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_phrases),
		cmocka_unit_test(test_places_in_order),
		cmocka_unit_test(test_named_files),
		cmocka_unit_test(test_loop),
		cmocka_unit_test(test_log_rules),
		cmocka_unit_test(test_ways_to_start),
	};

	return cmocka_run_group_tests_name(
		"server_option_words", tests, NULL, NULL);
}
