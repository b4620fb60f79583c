/* Several desktops: what each of them is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xmalloc.h"
#include "server/options/option_desktops.h"
#include "test/unit/command_line.h"
#include "test/unit/temporary_file.h"

/* A file with that text, named by -desktops behind `before`. */
static struct command_line *parse(const char *before, const char *text)
{
	struct temporary_file own;
	struct command_line *run;
	char *line;

	temporary_file_create(&own, text, strlen(text));
	line = xasprintf(
		"%s%s-desktops %s", before, before[0] ? " " : "", own.path);
	run = command_line_parse(line);
	free(line);
	temporary_file_remove(&own);
	return run;
}

static const struct options *find(
	const struct command_line *run, const char *name)
{
	const struct option_desktop *found =
		option_desktops_find(run->options.desktops, name);

	if (found == NULL)
		fail_msg("there is no '%s': %s", name, run->said);
	return found->options;
}

static void test_what_a_line_does_not_say(void **state)
{
	struct command_line *run = parse("-fps 12 -viewonly -threads 3",
		"a: -display :1\nb: -display :2 -fps 20 -noviewonly\n");

	(void)state;
	assert_true(run->good);
	assert_int_equal(find(run, "a")->fps, 12);
	assert_true(find(run, "a")->view_only);
	assert_int_equal(find(run, "b")->fps, 20);
	assert_false(find(run, "b")->view_only);
	assert_int_equal(find(run, "b")->threads, 3);
	assert_string_equal(find(run, "a")->display, ":1");
	assert_string_equal(find(run, "b")->display, ":2");
	/* The program itself is none of them. */
	assert_int_equal(run->options.fps, 12);
	assert_null(run->options.display);
	assert_true(run->options.serves_display);
	command_line_finish(run);
}

static void test_lists_begin_anew(void **state)
{
	struct command_line *run = parse("-allow 10.1.1.1 -sectypes None",
		"a: -display :1 -allow 10.2.2.2 -allow 10.3.3.3\n"
		"b: -display :1\n");

	(void)state;
	assert_string_equal(find(run, "a")->allowed[0], "10.2.2.2");
	assert_string_equal(find(run, "a")->allowed[1], "10.3.3.3");
	assert_null(find(run, "a")->allowed[2]);
	assert_string_equal(find(run, "a")->security_types[0], "None");
	assert_string_equal(find(run, "b")->allowed[0], "10.1.1.1");
	assert_null(find(run, "b")->allowed[1]);
	command_line_finish(run);
}

/* Who names one way to log in names all. */
static void test_logins_begin_anew(void **state)
{
	struct command_line *run = parse("-passwd all -viewpasswd look",
		"a: -display :1\n"
		"b: -display :1 -passwdfile /b -usersfile /u\n"
		"c: -display :1 -nopw\n"
		"d: -display :1 -passwd d\n");

	(void)state;
	assert_true(run->good);
	assert_string_equal(find(run, "a")->password, "all");
	assert_string_equal(find(run, "a")->view_password, "look");
	assert_null(find(run, "b")->password);
	assert_null(find(run, "b")->view_password);
	assert_string_equal(find(run, "b")->password_file, "/b");
	assert_string_equal(find(run, "b")->users_file, "/u");
	assert_true(find(run, "c")->no_password);
	assert_null(find(run, "c")->password);
	assert_string_equal(find(run, "d")->password, "d");
	assert_null(find(run, "d")->view_password);
	command_line_finish(run);
	run = parse("-pam x11wsvnc", "a: -display :1 -nopw\nb: -display :1\n");
	assert_null(find(run, "a")->pam_service);
	assert_true(find(run, "a")->no_password);
	assert_string_equal(find(run, "b")->pam_service, "x11wsvnc");
	command_line_finish(run);
}

static void test_port_is_a_lines_own(void **state)
{
	struct command_line *run = parse("-rfbport 6000",
		"a: -display :1\nb: -display :1 -rfbport 6001\n");

	(void)state;
	assert_false(find(run, "a")->port_given);
	assert_true(find(run, "b")->port_given);
	assert_int_equal(find(run, "b")->port, 6001);
	command_line_finish(run);
	/* Nor where it says nothing at all. */
	run = parse("-rfbport 6000 -create", "a:\n");
	assert_true(run->good);
	assert_false(find(run, "a")->port_given);
	assert_true(find(run, "a")->one_of_several);
	command_line_finish(run);
}

