/* program.h - a running x11wsvnc.
 *
 * Owner:   program_start() gives; program_stop() ends it and frees.
 * Errors:  said on stderr; then the test ends.
 */
#ifndef TEST_SEQUENCE_PROGRAM_H
#define TEST_SEQUENCE_PROGRAM_H

#include <sys/types.h>

struct program {
	pid_t pid;
	int output; /* its stdout */
	int port;
};

/* `options` are more of its own, ended by NULL. */
struct program *program_start(
	const char *path, const char *display, char *const *options);

/* Its exit status; -1 where a signal ended it. */
int program_stop(struct program *program);

#endif
