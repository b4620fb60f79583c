#include "x11/move_finder.h"

#include <stdlib.h>

#include "base/xmalloc.h"
#include "x11/move_features.h"
#include "x11/move_grid.h"

enum {
	LEAST_CHANGED_PIXELS = 4096, /* less is encoded sooner than explained */
	LEAST_CELLS = 24, /* 1536 pixels: else a CopyRect saves too little */
	MOST_FROM_A_VECTOR = 8,
	MOST_OF_IT = 90,    /* percent of what changed */
	MOST_SKIPPED = 15,  /* frames, while nothing ever moves */
	PATIENT_MISSES = 3, /* in a row; then pictures are skipped */
	/* Where nothing moved last time, a part of what changed is looked at, a
	 * band across it that is another each time. What moves there is found
	 * in all of the picture. */
	BANDS = 4,
	LEAST_BAND_HEIGHT = 128,
	/* Where pictures are so far apart, to look costs little, what moved
	 * has gone far, and to leave out some would be seconds: a slow line,
	 * which only what is found makes fast again. */
	RARELY_US = 100000,
};

struct move_finder {
	struct move_features *features;
	struct move_grid *grid;  /* NULL until needed */
	int width, height;       /* of the grid */
	int misses;              /* in a row */
	int skip;                /* so many more pictures */
	struct rect missed;      /* where, when it last looked */
	uint64_t seen_us;        /* the picture before */
	struct move_vector last; /* the most recent; votes 0: none */
	struct region written;
};

struct move_finder *move_finder_create(void)
{
	struct move_finder *finder = xcalloc(1, sizeof(*finder));

	finder->features = move_features_create();
	region_init(&finder->written);
	return finder;
}

void move_finder_destroy(struct move_finder *finder)
{
	if (finder == NULL)
		return;
	move_features_destroy(finder->features);
	move_grid_destroy(finder->grid);
	region_finish(&finder->written);
	free(finder);
}

static bool has_grid_for(struct move_finder *finder, const struct frame *frame)
{
	if (finder->grid != NULL && finder->width == frame->width &&
		finder->height == frame->height)
		return true;
	move_grid_destroy(finder->grid);
	finder->grid = move_grid_create(frame->width, frame->height);
	finder->width = frame->width;
	finder->height = frame->height;
	return finder->grid != NULL;
}

/* Whether a row of pixels above or below the move moved along. */
static bool row_moved(const struct frame *before, const struct frame *now,
	struct rect row, int dx, int dy)
{
	struct move move = { row, dx, dy };
	struct rect from = move_from(&move);
	struct rect picture = frame_rect(now);
	const uint32_t *a, *b;
	int x;

	if (!rect_equal(rect_intersect(row, picture), row) ||
		!rect_equal(rect_intersect(from, picture), from))
		return false;
	a = frame_row(now, row.y) + row.x;
	b = frame_row(before, from.y) + from.x;
	for (x = 0; x < row.width; x++)
		if (frame_colour(a[x] ^ b[x]) != 0)
			return false;
	return true;
}

/* How many columns of pixels from x on moved along with the rows of `to`,
 * `most` at most. A step of -1 goes to the left. Row by row, because what lies
 * above one another is far apart in memory. */
static int columns_moved(const struct frame *before, const struct frame *now,
	const struct move *move, int x, int step, int most)
{
	int from = x - move->dx, y, i;

	for (y = move->to.y; most > 0 && y < move->to.y + move->to.height;
		y++) {
		const uint32_t *a = frame_row(now, y) + x;
		const uint32_t *b = frame_row(before, y - move->dy) + from;

		for (i = 0; i < most &&
			    frame_colour(a[i * step] ^ b[i * step]) == 0;
			i++)
			;
		most = i;
	}
	return most;
}

