/* view_painter.h - the pixels of a view: scaled and turned.
 *
 * Owner:   nothing.
 * Threads: any, where nobody else writes the target.
 */
#ifndef SERVER_VIEW_PAINTER_H
#define SERVER_VIEW_PAINTER_H

#include "base/frame.h"
#include "server/view/view_map.h"

/* Writes `rect` of the picture, as `area` (the whole shared area) has it now.
 * Padding is left as it is. */
void view_painter_paint(const struct view_map *map, const struct frame *area,
	struct frame *picture, struct rect rect);

#endif
