#include "rfb/subrect.h"

#include <stdbool.h>
#include <stddef.h>

static const uint32_t *pixel_at(const struct subrect_field *field, int x, int y)
{
	return field->pixels + (ptrdiff_t)y * field->width + x;
}

static bool is_row_of(const uint32_t *row, int width, uint32_t colour)
{
	for (int x = 0; x < width; x++)
		if (row[x] != colour)
			return false;
	return true;
}

/* Of a rectangle whose first row is known to be of the colour. */
static int height_of(const struct subrect_field *field, int x, int y, int width)
{
	const uint32_t *first = pixel_at(field, x, y);
	int height = 1;

	while (y + height < field->height &&
		is_row_of(pixel_at(field, x, y + height), width, *first))
		height++;
	return height;
}

struct rect subrect_grow(const struct subrect_field *field, int x, int y)
{
	const uint32_t *row = pixel_at(field, x, y);
	struct rect wide = { x, y, 1, 0 };
	struct rect high = { x, y, 1, 0 };

	while (x + wide.width < field->width && row[wide.width] == row[0])
		wide.width++;
	wide.height = height_of(field, x, y, wide.width);
	high.height = height_of(field, x, y, 1);
	while (high.width < wide.width &&
		height_of(field, x + high.width, y, 1) >= high.height)
		high.width++;
	return wide.width * wide.height >= high.width * high.height ? wide
								    : high;
}

void subrect_fill(
	const struct subrect_field *field, struct rect rect, uint32_t colour)
{
	for (int y = rect.y; y < rect.y + rect.height; y++)
		for (int x = rect.x; x < rect.x + rect.width; x++)
			field->pixels[(ptrdiff_t)y * field->width + x] = colour;
}
