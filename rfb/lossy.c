#include "rfb/lossy.h"

#include <stdint.h>

void lossy_init(struct lossy *lossy)
{
	region_init(&lossy->fresh);
	region_init(&lossy->ageing);
	region_init(&lossy->settled);
	region_init(&lossy->poor);
}

void lossy_finish(struct lossy *lossy)
{
	region_finish(&lossy->fresh);
	region_finish(&lossy->ageing);
	region_finish(&lossy->settled);
	region_finish(&lossy->poor);
}

void lossy_clear(struct lossy *lossy)
{
	region_clear(&lossy->fresh);
	region_clear(&lossy->ageing);
	region_clear(&lossy->settled);
	region_clear(&lossy->poor);
}

void lossy_sent(struct lossy *lossy, const struct region *areas)
{
	region_subtract(&lossy->fresh, areas);
	region_subtract(&lossy->ageing, areas);
	region_subtract(&lossy->settled, areas);
	region_subtract(&lossy->poor, areas);
}

void lossy_add(struct lossy *lossy, struct rect rect, bool is_poor)
{
	region_add_rect(&lossy->fresh, rect);
	if (is_poor)
		region_add_rect(&lossy->poor, rect);
}

void lossy_join(struct lossy *lossy, const struct lossy *fresh)
{
	region_add(&lossy->fresh, &fresh->fresh);
	region_add(&lossy->poor, &fresh->poor);
}

static void add_part(
	struct region *moved, const struct region *of, const struct move *move)
{
	struct region part;

	region_init(&part);
	region_copy(&part, of);
	region_intersect_rect(&part, move_from(move));
	region_translate(&part, move->dx, move->dy);
	region_add(moved, &part);
	region_finish(&part);
}

void lossy_move(struct lossy *lossy, const struct move *move)
{
	struct region moved, poor, target;

	region_init(&moved);
	region_init(&poor);
	region_init(&target);
	add_part(&moved, &lossy->fresh, move);
	add_part(&moved, &lossy->ageing, move);
	add_part(&moved, &lossy->settled, move);
	add_part(&poor, &lossy->poor, move);
	region_add_rect(&target, move->to);
	lossy_sent(lossy, &target);
	region_add(&lossy->fresh, &moved);
	region_add(&lossy->poor, &poor);
	region_finish(&moved);
	region_finish(&poor);
	region_finish(&target);
}

void lossy_age(struct lossy *lossy)
{
	region_add(&lossy->settled, &lossy->ageing);
	region_copy(&lossy->ageing, &lossy->fresh);
	region_subtract(&lossy->settled, &lossy->fresh);
	region_clear(&lossy->fresh);
}

/* The smallest rectangle; false where there is none. */
static bool smallest(const struct region *region, struct rect *smallest)
{
	int64_t least = INT64_MAX;
	int i, count = region_count(region);

	for (i = 0; i < count; i++) {
		struct rect rect = region_rect(region, i);
		int64_t pixels = (int64_t)rect.width * rect.height;

		if (pixels >= least)
			continue;
		least = pixels;
		*smallest = rect;
	}
	return count > 0;
}

static void choose_smallest(
	struct region *left, int most_pixels, struct region *chosen)
{
	struct rect rect;
	int pixels = 0;

	while (pixels < most_pixels && smallest(left, &rect)) {
		int rows = (most_pixels - pixels) / rect.width;

		if (rows < 1)
			rows = 1;
		if (rect.height > rows)
			rect.height = rows;
		region_add_rect(chosen, rect);
		region_subtract_rect(left, rect);
		pixels += rect.width * rect.height;
	}
}

void lossy_choose(const struct lossy *lossy, const struct region *wanted,
	int most_pixels, struct region *chosen)
{
	struct region left;

	region_init(&left);
	region_copy(&left, &lossy->settled);
	region_intersect(&left, wanted);
	choose_smallest(&left, most_pixels, chosen);
	region_finish(&left);
}

void lossy_choose_poor(const struct lossy *lossy, const struct region *wanted,
	int most_pixels, struct region *chosen)
{
	struct region left;

	region_init(&left);
	region_copy(&left, &lossy->settled);
	region_intersect(&left, &lossy->poor);
	region_intersect(&left, wanted);
	choose_smallest(&left, most_pixels, chosen);
	region_finish(&left);
}

void lossy_find(const struct lossy *lossy, const struct region *areas,
	struct region *found)
{
	region_copy(found, &lossy->fresh);
	region_add(found, &lossy->ageing);
	region_add(found, &lossy->settled);
	region_intersect(found, areas);
}
