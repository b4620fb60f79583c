/* input_backlog.h - what viewers have said that has not been handled yet.
 *
 * A viewer's messages are handled a few at a time; between, everybody else has
 * a turn. While there is something left of it, its socket is not read.
 *
 * Owner:   embedded in struct share.
 * Threads: the loop thread.
 */
#ifndef SERVER_INPUT_BACKLOG_H
#define SERVER_INPUT_BACKLOG_H

#include <uv.h>

struct share;

struct input_backlog {
	uv_idle_t idle; /* runs once a turn of the loop, while it is started */
};

void input_backlog_init(struct input_backlog *backlog, struct share *share);

/* A viewer has more to say: it is heard in the next turn. */
void input_backlog_note(struct input_backlog *backlog);

#endif
