/* restart_loop.h - -loop: starts the program again whenever it ends.
 *
 * Owner:   a plain value.
 * Threads: before there is a second one.
 * Source:  x11vnc's -loop[MS[,COUNT]].
 */
#ifndef SERVER_PROCESS_RESTART_LOOP_H
#define SERVER_PROCESS_RESTART_LOOP_H

#include <stdbool.h>

struct restart_loop {
	int pause_ms; /* between an end and the next start */
	int most;     /* starts; 0: no limit */
	/* Between starts the supervisor holds no output open. */
	bool quietly, keeps_log;
};

/* What follows -loop in its name: "", "300", "300,5". False: it is no such. */
bool restart_loop_parse(struct restart_loop *loop, const char *text);

/* Returns true in each child, which goes on as if there were no loop. In the
 * supervisor false, when it is over: asked to end, run often enough, or a
 * command line that will not get better; *exit_code gets the last child's. */
bool restart_loop_run(const struct restart_loop *loop, int *exit_code);

#endif
