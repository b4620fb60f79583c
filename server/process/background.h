/* background.h - -bg: the shell goes on when the port is open, not before.
 *
 * Owner:   a plain value.
 * Threads: before there is a second one.
 */
#ifndef SERVER_PROCESS_BACKGROUND_H
#define SERVER_PROCESS_BACKGROUND_H

#include <stdbool.h>

struct background {
	int ready; /* -1: we are in the foreground, or said so */
};

/* Returns in the child, in a session of its own. The parent waits for
 * background_ready(), and ends with status 0, or with the child's where that
 * ended before. False: there is no other process, errno tells why. */
bool background_enter(struct background *background);
/* Lets the parent go, and stdin, stdout and (unless it is the log's file)
 * stderr. Nothing in the foreground. */
void background_ready(struct background *background, bool keeps_log);

#endif
