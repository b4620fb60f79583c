/* display_trial.h - whether a display can be opened, found out by a process of
 * its own: an X server that hangs, and whatever Xlib does then, is no trouble
 * to the caller.
 *
 * Threads: it forks: only where the process has one thread.
 * Units:   blocks for `seconds` at most.
 */
#ifndef X11_DISPLAY_TRIAL_H
#define X11_DISPLAY_TRIAL_H

enum display_trial_result {
	DISPLAY_TRIAL_OPENS,
	DISPLAY_TRIAL_XWAYLAND, /* it opens, and shows nothing of the screen */
	DISPLAY_TRIAL_REFUSES,  /* the X server is there, and lets us not in */
	DISPLAY_TRIAL_FAILS,
};

/* `authority`: NULL: as Xlib finds it. */
enum display_trial_result display_trial_run(
	const char *name, const char *authority, unsigned seconds);

#endif
