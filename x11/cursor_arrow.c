#include "x11/cursor_arrow.h"

#include <stdbool.h>

enum {
	WIDTH = 12,
	HEIGHT = 17,
	/* of the right corner */
	CORNER_X = WIDTH - 1,
	CORNER_Y = 11,
};

/* A triangle: the tip, the corner on the right, and the end on the left. */
static bool is_inside(int x, int y)
{
	return x >= 0 && x <= y &&
	       x * (HEIGHT - 1 - CORNER_Y) <= CORNER_X * (HEIGHT - 1 - y);
}

static bool is_edge(int x, int y)
{
	return !is_inside(x - 1, y) || !is_inside(x + 1, y) ||
	       !is_inside(x, y - 1) || !is_inside(x, y + 1);
}

struct cursor_image *cursor_arrow_create(void)
{
	struct cursor_image *image = cursor_image_create(WIDTH, HEIGHT);
	int x, y;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			if (is_inside(x, y))
				image->pixels[y * WIDTH + x] =
					is_edge(x, y) ? 0xff000000 : 0xffffffff;
	return image;
}
