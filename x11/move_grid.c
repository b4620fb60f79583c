#include "x11/move_grid.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct cell {
	bool changed; /* and not explained yet */
	bool written; /* by a move: no longer what was there before */
	bool matches;
};

struct move_grid {
	int width, height; /* in pixels */
	int columns, rows;
	struct rect extents; /* of what changed, in cells */
	bool any_written;
	struct cell *cells; /* columns * rows */
	int *sums;    /* (columns + 1) * (rows + 1): changed cells above left */
	int *heights; /* columns + 1: matching cells up from the row */
	int *stack;   /* columns + 1 */
};

struct move_grid *move_grid_create(int width, int height)
{
	struct move_grid *grid = calloc(1, sizeof(*grid));
	size_t columns, rows;

	if (grid == NULL)
		return NULL;
	grid->width = width;
	grid->height = height;
	grid->columns = (width + MOVE_CELL_WIDTH - 1) / MOVE_CELL_WIDTH;
	grid->rows = (height + MOVE_CELL_HEIGHT - 1) / MOVE_CELL_HEIGHT;
	columns = (size_t)grid->columns;
	rows = (size_t)grid->rows;
	grid->cells = calloc(columns * rows, sizeof(*grid->cells));
	grid->sums = calloc((columns + 1) * (rows + 1), sizeof(*grid->sums));
	grid->heights = calloc(columns + 1, sizeof(*grid->heights));
	grid->stack = calloc(columns + 1, sizeof(*grid->stack));
	if (grid->cells == NULL || grid->sums == NULL ||
		grid->heights == NULL || grid->stack == NULL) {
		move_grid_destroy(grid);
		return NULL;
	}
	return grid;
}

void move_grid_destroy(struct move_grid *grid)
{
	if (grid == NULL)
		return;
	free(grid->cells);
	free(grid->sums);
	free(grid->heights);
	free(grid->stack);
	free(grid);
}

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

static struct cell *cell_at(const struct move_grid *grid, int column, int row)
{
	return &grid->cells[(size_t)row * (size_t)grid->columns +
			    (size_t)column];
}

/* The cells that an area of pixels touches. */
static struct rect cells_of(struct rect area)
{
	int left = area.x / MOVE_CELL_WIDTH, top = area.y / MOVE_CELL_HEIGHT;
	int right = (area.x + area.width - 1) / MOVE_CELL_WIDTH;
	int bottom = (area.y + area.height - 1) / MOVE_CELL_HEIGHT;

	return (struct rect){ left, top, right - left + 1, bottom - top + 1 };
}

void move_grid_reset(struct move_grid *grid, const struct region *changed)
{
	int i, column, row;

	memset(grid->cells, 0,
		(size_t)grid->columns * (size_t)grid->rows *
			sizeof(*grid->cells));
	grid->extents = cells_of(region_extents(changed));
	grid->any_written = false;
	for (i = 0; i < region_count(changed); i++) {
		struct rect cells = cells_of(region_rect(changed, i));

		for (row = cells.y; row < cells.y + cells.height; row++)
			for (column = cells.x; column < cells.x + cells.width;
				column++)
				cell_at(grid, column, row)->changed = true;
	}
}

static bool pixels_equal(const uint32_t *a, const uint32_t *b, int count)
{
	uint32_t difference = 0;
	int i;

	for (i = 0; i < count; i++)
		difference |= a[i] ^ b[i];
	return frame_colour(difference) == 0;
}

/* Where cells of the extents can have come from by a vector. */
struct source {
	int dx, dy;
	int first, end; /* columns that came from within the picture */
};

static struct source source_of(const struct move_grid *grid, int dx, int dy)
{
	const struct rect *extents = &grid->extents;
	struct source source = { dx, dy, extents->x,
		extents->x + extents->width };
	int least = dx, most = grid->width + dx;

	while (source.first < source.end &&
		source.first * MOVE_CELL_WIDTH < least)
		source.first++;
	while (source.end > source.first &&
		smaller(source.end * MOVE_CELL_WIDTH, grid->width) > most)
		source.end--;
	return source;
}

static bool is_written(const struct move_grid *grid, struct rect area)
{
	struct rect cells = cells_of(area);
	int column, row;

	for (row = cells.y; row < cells.y + cells.height; row++)
		for (column = cells.x; column < cells.x + cells.width; column++)
			if (cell_at(grid, column, row)->written)
				return true;
	return false;
}

