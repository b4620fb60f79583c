#include "server/view/view_map.h"

#include <stdint.h>
#include <string.h>

static int larger(int a, int b)
{
	return a > b ? a : b;
}

void view_map_init(struct view_map *map, struct rect from,
	const struct view_scale *scale, struct view_turn turn, int least_width,
	int least_height)
{
	memset(map, 0, sizeof(*map));
	map->from = from;
	map->turn = turn;
	map->scaled_width = from.width;
	map->scaled_height = from.height;
	view_scale_size(scale, &map->scaled_width, &map->scaled_height);
	map->content_width =
		turn.swaps ? map->scaled_height : map->scaled_width;
	map->content_height =
		turn.swaps ? map->scaled_width : map->scaled_height;
	map->width = larger(map->content_width, least_width);
	map->height = larger(map->content_height, least_height);
	map->scales = map->scaled_width != from.width ||
		      map->scaled_height != from.height;
	if (!map->scales)
		return;
	view_axis_init(
		&map->across, from.width, map->scaled_width, scale->blends);
	view_axis_init(
		&map->down, from.height, map->scaled_height, scale->blends);
}

void view_map_finish(struct view_map *map)
{
	view_axis_finish(&map->across);
	view_axis_finish(&map->down);
}

bool view_map_is_plain(const struct view_map *map, int width, int height)
{
	return !map->scales && view_turn_is_none(map->turn) &&
	       map->from.x == 0 && map->from.y == 0 && map->width == width &&
	       map->height == height;
}

bool view_map_keeps_moves(const struct view_map *map)
{
	return !map->scales && view_turn_is_none(map->turn);
}

struct rect view_map_rect(const struct view_map *map, struct rect rect)
{
	rect = rect_intersect(rect, map->from);
	rect.x -= map->from.x;
	rect.y -= map->from.y;
	if (rect_is_empty(rect))
		return (struct rect){ 0, 0, 0, 0 };
	if (map->scales) {
		view_axis_reach(&map->across, &rect.x, &rect.width);
		view_axis_reach(&map->down, &rect.y, &rect.height);
	}
	return view_turn_rect(
		map->turn, map->scaled_width, map->scaled_height, rect);
}

struct rect view_map_scaled(const struct view_map *map, struct rect rect)
{
	const struct rect content = { 0, 0, map->content_width,
		map->content_height };

	return view_turn_back(map->turn, map->scaled_width, map->scaled_height,
		rect_intersect(rect, content));
}

/* The middle of one pixel lies in which of the others. */
static int along(int at, int from, int to)
{
	int64_t twice = (2 * (int64_t)at + 1) * to;

	if (twice < 0)
		return -1;
	return (int)(twice / (2 * (int64_t)from));
}

void view_map_point(const struct view_map *map, int *x, int *y)
{
	struct rect point = { *x - map->from.x, *y - map->from.y, 1, 1 };

	point.x = along(point.x, map->from.width, map->scaled_width);
	point.y = along(point.y, map->from.height, map->scaled_height);
	point = view_turn_rect(
		map->turn, map->scaled_width, map->scaled_height, point);
	*x = point.x;
	*y = point.y;
}

static int between(int value, int most)
{
	if (value > most)
		return most;
	return value < 0 ? 0 : value;
}

void view_map_point_back(const struct view_map *map, int *x, int *y)
{
	struct rect point = { between(*x, map->content_width - 1),
		between(*y, map->content_height - 1), 1, 1 };

	point = view_turn_back(
		map->turn, map->scaled_width, map->scaled_height, point);
	*x = map->from.x + along(point.x, map->scaled_width, map->from.width);
	*y = map->from.y + along(point.y, map->scaled_height, map->from.height);
}
