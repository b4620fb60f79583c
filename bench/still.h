/* still.h - pictures of a screen to encode: drawn here, always the same, or
 * read from a PPM file.
 *
 * Owner:  the caller; frame_unref().
 * Errors: a file that cannot be read is told on stderr, NULL.
 */
#ifndef BENCH_STILL_H
#define BENCH_STILL_H

#include "base/frame.h"

enum still {
	STILL_PHOTO,    /* soft shapes, edges and grain */
	STILL_PAGE,     /* columns of soft text, boxes, pictures */
	STILL_TERMINAL, /* light letters on black, hard edges, a few colours */
	STILL_MIXED,    /* half a photograph, half a terminal */
	STILL_GRADIENT,
	STILL_NOISE,
	STILL_COUNT,
};

extern const char *const still_names[STILL_COUNT];

struct frame *still_draw(enum still still, int width, int height);

/* Binary PPM (P6) of 8 bits. */
struct frame *still_read(const char *path);
bool still_write(const struct frame *frame, const char *path);

#endif