static void test_how_it_is_written(void **state)
{
	struct command_line *run = parse("",
		"\n  # nothing\n"
		" a.b_c-1 :  -display :1 -desktop \"a b\"#c \\\n"
		"\t-fps 9 # -viewonly\n"
		"last: -display :2 -desktop 'x: y'");

	(void)state;
	assert_true(run->good);
	assert_int_equal(run->options.desktops->count, 2);
	assert_string_equal(find(run, "a.b_c-1")->desktop_name, "a b#c");
	assert_int_equal(find(run, "a.b_c-1")->fps, 9);
	assert_false(find(run, "a.b_c-1")->view_only);
	assert_string_equal(find(run, "last")->desktop_name, "x: y");
	command_line_finish(run);
}

static void test_several_displays(void **state)
{
	struct command_line *run =
		command_line_parse("-display :1 -display WAIT::2 -display x:3");

	(void)state;
	assert_true(run->good);
	assert_int_equal(run->options.desktops->count, 3);
	assert_string_equal(find(run, "1")->display, ":1");
	assert_string_equal(find(run, "2")->display, ":2");
	assert_true(find(run, "2")->display_waits);
	assert_false(find(run, "1")->display_waits);
	assert_string_equal(find(run, "x-3")->display, "x:3");
	assert_string_equal(run->options.display, ":1");
	command_line_finish(run);
	run = command_line_parse("-display :1 -display :1");
	assert_null(run->options.desktops);
	assert_string_equal(run->options.display, ":1");
	command_line_finish(run);
}

/* Origins in place of users would let everybody in. */
static void test_users_are_no_origins(void **state)
{
	struct command_line *run =
		parse("-auth-source http://x -auth-plugin ExpectOrigin",
			"a: -display :1 -auth-source c:d\nb: -display :1\n");

	(void)state;
	assert_string_equal(find(run, "a")->auth_source, "c:d");
	assert_null(find(run, "b")->auth_source);
	assert_string_equal(run->options.origins[0], "http://x");
	command_line_finish(run);
}

/* What the environment says is said anew by the command line. */
static void test_displays_of_another_place(void **state)
{
	struct command_line *run;

	(void)state;
	setenv("X11WSVNC_OPTIONS", "-display :7", 1);
	run = command_line_parse("-display :8");
	unsetenv("X11WSVNC_OPTIONS");
	assert_null(run->options.desktops);
	assert_string_equal(run->options.display, ":8");
	command_line_finish(run);
}

static void test_what_is_refused(void **state)
{
	static const struct {
		const char *before, *text, *said;
	} wrong[] = {
		{ "", "a: -display :1 -sslonly\n", "-sslonly: is for all" },
		{ "", "a: -display :1 -cert x\n", "-cert: is for all" },
		{ "", "a: -display :1 -desktops x\n", "-desktops: is for all" },
		{ "", "a: -display :1\n\n\na: -display :1\n", "line 4" },
		{ "", "a/b: -display :1\n", "'a/b' is no name" },
		{ "", ": -display :1\n", "'' is no name" },
		{ "", "a: -display\n", "-display: needs a value" },
		{ "", "a: -display :1 -viewpasswd x\n", "-viewpasswd: needs" },
		{ "-display :3", "a: -display :1\n", "leave -display :3 out" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct command_line *run =
			parse(wrong[i].before, wrong[i].text);

		if (run->good || strstr(run->said, wrong[i].said) == NULL)
			fail_msg("'%s' said: %s", wrong[i].text, run->said);
		command_line_finish(run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_line_does_not_say),
		cmocka_unit_test(test_lists_begin_anew),
		cmocka_unit_test(test_logins_begin_anew),
		cmocka_unit_test(test_port_is_a_lines_own),
		cmocka_unit_test(test_how_it_is_written),
		cmocka_unit_test(test_several_displays),
		cmocka_unit_test(test_displays_of_another_place),
		cmocka_unit_test(test_users_are_no_origins),
		cmocka_unit_test(test_what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
