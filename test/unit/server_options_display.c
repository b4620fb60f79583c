/* The command line: which display or part of it, and what runs on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/command_line.h"

/* Accepted, and nothing was said. */
static struct command_line *parse(const char *line)
{
	struct command_line *run = command_line_parse(line);

	if (!run->good || run->said[0])
		fail_msg("'%s' said: %s", line, run->said);
	return run;
}

static void assert_said(const char *line, bool good, const char *part)
{
	struct command_line *run = command_line_parse(line);

	assert_int_equal(run->good, good);
	assert_int_equal(command_line_count_lines(run->said), 1);
	assert_non_null(strstr(run->said, part));
	command_line_finish(run);
}

static void test_display_waits(void **state)
{
	struct command_line *run = parse("-display WAIT:3");

	(void)state;
	assert_string_equal(run->options.display, ":3");
	assert_true(run->options.display_waits);
	command_line_finish(run);
	run = parse("-display WAIT::3");
	assert_string_equal(run->options.display, ":3");
	command_line_finish(run);
	run = parse("-display WAIT:cmd=FINDDISPLAY");
	assert_true(run->options.find);
	assert_null(run->options.display);
	command_line_finish(run);
	run = parse("-display WAIT:cmd=/bin/which");
	assert_string_equal(run->options.display_command, "/bin/which");
	assert_false(run->options.find);
	command_line_finish(run);
	assert_said("-display WAIT:cmd=FINDCREATEDISPLAY", false, "-create");
}

static void test_authority_is_guessed(void **state)
{
	struct command_line *run = parse("-auth guess");

	(void)state;
	assert_null(run->options.authority);
	assert_true(run->options.guess_authority);
	command_line_finish(run);
}

static void test_port_of_the_display(void **state)
{
	struct command_line *run = parse("-display :12.0 -N");

	(void)state;
	assert_int_equal(run->options.port, 5912);
	command_line_finish(run);
	run = parse("-display :12 -N -rfbport 5900");
	assert_int_equal(run->options.port, 5900);
	command_line_finish(run);
	assert_said("-display :99999 -N", true, "-N: has no effect");
}

static void test_desktop_of_our_own(void **state)
{
	struct command_line *run =
		parse("-create -geometry 640x480 -- xterm -e -x top");

	(void)state;
	assert_true(run->options.create);
	assert_string_equal(run->options.geometry, "640x480");
	assert_null(run->options.scale);
	assert_string_equal(run->options.session[1], "-e");
	assert_string_equal(run->options.session[3], "top");
	assert_null(run->options.session[4]);
	command_line_finish(run);
	run = parse("-xvnc --");
	assert_true(run->options.create);
	assert_string_equal(run->options.create_server, "Xtigervnc");
	assert_null(run->options.session);
	command_line_finish(run);
}

static void test_clip(void **state)
{
	struct command_line *run = parse("-clip 640x480+10+20");

	(void)state;
	assert_string_equal(run->options.clip, "640x480+10+20");
	command_line_finish(run);
	run = parse("Geometry=640x480");
	assert_string_equal(run->options.clip, "640x480");
	command_line_finish(run);
	run = parse("-sid 0x12 -waitmapped");
	assert_string_equal(run->options.window_place, "0x12");
	assert_true(run->options.wait_mapped);
	command_line_finish(run);
	/* x11vnc's scale is not a clip. */
	run = parse("-geometry 640x480");
	assert_null(run->options.clip);
	assert_string_equal(run->options.scale, "640x480");
	command_line_finish(run);
	command_line_assert_refused(
		"-clip 640x480 -id pick", "exclude each other");
	command_line_assert_refused("-id 3 -sid 4", "exclude each other");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_display_waits),
		cmocka_unit_test(test_authority_is_guessed),
		cmocka_unit_test(test_port_of_the_display),
		cmocka_unit_test(test_desktop_of_our_own),
		cmocka_unit_test(test_clip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