static int smallest(int a, int b, int c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

static void grow_sideways(
	const struct frame *before, const struct frame *now, struct move *move)
{
	struct rect *to = &move->to;
	int right = to->x + to->width, count;

	count = columns_moved(before, now, move, to->x - 1, -1,
		smallest(MOVE_CELL_WIDTH - 1, to->x, to->x - move->dx));
	to->x -= count;
	to->width += count;
	to->width += columns_moved(before, now, move, right, 1,
		smallest(MOVE_CELL_WIDTH - 1, now->width - right,
			now->width - right + move->dx));
}

/* The grid's cells are coarse: to the pixel now, by up to a cell a side. */
static struct rect grow(const struct frame *before, const struct frame *now,
	struct rect to, int dx, int dy)
{
	struct move move = { to, dx, dy };
	int i;

	for (i = 1; i < MOVE_CELL_HEIGHT; i++) {
		struct rect above = { to.x, move.to.y - 1, to.width, 1 };

		if (!row_moved(before, now, above, dx, dy))
			break;
		move.to.y--;
		move.to.height++;
	}
	for (i = 1; i < MOVE_CELL_HEIGHT; i++) {
		struct rect below = { to.x, move.to.y + move.to.height,
			to.width, 1 };

		if (!row_moved(before, now, below, dx, dy))
			break;
		move.to.height++;
	}
	grow_sideways(before, now, &move);
	return move.to;
}

/* Moves are done in order: what an earlier one wrote cannot be copied as it
 * was, nor may it be written again. */
static bool is_free(const struct move_finder *finder, const struct move *move)
{
	struct region taken;
	bool is;

	region_init(&taken);
	region_add_rect(&taken, move_from(move));
	region_add_rect(&taken, move->to);
	region_intersect(&taken, &finder->written);
	is = region_is_empty(&taken);
	region_finish(&taken);
	return is;
}

/* The grid was matched by that vector. */
static void use_vector(struct move_finder *finder, const struct frame *before,
	const struct frame *now, const struct move_vector *vector,
	struct move_list *moves)
{
	struct rect best;
	int tries;

	for (tries = 0;
		tries < MOST_FROM_A_VECTOR && moves->count < MOVE_LIST_MOST &&
		move_grid_best(finder->grid, LEAST_CELLS, &best) >= LEAST_CELLS;
		tries++) {
		struct move move = { best, vector->dx, vector->dy };
		struct move grown = move;

		grown.to = grow(before, now, best, move.dx, move.dy);
		if (is_free(finder, &grown))
			move = grown;
		if (is_free(finder, &move)) {
			moves->moves[moves->count++] = move;
			region_add_rect(&finder->written, move.to);
		}
		move_grid_explain(finder->grid, &move);
	}
}

/* What scrolls, mostly goes on to: then nobody needs to vote. */
static bool try_last_vector(struct move_finder *finder,
	const struct frame *before, const struct frame *now,
	struct move_list *moves)
{
	const struct move_vector *last = &finder->last;

	if (last->votes == 0)
		return false;
	move_grid_match(finder->grid, before, now, last->dx, last->dy);
	if (move_grid_explains(finder->grid) < MOST_OF_IT)
		return false;
	use_vector(finder, before, now, last, moves);
	return moves->count > 0;
}

static struct rect band_of(const struct move_finder *finder, struct rect all)
{
	int height = all.height / BANDS;
	struct rect band = all;

	if (finder->misses == 0)
		return all;
	if (height < LEAST_BAND_HEIGHT)
		height = LEAST_BAND_HEIGHT;
	band.y += finder->misses % BANDS * (all.height / BANDS);
	band.height = height;
	return rect_intersect(band, all);
}

static int vote(struct move_finder *finder, const struct frame *before,
	const struct frame *now, const struct region *changed,
	struct move_vector *vectors)
{
	struct region part;
	int count;

	region_init(&part);
	region_copy(&part, changed);
	region_intersect_rect(&part, band_of(finder, region_extents(changed)));
	count = move_features_vote(
		finder->features, before, now, &part, vectors);
	region_finish(&part);
	return count;
}

static void try_votes(struct move_finder *finder, const struct frame *before,
	const struct frame *now, const struct region *changed,
	struct move_list *moves)
{
	struct move_vector vectors[MOVE_MOST_VECTORS];
	int i, count = vote(finder, before, now, changed, vectors);

	finder->last.votes = 0;
	for (i = 0; i < count; i++) {
		move_grid_match(finder->grid, before, now, vectors[i].dx,
			vectors[i].dy);
		use_vector(finder, before, now, &vectors[i], moves);
	}
	if (moves->count > 0)
		finder->last = (struct move_vector){ moves->moves[0].dx,
			moves->moves[0].dy, 1 };
}

/* What changes elsewhere is something else than what never moved. */
static bool is_same_place(struct rect a, struct rect b)
{
	struct rect both = rect_intersect(a, b);
	int64_t common = (int64_t)both.width * both.height;
	int64_t larger = (int64_t)a.width * a.height;

	if ((int64_t)b.width * b.height > larger)
		larger = (int64_t)b.width * b.height;
	return common * 4 >= larger * 3;
}

static void pace(struct move_finder *finder, bool found)
{
	finder->misses = found ? 0 : finder->misses + 1;
	finder->skip = finder->misses > PATIENT_MISSES
			       ? finder->misses - PATIENT_MISSES
			       : 0;
	if (finder->skip > MOST_SKIPPED)
		finder->skip = MOST_SKIPPED;
}

void move_finder_find(struct move_finder *finder, const struct frame *before,
	const struct frame *now, uint64_t now_us, const struct region *changed,
	struct move_list *moves)
{
	bool rarely = now_us - finder->seen_us >= RARELY_US;

	moves->count = 0;
	finder->seen_us = now_us;
	if (rarely)
		finder->misses = finder->skip = 0;
	if (before->width != now->width || before->height != now->height ||
		region_pixels(changed) < LEAST_CHANGED_PIXELS)
		return;
	if (finder->skip > 0 &&
		is_same_place(finder->missed, region_extents(changed))) {
		finder->skip--;
		return;
	}
	if (has_grid_for(finder, now)) {
		move_grid_reset(finder->grid, changed);
		region_clear(&finder->written);
		if (!try_last_vector(finder, before, now, moves))
			try_votes(finder, before, now, changed, moves);
	}
	pace(finder, moves->count > 0);
	finder->missed = region_extents(changed);
}
