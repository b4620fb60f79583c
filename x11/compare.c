#include "x11/compare.h"

#include <string.h>

enum { MOST_COLUMNS = 65536 / COMPARE_TILE_WIDTH };

/* First and last differing row of each tile of one row of tiles. */
struct tile_row {
	int columns;
	int first[MOST_COLUMNS];
	int last[MOST_COLUMNS]; /* below `first` where all is equal */
};

static bool pixels_differ(const uint32_t *a, const uint32_t *b, int count)
{
	uint32_t difference = 0;
	int i;

	for (i = 0; i < count; i++)
		difference |= a[i] ^ b[i];
	return frame_colour(difference) != 0;
}

/* memcmp first: it is many times faster, and equal is the usual answer. */
static bool segments_differ(const uint32_t *a, const uint32_t *b, int count)
{
	return memcmp(a, b, (size_t)count * 4) != 0 &&
	       pixels_differ(a, b, count);
}

/* Rows of tiles that are not all equal; the others need not be looked at. */
struct rows {
	const struct frame *before, *now;
	int count;
	int y[COMPARE_TILE_HEIGHT];
};

static bool row_differs(const struct rows *rows, int y, int x, int count)
{
	return segments_differ(frame_row(rows->before, y) + x,
		frame_row(rows->now, y) + x, count);
}

/* From above down to the first row that differs, and from below up to the last:
 * where much changes, what is between need not be looked at. */
static void compare_column(
	struct tile_row *tiles, const struct rows *rows, int column)
{
	int x = column * COMPARE_TILE_WIDTH;
	int count = rows->now->width - x;
	int first = 0, last = rows->count - 1;

	if (count > COMPARE_TILE_WIDTH)
		count = COMPARE_TILE_WIDTH;
	while (first <= last && !row_differs(rows, rows->y[first], x, count))
		first++;
	while (last > first && !row_differs(rows, rows->y[last], x, count))
		last--;
	tiles->first[column] = first <= last ? rows->y[first] : 0;
	tiles->last[column] = first <= last ? rows->y[last] : -1;
}

static void compare_tiles(struct tile_row *tiles, const struct frame *before,
	const struct frame *now, int y, int end)
{
	struct rows rows = { .before = before, .now = now };
	int column;

	for (; y < end; y++)
		if (memcmp(frame_row(before, y), frame_row(now, y),
			    (size_t)now->width * 4) != 0)
			rows.y[rows.count++] = y;
	for (column = 0; column < tiles->columns; column++)
		compare_column(tiles, &rows, column);
}

/* How many pixels on the left of all rows are equal, `most` at most. */
static int equal_left(const struct frame *before, const struct frame *now,
	struct rect run, int most)
{
	int x, y;

	for (y = run.y; y < run.y + run.height; y++) {
		const uint32_t *a = frame_row(before, y) + run.x;
		const uint32_t *b = frame_row(now, y) + run.x;

		for (x = 0; x < most && frame_colour(a[x] ^ b[x]) == 0; x++)
			;
		most = x;
	}
	return most;
}

static int equal_right(const struct frame *before, const struct frame *now,
	struct rect run, int most)
{
	int x, y;

	for (y = run.y; y < run.y + run.height; y++) {
		const uint32_t *a = frame_row(before, y) + run.x + run.width;
		const uint32_t *b = frame_row(now, y) + run.x + run.width;

		for (x = 0;
			x < most && frame_colour(a[-1 - x] ^ b[-1 - x]) == 0;
			x++)
			;
		most = x;
	}
	return most;
}

static struct rect trim(
	const struct frame *before, const struct frame *now, struct rect run)
{
	int most = run.width < COMPARE_TILE_WIDTH ? run.width - 1
						  : COMPARE_TILE_WIDTH - 1;
	int left = equal_left(before, now, run, most), right;

	run.x += left;
	run.width -= left;
	if (most > run.width - 1)
		most = run.width - 1;
	right = equal_right(before, now, run, most);
	run.width -= right;
	return run;
}

/* Neighbours become one rectangle: pixman's union costs by their number. */
static void add_runs(const struct tile_row *tiles, const struct frame *before,
	const struct frame *now, struct region *changed)
{
	int width = now->width;
	int column = 0;

	while (column < tiles->columns) {
		struct rect run = { column * COMPARE_TILE_WIDTH, 0, 0, 0 };
		int first = tiles->first[column], last = tiles->last[column];

		if (last < first) {
			column++;
			continue;
		}
		while (column < tiles->columns &&
			tiles->last[column] >= tiles->first[column]) {
			if (tiles->first[column] < first)
				first = tiles->first[column];
			if (tiles->last[column] > last)
				last = tiles->last[column];
			column++;
		}
		run.y = first;
		run.height = last - first + 1;
		run.width = column * COMPARE_TILE_WIDTH - run.x;
		if (run.x + run.width > width)
			run.width = width - run.x;
		region_add_rect(changed, trim(before, now, run));
	}
}

void compare_rows(const struct frame *before, const struct frame *now, int y,
	int height, struct region *changed)
{
	struct tile_row tiles;
	int end = y + height;

	tiles.columns =
		(now->width + COMPARE_TILE_WIDTH - 1) / COMPARE_TILE_WIDTH;
	while (y < end) {
		int next = (y / COMPARE_TILE_HEIGHT + 1) * COMPARE_TILE_HEIGHT;

		if (next > end)
			next = end;
		compare_tiles(&tiles, before, now, y, next);
		y = next;
		add_runs(&tiles, before, now, changed);
	}
}
