/* rect.h - an upright rectangle.
 *
 * Units: pixels; x and y of the top left corner. Empty when width or height
 *        is not positive.
 */
#ifndef BASE_RECT_H
#define BASE_RECT_H

#include <stdbool.h>

struct rect {
	int x, y, width, height;
};

bool rect_is_empty(struct rect rect);
struct rect rect_intersect(struct rect a, struct rect b);
bool rect_equal(struct rect a, struct rect b);

#endif
