/* stage.h - a desktop of our own (-create): an X server without a screen, with
 * a session on it, begun and ended together with the program.
 *
 * A process of its own starts both and looks after them (stage_process.h): the
 * server could not any more, inside of its sandbox.
 *
 * Owner:   stage_open() fills; stage_close() ends everything and frees.
 * Threads: the loop thread; stage_open() before there is any other.
 */
#ifndef SERVER_CREATE_STAGE_H
#define SERVER_CREATE_STAGE_H

#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>

struct options;
struct share;

struct stage {
	struct share *share;
	int socket; /* to the process; -1: there is none */
	pid_t pid;
	uv_poll_t poll;
};

/* Where the options have -create: forks, waits until the X server is there, and
 * puts its display and authority into the options. False: it was logged. */
bool stage_open(struct stage *stage, struct options *options);
/* From here on the end of the session ends the program. */
void stage_attach(struct stage *stage, struct share *share);
/* All of it is to end; nobody waits for that. */
void stage_end(struct stage *stage);
/* Returns when all of it has ended, after 4 seconds at the latest. */
void stage_close(struct stage *stage);

#endif
