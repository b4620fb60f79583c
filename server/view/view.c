#include "server/view/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "server/view/view_cursor.h"
#include "server/view/view_painter.h"

/* More rectangles than these are taken for what lies between them, too. */
enum { MOST_RECTS = 256 };

struct view *view_create(void)
{
	struct view *view = xcalloc(1, sizeof(*view));
	int i;

	region_init(&view->black);
	for (i = 0; i < VIEW_FRAMES; i++)
		region_init(&view->slots[i].stale);
	return view;
}

static void drop_frames(struct view *view)
{
	int i;

	for (i = 0; i < VIEW_FRAMES; i++) {
		frame_unref(view->slots[i].frame);
		view->slots[i].frame = NULL;
	}
	view->last = NULL;
}

static void drop_cursor(struct view *view)
{
	cursor_image_unref(view->cursor_from);
	cursor_image_unref(view->cursor);
	view->cursor_from = view->cursor = NULL;
}

void view_destroy(struct view *view)
{
	int i;

	if (view == NULL)
		return;
	drop_frames(view);
	drop_cursor(view);
	for (i = 0; i < VIEW_FRAMES; i++)
		region_finish(&view->slots[i].stale);
	region_finish(&view->black);
	view_map_finish(&view->map);
	free(view);
}

/* Every pixel of the picture that a hidden pixel has a part in is hidden. */
static void map_region(const struct view_map *map, const struct region *from,
	struct region *to)
{
	int i, count = region_count(from);

	region_clear(to);
	if (count > MOST_RECTS) {
		region_add_rect(to, view_map_rect(map, region_extents(from)));
		return;
	}
	for (i = 0; i < count; i++)
		region_add_rect(to, view_map_rect(map, region_rect(from, i)));
}

static void map_black(struct view *view, const struct region *black)
{
	int i;

	region_clear(&view->black);
	for (i = 0; i < region_count(black); i++)
		region_add_rect(&view->black,
			view_map_rect(&view->map, region_rect(black, i)));
}

void view_set(struct view *view, const struct view_rules *rules,
	const struct view_scale *scale, struct rect from,
	const struct region *black)
{
	drop_frames(view);
	drop_cursor(view);
	view_map_finish(&view->map);
	view_map_init(&view->map, from, scale, rules->turn, rules->least_width,
		rules->least_height);
	view->cursor_scale = rules->cursor_scale;
	map_black(view, black);
}

void view_damage(
	struct view *view, const struct region *changed, struct region *mapped)
{
	int i;

	map_region(&view->map, changed, mapped);
	for (i = 0; i < VIEW_FRAMES; i++)
		region_add(&view->slots[i].stale, mapped);
}

static bool touches(const struct region *region, struct rect rect)
{
	struct region part;
	bool is;

	if (region_is_empty(region))
		return false;
	region_init(&part);
	region_copy(&part, region);
	region_intersect_rect(&part, rect);
	is = !region_is_empty(&part);
	region_finish(&part);
	return is;
}

/* What comes from outside the picture and what black lies on is no move. True
 * where all of it is one here, too. */
static bool map_move(const struct view *view, struct move *move)
{
	const struct rect picture = { 0, 0, view->map.content_width,
		view->map.content_height };
	struct rect whole, from;

	move->to.x -= view->map.from.x;
	move->to.y -= view->map.from.y;
	whole = move->to;
	move->to = rect_intersect(move->to, picture);
	from = rect_intersect(move_from(move), picture);
	move->to = (struct rect){ from.x + move->dx, from.y + move->dy,
		from.width, from.height };
	if (touches(&view->black, from) || touches(&view->black, move->to))
		move->to.width = 0;
	return rect_equal(whole, move->to);
}

/* They are done one after the other: behind one that is not whole a later one
 * might copy what that should have brought. */
void view_moves(const struct view *view, const struct move_list *moves,
	struct move_list *mapped)
{
	bool whole = view_map_keeps_moves(&view->map);
	int i;

