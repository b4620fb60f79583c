/* view.h - what one or several viewers see: part of the shared area, scaled,
 * turned, with parts blacked out. A viewer that sees the area as it is has
 * none, and costs nothing here.
 *
 * The picture is made from a captured frame once for all viewers of the view,
 * when one of them can take it, and only where something changed: the way
 * capture.h has it, in a ring of frames that know what of them is stale.
 *
 * Owner:   view_create() gives, view_destroy() frees; its frames may live on.
 * Threads: the loop thread alone; frames may be read and unreferenced anywhere.
 * Units:   pixels.
 */
#ifndef SERVER_VIEW_H
#define SERVER_VIEW_H

#include "base/cursor_image.h"
#include "base/frame.h"
#include "base/move.h"
#include "base/region.h"
#include "server/view/view_map.h"
#include "server/view/view_rules.h"

enum { VIEW_FRAMES = 3 };

struct view_slot {
	struct frame *frame; /* NULL before it is needed */
	struct region stale;
};

struct view {
	struct view_map map;
	struct region black; /* in the picture */
	struct view_slot slots[VIEW_FRAMES];
	struct view_slot *last;
	struct view_ratio cursor_scale;
	struct cursor_image *cursor_from, *cursor; /* the latest and its like */
};

struct view *view_create(void);
void view_destroy(struct view *view);

/* Another area, or another part of it: every pixel is new. `black` is in the
 * shared area. */
void view_set(struct view *view, const struct view_rules *rules,
	const struct view_scale *scale, struct rect from,
	const struct region *black);

/* Maps what changed into `mapped`, which is cleared; to be called for every
 * capture, or the pictures would keep what is old. */
void view_damage(
	struct view *view, const struct region *changed, struct region *mapped);
/* The moves that are moves here, too. */
void view_moves(const struct view *view, const struct move_list *moves,
	struct move_list *mapped);

/* The picture as the captured frame has it; the caller's reference. NULL when
 * all are lent, when memory ran out or where the frame has another size than
 * the area. */
struct frame *view_picture(struct view *view, struct frame *area);

/* The pointer's shape in it; borrowed until the next call. NULL for NULL. */
struct cursor_image *view_cursor(
	struct view *view, struct cursor_image *cursor);

#endif
