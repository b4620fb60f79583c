/* hidden_line.h - asks for a line that nobody is to see, on a terminal.
 *
 * Threads: before there are any: it waits, and blocks signals meanwhile.
 * Errors:  false at the end of the input.
 */
#ifndef SERVER_PROCESS_HIDDEN_LINE_H
#define SERVER_PROCESS_HIDDEN_LINE_H

#include <stdbool.h>

enum { HIDDEN_LINE_BYTES = 256 };

/* The line without its end, cut where it is longer. `fd` may be no terminal:
 * then nothing is asked. A signal that ends or stops the program does so with
 * the terminal as it was found; after a stop the question comes again. */
bool hidden_line_ask(
	int fd, const char *question, char line[HIDDEN_LINE_BYTES]);

#endif
