/* region.h - a set of pixels, kept as rectangles (pixman).
 *
 * Owner:   whoever embeds it; region_finish() frees.
 * Threads: one at a time.
 * Units:   pixels.
 */
#ifndef BASE_REGION_H
#define BASE_REGION_H

#include <pixman.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/rect.h"

struct region {
	pixman_region32_t pixman;
};

void region_init(struct region *region);
void region_finish(struct region *region);
void region_clear(struct region *region);
void region_copy(struct region *region, const struct region *from);

bool region_is_empty(const struct region *region);
bool region_equal(const struct region *a, const struct region *b);
bool region_contains(const struct region *region, struct rect rect);
bool region_overlaps(const struct region *region, struct rect rect);
struct rect region_extents(const struct region *region);
int region_count(const struct region *region);
int64_t region_pixels(const struct region *region);
/* 0 <= index < region_count(); rows from the top, left to right in a row. */
struct rect region_rect(const struct region *region, int index);

void region_add_rect(struct region *region, struct rect rect);
/* The same for what strangers name, rectangle by rectangle: every look at a
 * region takes as long as it has rectangles, and all others wait for that. From
 * REGION_MOST_NAMED on it gets what lies between them, too. */
void region_add_named(struct region *region, struct rect rect);
enum { REGION_MOST_NAMED = 256 };
/* Many at once: one by one they take the square of the time. */
void region_add_rects(
	struct region *region, const struct rect *rects, int count);
void region_add(struct region *region, const struct region *other);
void region_subtract(struct region *region, const struct region *other);
void region_subtract_rect(struct region *region, struct rect rect);
void region_intersect(struct region *region, const struct region *other);
void region_translate(struct region *region, int dx, int dy);
void region_intersect_rect(struct region *region, struct rect rect);

#endif
