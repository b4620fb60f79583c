/* stderr_catch.h - what a library prints to stderr, caught for a while.
 *
 * libxcb writes the X server's reason for refusing us straight to stderr and
 * returns nothing; caught, it becomes part of our own sentence.
 *
 * Threads: the loop thread; whatever other threads print meanwhile is caught
 *          too, so keep the time short.
 */
#ifndef X11_STDERR_CATCH_H
#define X11_STDERR_CATCH_H

#include <stddef.h>

struct stderr_catch {
	int saved;   /* the real stderr, -1 when nothing is being caught */
	int pipe[2]; /* not blocking: what does not fit is lost */
};

void stderr_catch_begin(struct stderr_catch *caught);

/* Gives stderr back. `text` gets what was written as one printable line,
 * possibly empty, always terminated. */
void stderr_catch_end(struct stderr_catch *caught, char *text, size_t size);

#endif
