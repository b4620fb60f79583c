/* move_finder.h - what scrolled or was dragged between two pictures.
 *
 * Every move is verified pixel by pixel, so a CopyRect of it is exact. Where
 * nothing moves, as in a film, it looks ever more rarely.
 *
 * Owner:   move_finder_create() gives.
 * Threads: one at a time.
 * Units:   times as clock_us().
 */
#ifndef X11_MOVE_FINDER_H
#define X11_MOVE_FINDER_H

#include "base/frame.h"
#include "base/move.h"
#include "base/region.h"

struct move_finder;

struct move_finder *move_finder_create(void);
void move_finder_destroy(struct move_finder *finder);

/* Fills `moves` with what explains parts of `changed`; does not touch that.
 * Both frames have the same size, else nothing is found. */
void move_finder_find(struct move_finder *finder, const struct frame *before,
	const struct frame *now, uint64_t now_us, const struct region *changed,
	struct move_list *moves);

#endif
