/* key_lights.h - the keyboard's lock lights, as XKB tells them.
 *
 * Owner:   whoever embeds it; nothing to free.
 * Threads: the loop thread alone.
 */
#ifndef X11_KEY_LIGHTS_H
#define X11_KEY_LIGHTS_H

#include <X11/XKBlib.h>
#include <X11/Xlib.h>
#include <stdbool.h>

enum key_light {
	KEY_LIGHT_SCROLL = 1,
	KEY_LIGHT_NUM = 2,
	KEY_LIGHT_CAPS = 4,
};

struct key_lights {
	int on; /* enum key_light; -1 without XKB */
	bool changed;
};

/* Asks for them (round trips); notes whether that is another answer. */
void key_lights_update(struct key_lights *lights, Display *display);

#endif
