/* display_target.h - a display, and the file with its cookie.
 *
 * Owner:   whoever embeds it; display_target_reset() frees.
 * Threads: any.
 */
#ifndef SERVER_DISPLAY_DISPLAY_TARGET_H
#define SERVER_DISPLAY_DISPLAY_TARGET_H

struct display_target {
	char *name;      /* ":0"; NULL: none */
	char *authority; /* NULL: Xlib's own */
};

/* Takes both. */
void display_target_set(
	struct display_target *target, char *name, char *authority);
void display_target_reset(struct display_target *target);

#endif
