/* move.h - areas of the screen that moved unchanged.
 *
 * Owner:   plain values.
 * Threads: any.
 * Units:   pixels.
 */
#ifndef BASE_MOVE_H
#define BASE_MOVE_H

#include "base/rect.h"

/* What is at `to` now was `dx` to the left of it and `dy` above it before. */
struct move {
	struct rect to;
	int dx, dy;
};

static inline struct rect move_from(const struct move *move)
{
	return (struct rect){ move->to.x - move->dx, move->to.y - move->dy,
		move->to.width, move->to.height };
}

/* Done one after the other, on a copy of the old picture, they give the new
 * one at every `to`. */
enum { MOVE_LIST_MOST = 32 };

struct move_list {
	int count;
	struct move moves[MOVE_LIST_MOST];
};

#endif
