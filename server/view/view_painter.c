#include "server/view/view_painter.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"

/* Bits that a sum of a column loses, so that its product with a weight fits in
 * 32. */
enum { SPARE_BITS = 4, CHANNELS = 4 };

struct painter {
	const struct view_map *map;
	const struct frame *area;
	struct rect scaled; /* what is painted, before it is turned */
	int left, columns;  /* of the cut that it is made of */
	uint32_t *sums;     /* of a column each, by channel */
	uint32_t *row;
};

static const uint32_t *area_row(const struct painter *painter, int y)
{
	const struct rect *from = &painter->map->from;

	return frame_row(painter->area, from->y + y) + from->x;
}

/* All columns of the rows that make row y. */
static void sum_rows(struct painter *painter, int y)
{
	const struct view_axis *down = &painter->map->down;
	const uint16_t *weights =
		down->weights + (size_t)y * (size_t)down->taps;
	size_t count = (size_t)painter->columns * CHANNELS, k;
	uint32_t *restrict sums = painter->sums;
	int tap;

	memset(sums, 0, count * sizeof(*sums));
	for (tap = 0; tap < down->count[y]; tap++) {
		const uint8_t *restrict bytes =
			(const uint8_t *)(area_row(painter,
						  down->first[y] + tap) +
					  painter->left);
		uint32_t weight = weights[tap];

#pragma omp simd
		for (k = 0; k < count; k++)
			sums[k] += weight * bytes[k];
	}
}

static uint32_t mix(const struct painter *painter, int x)
{
	const struct view_axis *across = &painter->map->across;
	const uint16_t *weights =
		across->weights + (size_t)x * (size_t)across->taps;
	const uint32_t *sums =
		painter->sums +
		(size_t)(across->first[x] - painter->left) * CHANNELS;
	uint32_t mixed[CHANNELS] = { 0 };
	uint8_t bytes[CHANNELS];
	uint32_t pixel;
	int tap, k;

	for (tap = 0; tap < across->count[x]; tap++)
		for (k = 0; k < CHANNELS; k++)
			mixed[k] += (sums[tap * CHANNELS + k] >> SPARE_BITS) *
				    weights[tap];
	for (k = 0; k < CHANNELS; k++)
		bytes[k] = (uint8_t)((mixed[k] + (1u << (23 - SPARE_BITS))) >>
				     (24 - SPARE_BITS));
	memcpy(&pixel, bytes, sizeof(pixel));
	return pixel;
}

static void mix_row(struct painter *painter, int y)
{
	int i;

	sum_rows(painter, y);
	for (i = 0; i < painter->scaled.width; i++)
		painter->row[i] = mix(painter, painter->scaled.x + i);
}

/* Every pixel is one of the area's. */
static void pick_row(struct painter *painter, int y)
{
	const struct view_axis *across = &painter->map->across;
	const uint32_t *from = area_row(painter, painter->map->down.first[y]);
	int i;

	for (i = 0; i < painter->scaled.width; i++)
		painter->row[i] = from[across->first[painter->scaled.x + i]];
}

static const uint32_t *make_row(struct painter *painter, int y)
{
	const struct view_map *map = painter->map;

	if (!map->scales)
		return area_row(painter, y) + painter->scaled.x;
	if (map->across.taps == 1 && map->down.taps == 1)
		pick_row(painter, y);
	else
		mix_row(painter, y);
	return painter->row;
}

static uint8_t *place(
	const struct painter *painter, struct frame *picture, int x, int y)
{
	const struct view_map *map = painter->map;
	struct rect at = view_turn_rect(map->turn, map->scaled_width,
		map->scaled_height, (struct rect){ x, y, 1, 1 });

	return picture->pixels + (size_t)at.y * picture->stride +
	       (size_t)at.x * 4;
}

/* A row becomes a row, perhaps backwards, or a column. */
static void put_row(const struct painter *painter, struct frame *picture,
	const uint32_t *row, int y)
{
	const struct rect *scaled = &painter->scaled;
	uint8_t *to = place(painter, picture, scaled->x, y);
	ptrdiff_t step;
	int i;

	if (view_turn_is_none(painter->map->turn)) {
		memcpy(to, row, (size_t)scaled->width * 4);
		return;
	}
	step = scaled->width > 1
		       ? place(painter, picture, scaled->x + 1, y) - to
		       : 0;
	for (i = 0; i < scaled->width; i++)
		*(uint32_t *)(to + i * step) = row[i];
}

static void find_columns(struct painter *painter)
{
	const struct view_axis *across = &painter->map->across;
	int last = painter->scaled.x + painter->scaled.width - 1;

	painter->left = across->first[painter->scaled.x];
	painter->columns =
		across->first[last] + across->count[last] - painter->left;
}

void view_painter_paint(const struct view_map *map, const struct frame *area,
	struct frame *picture, struct rect rect)
{
	struct painter painter = {
		.map = map, .area = area, .scaled = view_map_scaled(map, rect)
	};
	int y, end = painter.scaled.y + painter.scaled.height;

	if (rect_is_empty(painter.scaled))
		return;
	if (map->scales) {
		find_columns(&painter);
		painter.sums = xcalloc(
			(size_t)painter.columns, CHANNELS * sizeof(uint32_t));
		painter.row =
			xcalloc((size_t)painter.scaled.width, sizeof(uint32_t));
	}
	for (y = painter.scaled.y; y < end; y++)
		put_row(&painter, picture, make_row(&painter, y), y);
	free(painter.sums);
	free(painter.row);
}
