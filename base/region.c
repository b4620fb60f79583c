#include "base/region.h"

#include <stdlib.h>

#include "base/xmalloc.h"

/* pixman's readers take non-const regions; they do not write. */
static pixman_region32_t *borrow(const struct region *region)
{
	return (pixman_region32_t *)&region->pixman;
}

/* A region that could not be made is none that is empty: what of the screen is
 * stale would be forgotten. So it is made beside the old one, until there is
 * memory for it. */
static void replace(struct region *region, pixman_region32_t *made)
{
	pixman_region32_fini(&region->pixman);
	region->pixman = *made;
}

static void try_again(pixman_region32_t *made)
{
	pixman_region32_fini(made);
	pixman_region32_init(made);
	xmalloc_use_reserve();
}

void region_init(struct region *region)
{
	pixman_region32_init(&region->pixman);
}

void region_finish(struct region *region)
{
	pixman_region32_fini(&region->pixman);
}

void region_clear(struct region *region)
{
	pixman_region32_clear(&region->pixman);
}

void region_copy(struct region *region, const struct region *from)
{
	while (!pixman_region32_copy(&region->pixman, borrow(from)))
		try_again(&region->pixman);
}

bool region_is_empty(const struct region *region)
{
	return !pixman_region32_not_empty(borrow(region));
}

bool region_equal(const struct region *a, const struct region *b)
{
	return pixman_region32_equal(borrow(a), borrow(b));
}

static pixman_box32_t box_of(struct rect rect)
{
	return (pixman_box32_t){ rect.x, rect.y, rect.x + rect.width,
		rect.y + rect.height };
}

static struct rect rect_of(const pixman_box32_t *box)
{
	return (struct rect){ box->x1, box->y1, box->x2 - box->x1,
		box->y2 - box->y1 };
}

bool region_contains(const struct region *region, struct rect rect)
{
	pixman_box32_t box = box_of(rect);

	return pixman_region32_contains_rectangle(borrow(region), &box) ==
	       PIXMAN_REGION_IN;
}

bool region_overlaps(const struct region *region, struct rect rect)
{
	pixman_box32_t box = box_of(rect);

	return pixman_region32_contains_rectangle(borrow(region), &box) !=
	       PIXMAN_REGION_OUT;
}

struct rect region_extents(const struct region *region)
{
	return rect_of(pixman_region32_extents(borrow(region)));
}

int region_count(const struct region *region)
{
	return pixman_region32_n_rects(borrow(region));
}

int64_t region_pixels(const struct region *region)
{
	int64_t pixels = 0;
	int i, count = region_count(region);

	for (i = 0; i < count; i++) {
		struct rect rect = region_rect(region, i);

		pixels += (int64_t)rect.width * rect.height;
	}
	return pixels;
}

struct rect region_rect(const struct region *region, int index)
{
	return rect_of(
		&pixman_region32_rectangles(borrow(region), NULL)[index]);
}

void region_add_rect(struct region *region, struct rect rect)
{
	pixman_region32_t made;

	if (rect_is_empty(rect))
		return;
	pixman_region32_init(&made);
	while (!pixman_region32_union_rect(&made, &region->pixman, rect.x,
		rect.y, (unsigned)rect.width, (unsigned)rect.height))
		try_again(&made);
	replace(region, &made);
}

void region_add_named(struct region *region, struct rect rect)
{
	region_add_rect(region, rect);
	if (region_count(region) > REGION_MOST_NAMED)
		region_add_rect(region, region_extents(region));
}

void region_add_rects(
	struct region *region, const struct rect *rects, int count)
{
	pixman_box32_t *boxes = xcalloc((size_t)count, sizeof(*boxes));
	struct region added;
	int i, used = 0;

	for (i = 0; i < count; i++)
		if (!rect_is_empty(rects[i]))
			boxes[used++] = box_of(rects[i]);
	while (!pixman_region32_init_rects(&added.pixman, boxes, used))
		xmalloc_use_reserve();
	region_add(region, &added);
	region_finish(&added);
	free(boxes);
}

void region_add(struct region *region, const struct region *other)
{
	pixman_region32_t made;

	pixman_region32_init(&made);
	while (!pixman_region32_union(&made, &region->pixman, borrow(other)))
		try_again(&made);
	replace(region, &made);
}

void region_subtract(struct region *region, const struct region *other)
{
	pixman_region32_t made;

	pixman_region32_init(&made);
	while (!pixman_region32_subtract(&made, &region->pixman, borrow(other)))
		try_again(&made);
	replace(region, &made);
}

void region_subtract_rect(struct region *region, struct rect rect)
{
	struct region other;

	region_init(&other);
	region_add_rect(&other, rect);
	region_subtract(region, &other);
	region_finish(&other);
}

void region_intersect(struct region *region, const struct region *other)
{
	pixman_region32_t made;

	pixman_region32_init(&made);
	while (!pixman_region32_intersect(
		&made, &region->pixman, borrow(other)))
		try_again(&made);
	replace(region, &made);
}

void region_intersect_rect(struct region *region, struct rect rect)
{
	struct region other;

	region_init(&other);
	region_add_rect(&other, rect);
	region_intersect(region, &other);
	region_finish(&other);
}

void region_translate(struct region *region, int dx, int dy)
{
	pixman_region32_translate(&region->pixman, dx, dy);
}
