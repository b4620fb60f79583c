/* patience.h - how long one X server may keep the loop from everybody else.
 *
 * Xlib waits for an answer without an end: an X server that hangs (stopped, a
 * dead network between, a client that grabbed it and sleeps) would take all
 * viewers, pages and other displays with it. Here its connection is shut after
 * PATIENCE_S to twice that, from a signal handler, and Xlib finds it lost.
 *
 * Costs one timer_settime() in PATIENCE_S while X is asked anything, and no
 * wake-up in a loop that sleeps but one.
 *
 * Threads: the loop thread, which is the process's first: SIGALRM comes there.
 * Units:   seconds.
 */
#ifndef X11_PATIENCE_H
#define X11_PATIENCE_H

#include <X11/Xlib.h>
#include <stdbool.h>

enum { PATIENCE_S = 5 };

/* From now on it is waited for so long at most. */
void patience_watch(Display *x);
/* Before it is closed: its descriptor will be somebody else's. */
void patience_forget(Display *x);
/* The loop goes to sleep: nobody is waited for. */
void patience_rest(void);
/* Whether this is why it is lost. */
bool patience_ran_out(Display *x);

#endif
