/* move_grid.h - which cells of a picture are what lay by a vector elsewhere
 * before, and the rectangle of such cells that explains most.
 *
 * Owner:   move_grid_create() gives.
 * Threads: one at a time.
 * Units:   pixels; a cell is MOVE_CELL_WIDTH by MOVE_CELL_HEIGHT of them.
 */
#ifndef X11_MOVE_GRID_H
#define X11_MOVE_GRID_H

#include "base/frame.h"
#include "base/move.h"
#include "base/region.h"

enum { MOVE_CELL_WIDTH = 16, MOVE_CELL_HEIGHT = 4 };

struct move_grid;

/* For pictures of this size; NULL when out of memory. */
struct move_grid *move_grid_create(int width, int height);
void move_grid_destroy(struct move_grid *grid);

/* Begins with what changed; nothing is explained yet. */
void move_grid_reset(struct move_grid *grid, const struct region *changed);

/* Compares every cell of the changed area's extents with what lay at -dx, -dy
 * of it before. What moves have been written to, is no longer there. */
void move_grid_match(struct move_grid *grid, const struct frame *before,
	const struct frame *now, int dx, int dy);

/* The rectangle of matching cells that explains the most changed ones not
 * explained yet; returns how many. Does not look where `least` are not to be
 * had: then it is 0, and *best is left alone. */
int move_grid_best(struct move_grid *grid, int least, struct rect *best);

/* What part of the changed cells match, in percent; after move_grid_match().
 */
int move_grid_explains(const struct move_grid *grid);

/* That move was made: its target is explained and written, and cells that
 * would come from there, by the vector matched last, match no more. */
void move_grid_explain(struct move_grid *grid, const struct move *move);

#endif
