#include "test/unit/command_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A file and not a pipe: nobody reads while it is written. */
void command_line_capture(
	int which, void (*act)(void *), void *data, char *said, size_t room)
{
	FILE *file = tmpfile();
	int saved = dup(which);
	size_t count;

	assert_non_null(file);
	assert_true(saved >= 0);
	fflush(stdout);
	dup2(fileno(file), which);
	act(data);
	fflush(stdout);
	dup2(saved, which);
	close(saved);
	rewind(file);
	count = fread(said, 1, room - 1, file);
	said[count] = '\0';
	fclose(file);
}

static void act_parse(void *data)
{
	struct command_line *run = data;

	run->good = options_parse(&run->options, run->argc, run->argv);
}

struct command_line *command_line_parse(const char *line)
{
	struct command_line *run = calloc(1, sizeof(*run));
	const char *at = line;

	assert_non_null(run);
	run->argv[run->argc++] = strdup("x11wsvnc");
	while (*at) {
		size_t length = strcspn(at, " ");

		assert_true(run->argc < COMMAND_LINE_MOST_WORDS);
		run->argv[run->argc++] =
			strndup(at, at[0] == '\t' ? 0 : length);
		at += length;
		at += *at == ' ';
	}
	command_line_capture(
		STDERR_FILENO, act_parse, run, run->said, sizeof(run->said));
	return run;
}

void command_line_finish(struct command_line *run)
{
	options_finish(&run->options);
	for (int i = 0; i < run->argc; i++)
		free(run->argv[i]);
	free(run);
}

int command_line_count_lines(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

struct command_line *command_line_parse_silent(const char *line)
{
	struct command_line *run = command_line_parse(line);

	if (!run->good || run->said[0])
		fail_msg("'%s' said: %s", line, run->said);
	return run;
}

void command_line_assert_refused(const char *line, const char *part)
{
	struct command_line *run = command_line_parse(line);

	if (run->good || command_line_count_lines(run->said) != 1 ||
		!strstr(run->said, part))
		fail_msg("'%s' was %s and said: %s", line,
			run->good ? "accepted" : "refused", run->said);
	command_line_finish(run);
}
