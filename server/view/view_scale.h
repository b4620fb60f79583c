/* view_scale.h - how much smaller or larger a picture is made, as -scale says.
 *
 * Pure.
 *
 * Units: pixels.
 */
#ifndef SERVER_VIEW_SCALE_H
#define SERVER_VIEW_SCALE_H

#include <stdbool.h>

/* What a picture's sides may become. */
enum { VIEW_SCALE_MOST_SIDE = 32767, VIEW_SCALE_MOST_PIXELS = 64 << 20 };

struct view_ratio {
	int numerator, denominator;
};

struct view_scale {
	struct view_ratio x, y;
	int width, height; /* instead of ratios, where not 0 */
	bool blends;       /* else the nearest pixel is taken */
};

/* 1:1. */
struct view_scale view_scale_none(void);

/* x11vnc's forms: "0.5", "3/4", "0.9x0.75", "2/3x1/2", "1024x768", and options
 * behind a colon, of which "nb" (no blending) means something. */
bool view_scale_parse(const char *text, struct view_scale *scale);
/* One ratio, "0.5" or "3/4". */
bool view_scale_parse_ratio(const char *text, struct view_ratio *ratio);

/* Once more, to one n-th: n of 1 and more. */
struct view_scale view_scale_divide(struct view_scale scale, int n);

/* What a picture of that size becomes: at least 1 pixel a side, and no more
 * than the limits above. */
void view_scale_size(const struct view_scale *scale, int *width, int *height);

#endif
