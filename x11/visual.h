/* visual.h - the X server's pixel layout, turned into our own.
 *
 * The usual layout (32 bits a pixel, red 0xff0000, green 0xff00, blue 0xff, our
 * byte order) is what frames hold, and needs nothing. Everything else goes
 * through visual_convert(): 8 to 32 bits a pixel, any masks, either byte order,
 * palettes.
 *
 * Owner:   whoever embeds it; visual_finish() frees.
 * Threads: the loop thread alone.
 */
#ifndef X11_VISUAL_H
#define X11_VISUAL_H

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <stdbool.h>
#include <stdint.h>

#include "x11/display.h"

struct visual_channel {
	unsigned long mask;
	int shift;           /* to the right, after masking */
	int narrow;          /* bits dropped beyond eight */
	uint8_t scaled[256]; /* what is left, stretched to 0..255 */
};

struct visual {
	Visual *x;
	int depth;
	int bits_per_pixel;
	bool direct;  /* frames can be grabbed as they are */
	bool palette; /* colours come from the default colour map */
	bool swapped; /* the X server has the other byte order */
	struct visual_channel channels[3]; /* red, green, blue */
	uint32_t *table; /* by pixel, for 16 bits and less; else NULL */
	Colormap colormap;
};

/* Of the root window. */
void visual_init(struct visual *visual, struct display *display);
/* A layout by its numbers, without an X server or a palette. */
void visual_set_layout(struct visual *visual, int bits_per_pixel, int depth,
	bool swapped, unsigned long red, unsigned long green,
	unsigned long blue);
void visual_finish(struct visual *visual);

/* Asks the X server for the palette again (a round trip, nothing where there is
 * no palette): it tells nobody when cells change. */
void visual_refresh(struct visual *visual, struct display *display);

/* Row `y` of `image` as `width` pixels of 0x00RRGGBB. */
void visual_convert(const struct visual *visual, XImage *image, int y,
	uint32_t *to, int width);

#endif