/* What is left of the row's cells after one line of their pixels. Mostly all of
 * it or nothing came along, and memcmp() sees the first in no time. */
static void match_line(const struct move_grid *grid, struct cell *cells,
	const struct source *source, const uint32_t *before,
	const uint32_t *now)
{
	int x = source->first * MOVE_CELL_WIDTH, column;
	int end = smaller(source->end * MOVE_CELL_WIDTH, grid->width);

	if (memcmp(before + x - source->dx, now + x, (size_t)(end - x) * 4) ==
		0)
		return;
	for (column = source->first; column < source->end; column++) {
		x = column * MOVE_CELL_WIDTH;
		if (!cells[column].matches)
			continue;
		if (x + MOVE_CELL_WIDTH <= end)
			cells[column].matches =
				pixels_equal(before + x - source->dx, now + x,
					MOVE_CELL_WIDTH);
		else
			cells[column].matches = pixels_equal(
				before + x - source->dx, now + x, end - x);
	}
}

static void match_row(const struct move_grid *grid, const struct frame *before,
	const struct frame *now, const struct source *source, int row)
{
	struct cell *cells = cell_at(grid, 0, row);
	int y = row * MOVE_CELL_HEIGHT, column;
	int end = smaller(y + MOVE_CELL_HEIGHT, grid->height);
	bool inside = source->first < source->end && y - source->dy >= 0 &&
		      end - source->dy <= grid->height;

	for (column = grid->extents.x;
		column < grid->extents.x + grid->extents.width; column++)
		cells[column].matches = inside && column >= source->first &&
					column < source->end &&
					!cells[column].written;
	for (; inside && y < end; y++)
		match_line(grid, cells, source,
			frame_row(before, y - source->dy), frame_row(now, y));
}

/* What moves wrote, is no longer what was there before. */
static void leave_out_written(
	const struct move_grid *grid, const struct source *source, int row)
{
	struct rect picture = { 0, 0, grid->width, grid->height };
	struct cell *cells = cell_at(grid, 0, row);
	int column;

	for (column = source->first; column < source->end; column++) {
		struct rect from = rect_intersect(
			(struct rect){ column * MOVE_CELL_WIDTH,
				row * MOVE_CELL_HEIGHT, MOVE_CELL_WIDTH,
				MOVE_CELL_HEIGHT },
			picture);

		from.x -= source->dx;
		from.y -= source->dy;
		if (cells[column].matches && is_written(grid, from))
			cells[column].matches = false;
	}
}

void move_grid_match(struct move_grid *grid, const struct frame *before,
	const struct frame *now, int dx, int dy)
{
	const struct rect *extents = &grid->extents;
	const struct source source = source_of(grid, dx, dy);
	int row;

	for (row = extents->y; row < extents->y + extents->height; row++) {
		match_row(grid, before, now, &source, row);
		if (grid->any_written)
			leave_out_written(grid, &source, row);
	}
}

static int *sum_at(const struct move_grid *grid, int column, int row)
{
	return &grid->sums[(size_t)row * ((size_t)grid->columns + 1) +
			   (size_t)column];
}

/* Sums of changed cells, relative to the extents' corner. */
static void add_up(struct move_grid *grid)
{
	const struct rect *extents = &grid->extents;
	int column, row;

	for (column = 0; column <= extents->width; column++)
		*sum_at(grid, column, 0) = 0;
	for (row = 0; row < extents->height; row++) {
		int sum = 0;

		*sum_at(grid, 0, row + 1) = 0;
		for (column = 0; column < extents->width; column++) {
			sum += cell_at(
				grid, extents->x + column, extents->y + row)
				       ->changed;
			*sum_at(grid, column + 1, row + 1) =
				*sum_at(grid, column + 1, row) + sum;
		}
	}
}

static int changed_in(const struct move_grid *grid, struct rect cells)
{
	int right = cells.x + cells.width, bottom = cells.y + cells.height;

	return *sum_at(grid, right, bottom) - *sum_at(grid, cells.x, bottom) -
	       *sum_at(grid, right, cells.y) + *sum_at(grid, cells.x, cells.y);
}

static void consider(const struct move_grid *grid, struct rect cells,
	struct rect *best, int *most)
{
	int count = changed_in(grid, cells);

