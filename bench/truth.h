/* truth.h - how far a viewer's picture is from what it should be.
 *
 * Units: PSNR in dB over the three colours, TRUTH_EXACT where nothing differs.
 */
#ifndef BENCH_TRUTH_H
#define BENCH_TRUTH_H

#include <X11/Xlib.h>

#include "bench/timeline.h"
#include "bench/viewer.h"

enum { TRUTH_EXACT = 99 };

struct truth {
	double psnr;
	unsigned worst;         /* largest error of a channel */
	unsigned long mistaken; /* pixels that differ at all */
};

/* The whole picture against the X server's. */
struct truth truth_of_screen(const struct viewer *viewer, Display *display);

/* Every eighth row of a film's picture `number`. `reel` is the mapped
 * segment. */
struct truth truth_of_film(const struct viewer *viewer,
	const struct timeline_reel *where, const uint32_t *reel,
	unsigned number);

#endif
