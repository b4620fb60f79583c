/* display_command.h - runs the user's program that knows the display
 * (-display WAIT:cmd=...).
 *
 * It prints, as x11vnc's do, DISPLAY=:N on a line and where it likes
 * XAUTHORITY=FILE on another.
 *
 * Threads: it forks and blocks, for 20 seconds at most.
 */
#ifndef SERVER_DISPLAY_DISPLAY_COMMAND_H
#define SERVER_DISPLAY_DISPLAY_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct display_target;

bool display_command_run(const char *command, struct display_target *told);

/* What it printed; `text` is changed. */
bool display_command_parse(char *text, struct display_target *told);

#endif