	if (count <= *most)
		return;
	*most = count;
	*best = cells;
}

/* All rectangles of matching cells that end at this row and cannot grow, by
 * the well-known stack of ever higher columns. */
static void search_row(
	struct move_grid *grid, int row, struct rect *best, int *most)
{
	int *heights = grid->heights, *stack = grid->stack;
	int depth = 0, column, width = grid->extents.width;

	for (column = 0; column <= width; column++) {
		int height = column < width ? heights[column] : 0;

		while (depth > 0 && heights[stack[depth - 1]] >= height) {
			int tall = heights[stack[--depth]];
			int left = depth > 0 ? stack[depth - 1] + 1 : 0;

			if (tall > 0)
				consider(grid,
					(struct rect){ left, row - tall + 1,
						column - left, tall },
					best, most);
		}
		stack[depth++] = column;
	}
}

/* Changed cells that match, whatever rectangles they make. */
static int count_matching(const struct move_grid *grid)
{
	const struct rect *extents = &grid->extents;
	int column, row, count = 0;

	for (row = extents->y; row < extents->y + extents->height; row++) {
		const struct cell *cells = cell_at(grid, extents->x, row);

		for (column = 0; column < extents->width; column++)
			count += cells[column].changed & cells[column].matches;
	}
	return count;
}

int move_grid_best(struct move_grid *grid, int least, struct rect *best)
{
	const struct rect *extents = &grid->extents;
	struct rect cells = { 0, 0, 0, 0 };
	int column, row, most = 0;

	if (count_matching(grid) < least)
		return 0;
	add_up(grid);
	memset(grid->heights, 0, (size_t)extents->width * sizeof(int));
	for (row = 0; row < extents->height; row++) {
		for (column = 0; column < extents->width; column++) {
			bool matches = cell_at(
				grid, extents->x + column, extents->y + row)
					       ->matches;

			grid->heights[column] =
				matches ? grid->heights[column] + 1 : 0;
		}
		search_row(grid, row, &cells, &most);
	}
	*best = rect_intersect(
		(struct rect){ (extents->x + cells.x) * MOVE_CELL_WIDTH,
			(extents->y + cells.y) * MOVE_CELL_HEIGHT,
			cells.width * MOVE_CELL_WIDTH,
			cells.height * MOVE_CELL_HEIGHT },
		(struct rect){ 0, 0, grid->width, grid->height });
	return most;
}

int move_grid_explains(const struct move_grid *grid)
{
	const struct rect *extents = &grid->extents;
	int column, row, changed = 0, matching = 0;

	for (row = extents->y; row < extents->y + extents->height; row++)
		for (column = extents->x; column < extents->x + extents->width;
			column++) {
			const struct cell *cell = cell_at(grid, column, row);

			changed += cell->changed;
			matching += cell->changed && cell->matches;
		}
	return changed > 0 ? matching * 100 / changed : 0;
}

/* The cells that lie at least partly in both. */
static struct rect cells_within(const struct move_grid *grid, struct rect area)
{
	struct rect inside = rect_intersect(
		area, (struct rect){ 0, 0, grid->width, grid->height });

	return rect_is_empty(inside) ? (struct rect){ 0, 0, 0, 0 }
				     : cells_of(inside);
}

void move_grid_explain(struct move_grid *grid, const struct move *move)
{
	struct rect cells = cells_within(grid, move->to);
	struct rect next;
	int column, row;

	grid->any_written = true;
	for (row = cells.y; row < cells.y + cells.height; row++)
		for (column = cells.x; column < cells.x + cells.width;
			column++) {
			struct cell *cell = cell_at(grid, column, row);

			/* A cell only touched is explained in part: to be
			 * copied from, it is lost all the same. */
			cell->written = true;
			cell->matches = false;
			cell->changed = false;
		}
	/* Whole cells were written, as far as anybody may rely on. */
	next = (struct rect){ cells.x * MOVE_CELL_WIDTH + move->dx,
		cells.y * MOVE_CELL_HEIGHT + move->dy,
		cells.width * MOVE_CELL_WIDTH,
		cells.height * MOVE_CELL_HEIGHT };
	cells = cells_within(grid, next);
	for (row = cells.y; row < cells.y + cells.height; row++)
		for (column = cells.x; column < cells.x + cells.width; column++)
			cell_at(grid, column, row)->matches = false;
}