	mapped->count = 0;
	for (i = 0; i < moves->count && whole; i++) {
		struct move move = moves->moves[i];

		whole = map_move(view, &move);
		if (!rect_is_empty(move.to))
			mapped->moves[mapped->count++] = move;
	}
}

/* ---- the picture ---- */

static struct view_slot *choose_slot(struct view *view)
{
	struct view_slot *best = NULL;
	int i;

	for (i = 0; i < VIEW_FRAMES; i++) {
		struct view_slot *slot = &view->slots[i];

		if (slot->frame == NULL)
			best = best != NULL ? best : slot;
		else if (frame_is_sole(slot->frame) &&
			 (best == NULL || best->frame == NULL))
			best = slot;
	}
	return best;
}

static bool open_slot(struct view *view, struct view_slot *slot)
{
	if (slot->frame != NULL)
		return true;
	slot->frame = frame_create(view->map.width, view->map.height);
	if (slot->frame == NULL)
		return false;
	region_clear(&slot->stale);
	region_add_rect(&slot->stale, frame_rect(slot->frame));
	return true;
}

static void blacken(struct frame *frame, struct rect rect)
{
	int y;

	for (y = rect.y; y < rect.y + rect.height; y++)
		memset(frame->pixels + (size_t)y * frame->stride +
				(size_t)rect.x * 4,
			0, (size_t)rect.width * 4);
}

static void paint(
	struct view *view, struct view_slot *slot, const struct frame *area)
{
	struct region hidden;
	int i;

	for (i = 0; i < region_count(&slot->stale); i++)
		view_painter_paint(&view->map, area, slot->frame,
			region_rect(&slot->stale, i));
	region_init(&hidden);
	region_copy(&hidden, &view->black);
	region_intersect(&hidden, &slot->stale);
	for (i = 0; i < region_count(&hidden); i++)
		blacken(slot->frame, region_rect(&hidden, i));
	region_finish(&hidden);
	region_clear(&slot->stale);
}

struct frame *view_picture(struct view *view, struct frame *area)
{
	const struct rect *from = &view->map.from;
	struct view_slot *slot = view->last;

	if (from->x + from->width > area->width ||
		from->y + from->height > area->height)
		return NULL;
	if (slot != NULL && region_is_empty(&slot->stale))
		return frame_ref(slot->frame);
	slot = choose_slot(view);
	if (slot == NULL || !open_slot(view, slot))
		return NULL;
	paint(view, slot, area);
	view->last = slot;
	return frame_ref(slot->frame);
}

/* ---- the pointer ---- */

static int scaled(int length, int from, int to)
{
	int result = (int)(((int64_t)length * to + from / 2) / from);

	return result > 0 ? result : 1;
}

static struct cursor_image *make_cursor(
	const struct view *view, struct cursor_image *from)
{
	const struct view_map *map = &view->map;
	const struct view_ratio *ratio = &view->cursor_scale;
	int width, height;

	if (from->width == 0 || from->height == 0 ||
		(!map->scales && view_turn_is_none(map->turn) &&
			ratio->denominator == 0))
		return cursor_image_ref(from);
	if (ratio->denominator > 0) {
		width = scaled(
			from->width, ratio->denominator, ratio->numerator);
		height = scaled(
			from->height, ratio->denominator, ratio->numerator);
	} else {
		width = scaled(from->width, map->from.width, map->scaled_width);
		height = scaled(
			from->height, map->from.height, map->scaled_height);
	}
	if (width > CURSOR_IMAGE_MOST_SIDE || height > CURSOR_IMAGE_MOST_SIDE)
		return cursor_image_ref(from);
	return view_cursor_image(from, width, height, map->turn);
}

struct cursor_image *view_cursor(struct view *view, struct cursor_image *cursor)
{
	if (cursor == view->cursor_from)
		return view->cursor;
	drop_cursor(view);
	if (cursor == NULL)
		return NULL;
	view->cursor_from = cursor_image_ref(cursor);
	view->cursor = make_cursor(view, cursor);
	return view->cursor;
}
