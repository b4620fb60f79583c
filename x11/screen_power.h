/* screen_power.h - wakes the screen when viewers type or point, and keeps its
 * monitor on or off while they watch.
 *
 * Owner:   whoever embeds it; nothing to free.
 * Threads: the loop thread alone.
 * Source:  X Display Power Management Signaling Extension.
 */
#ifndef X11_SCREEN_POWER_H
#define X11_SCREEN_POWER_H

#include <stdbool.h>
#include <stdint.h>

#include "x11/desktop.h"
#include "x11/display.h"

struct screen_power {
	struct display *display;
	enum desktop_power policy;
	bool has_dpms;
	uint64_t woken_us;
};

/* `display` is kept. */
void screen_power_init(struct screen_power *power, struct display *display,
	enum desktop_power policy);

/* There is input: at most once a second the screen saver begins to wait anew,
 * and a monitor that is off goes on; a round trip or two. */
void screen_power_wake(struct screen_power *power);

/* Every few seconds, while somebody watches. */
void screen_power_tend(struct screen_power *power);

#endif
