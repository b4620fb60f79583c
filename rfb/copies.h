/* copies.h - CopyRects that a viewer is still to be sent.
 *
 * A viewer's picture is the screen's except where it is dirty. Moving an area
 * moves its dirty part along; the rest need not be sent. That stays true for
 * a viewer that is behind: its moves are kept in order, until there are too
 * many.
 *
 * Owner:   the session; a plain value.
 * Threads: the loop thread.
 * Source:  RFC 6143 section 7.7.2.
 */
#ifndef RFB_COPIES_H
#define RFB_COPIES_H

#include "base/move.h"
#include "base/region.h"
#include "rfb/rect_writer.h"

struct copies {
	struct move_list list;
};

/* Adds what moved, and moves `dirty` along. `changed` is reduced to what no
 * move explains. What comes from pixels that were never sent (`unknown`), or
 * from mostly dirty ones, is not worth a copy. */
void copies_add(struct copies *copies, const struct move_list *moves,
	const struct region *unknown, struct region *dirty,
	struct region *changed);

/* Gives them up: where they went is dirty. */
void copies_drop(struct copies *copies, struct region *dirty);

/* Whether each lies inside, where it comes from and where it goes. */
bool copies_lie_in(const struct copies *copies, const struct region *region);

/* Writes them, in order, and forgets them. */
void copies_write(struct copies *copies, struct rect_writer *to);

#endif
