/* command_line.h - for tests: the words of a command line, parsed, with all
 * that was printed meanwhile.
 *
 * Owner: command_line_parse() gives; command_line_finish() frees.
 */
#ifndef TEST_UNIT_COMMAND_LINE_H
#define TEST_UNIT_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "server/options/options.h"

enum { COMMAND_LINE_MOST_WORDS = 24 };

struct command_line {
	struct options options;
	bool good;
	int argc;
	char *argv[COMMAND_LINE_MOST_WORDS + 1];
	char said[65536];
};

/* What is written to descriptor `which` while `act` runs, NUL-ended. */
void command_line_capture(
	int which, void (*act)(void *), void *data, char *said, size_t room);

/* Words parted by single spaces; a tab stands for an empty word. */
struct command_line *command_line_parse(const char *line);
/* The same of one that must be accepted, without a word. */
struct command_line *command_line_parse_silent(const char *line);
void command_line_finish(struct command_line *run);

/* It is refused in one line, which contains `part`. */
void command_line_assert_refused(const char *line, const char *part);

int command_line_count_lines(const char *text);

#endif
