#include "rfb/copies.h"

#include <stdint.h>

#include "rfb/encoding_list.h"

static void move_dirt(struct region *dirty, const struct move *move)
{
	struct region moved;

	region_init(&moved);
	region_copy(&moved, dirty);
	region_intersect_rect(&moved, move_from(move));
	region_translate(&moved, move->dx, move->dy);
	region_subtract_rect(dirty, move->to);
	region_add(dirty, &moved);
	region_finish(&moved);
}

static int64_t pixels_within(const struct region *region, struct rect area)
{
	struct region part;
	int64_t pixels;

	region_init(&part);
	region_copy(&part, region);
	region_intersect_rect(&part, area);
	pixels = region_pixels(&part);
	region_finish(&part);
	return pixels;
}

static bool is_worth_it(const struct move *move, const struct region *unknown,
	const struct region *dirty)
{
	struct rect from = move_from(move);
	int64_t pixels = (int64_t)from.width * from.height;

	return pixels_within(unknown, from) == 0 &&
	       pixels_within(dirty, from) * 2 < pixels;
}

void copies_add(struct copies *copies, const struct move_list *moves,
	const struct region *unknown, struct region *dirty,
	struct region *changed)
{
	int i;

	if (copies->list.count + moves->count > MOVE_LIST_MOST)
		copies_drop(copies, dirty);
	for (i = 0; i < moves->count; i++) {
		const struct move *move = &moves->moves[i];

		/* A later move never comes from where an earlier one goes, so
		 * leaving one out harms no other. */
		if (!is_worth_it(move, unknown, dirty)) {
			region_add_rect(dirty, move->to);
			continue;
		}
		move_dirt(dirty, move);
		region_subtract_rect(changed, move->to);
		copies->list.moves[copies->list.count++] = *move;
	}
}

void copies_drop(struct copies *copies, struct region *dirty)
{
	int i;

	for (i = 0; i < copies->list.count; i++)
		region_add_rect(dirty, copies->list.moves[i].to);
	copies->list.count = 0;
}

bool copies_lie_in(const struct copies *copies, const struct region *region)
{
	int i;

	for (i = 0; i < copies->list.count; i++) {
		const struct move *move = &copies->list.moves[i];

		if (!region_contains(region, move->to) ||
			!region_contains(region, move_from(move)))
			return false;
	}
	return true;
}

void copies_write(struct copies *copies, struct rect_writer *to)
{
	int i;

	for (i = 0; i < copies->list.count; i++) {
		const struct move *move = &copies->list.moves[i];
		struct rect from = move_from(move);

		rect_writer_begin(to, move->to, ENCODING_COPYRECT);
		buffer_u16(&to->bytes, (uint16_t)from.x);
		buffer_u16(&to->bytes, (uint16_t)from.y);
	}
	copies->list.count = 0;
}
