/* display_facts.h - what a display has and how fast it is, for -selfcheck.
 *
 * Threads: before there is a second one.
 * Units:   microseconds.
 */
#ifndef X11_DISPLAY_FACTS_H
#define X11_DISPLAY_FACTS_H

#include <stdbool.h>
#include <stdint.h>

struct display_facts {
	bool shm, damage, fixes, test, resizes, motion; /* extensions */
	bool wayland;                                   /* XWayland */
	bool composited;     /* a compositor draws the screen */
	bool local;          /* no network is between */
	bool usual_pixels;   /* taken as they are */
	bool font;           /* windows that ask have letters */
	const char *no_shm;  /* why not in spite of the extension; a literal */
	uint64_t capture_us; /* of the whole screen, the best of some */
	int width, height, depth;
};

/* `display` and `authority` may be NULL. False: *error gets a sentence. */
bool display_facts_read(const char *display, const char *authority,
	struct display_facts *facts, char **error);

#endif
