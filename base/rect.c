#include "base/rect.h"

bool rect_is_empty(struct rect rect)
{
	return rect.width <= 0 || rect.height <= 0;
}

struct rect rect_intersect(struct rect a, struct rect b)
{
	int left = a.x > b.x ? a.x : b.x;
	int top = a.y > b.y ? a.y : b.y;
	int right_a = a.x + a.width, right_b = b.x + b.width;
	int bottom_a = a.y + a.height, bottom_b = b.y + b.height;
	int right = right_a < right_b ? right_a : right_b;
	int bottom = bottom_a < bottom_b ? bottom_a : bottom_b;

	if (right <= left || bottom <= top)
		return (struct rect){ left, top, 0, 0 };
	return (struct rect){ left, top, right - left, bottom - top };
}

bool rect_equal(struct rect a, struct rect b)
{
	return a.x == b.x && a.y == b.y && a.width == b.width &&
	       a.height == b.height;
}
