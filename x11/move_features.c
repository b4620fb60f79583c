#include "x11/move_features.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"

enum {
	MOST_WIDTH = 65536,
	TABLE_BITS = 14,
	TABLE_SIZE = 1 << TABLE_BITS,
	MOST_FEATURES = TABLE_SIZE / 4, /* about; both pictures alike */
	BALLOT_SIZE = 1024,             /* a power of two */
	LEAST_VOTES = 8,
	BLOCK = 32,        /* hashes looked at together */
	SAMPLE_SHIFT = 16, /* which bits of a hash make it a feature */
};

/* Odd, and 5 modulo 8: its powers modulo 2^32 repeat only after 2^30. */
#define BASE UINT32_C(0x9e3779b5)

struct feature {
	uint32_t hash; /* 0: free */
	uint16_t x, y;
	uint16_t count; /* times seen */
};

struct ballot {
	struct move_vector vector; /* votes 0: free */
};

/* A run's hash is the sum of pixel * BASE^i over it, made independent of
 * where it lies by the inverse power: all but the running sum is done on many
 * pixels at once. */
struct move_features {
	uint32_t powers[MOST_WIDTH];
	uint32_t inverses[MOST_WIDTH];
	uint32_t sums[MOST_WIDTH + 1];
	uint32_t hashes[MOST_WIDTH];
	struct feature table[TABLE_SIZE];
	struct ballot ballots[BALLOT_SIZE];
	int features;
};

static uint32_t inverse_of(uint32_t odd)
{
	uint32_t inverse = odd; /* right in 3 bits; each step doubles that */
	int i;

	for (i = 0; i < 5; i++)
		inverse *= 2 - odd * inverse;
	return inverse;
}

struct move_features *move_features_create(void)
{
	struct move_features *features = xcalloc(1, sizeof(*features));
	uint32_t inverse = inverse_of(BASE);
	int i;

	features->powers[0] = features->inverses[0] = 1;
	for (i = 1; i < MOST_WIDTH; i++) {
		features->powers[i] = features->powers[i - 1] * BASE;
		features->inverses[i] = features->inverses[i - 1] * inverse;
	}
	return features;
}

void move_features_destroy(struct move_features *features)
{
	free(features);
}

/* hashes[x] of the run that begins at x, for 0 <= x <= width - RUN. */
static void hash_row(
	struct move_features *features, const uint32_t *row, int width)
{
	uint32_t *sums = features->sums, *hashes = features->hashes;
	uint32_t sum = 0;
	int x, last = width - MOVE_RUN_PIXELS;

#pragma omp simd
	for (x = 0; x < width; x++)
		hashes[x] = frame_colour(row[x]) * features->powers[x];
	for (x = 0; x < width; x++) {
		sums[x] = sum;
		sum += hashes[x];
	}
	sums[width] = sum;
#pragma omp simd
	for (x = 0; x <= last; x++)
		hashes[x] = (sums[x + MOVE_RUN_PIXELS] - sums[x]) *
			    features->inverses[x];
}

/* Flat runs are everywhere and say nothing. Looks at a few pixels only: that
 * is enough to leave out nearly all of them. */
static bool is_flat(const uint32_t *run)
{
	return run[0] == run[7] && run[0] == run[13] && run[0] == run[18] &&
	       run[0] == run[24] && run[0] == run[MOVE_RUN_PIXELS - 1];
}

typedef void feature_function(
	struct move_features *features, uint32_t hash, int x, int y);

/* How many of a block of hashes are of features: so that the usual block, of
 * none, is passed over at once. */
static int count_features(const uint32_t *hashes, uint32_t mask)
{
	int x, count = 0;

#pragma omp simd reduction(+ : count)
	for (x = 0; x < BLOCK; x++)
		count += (hashes[x] >> SAMPLE_SHIFT & mask) == 0;
	return count;
}

static void scan_row(struct move_features *features, const uint32_t *row,
	struct rect line, uint32_t mask, feature_function *function)
{
	const uint32_t *hashes = features->hashes;
	int x, runs = line.width - MOVE_RUN_PIXELS + 1;

	for (x = 0; x < runs; x++) {
		if (x % BLOCK == 0 && x + BLOCK <= runs &&
			count_features(hashes + x, mask) == 0) {
			x += BLOCK - 1;
			continue;
		}
		if ((hashes[x] >> SAMPLE_SHIFT & mask) == 0 &&
			!is_flat(row + x))
			function(features, hashes[x] | 1, line.x + x, line.y);
	}
}

static void for_each_feature(struct move_features *features,
	const struct frame *frame, struct rect area, uint32_t mask,
	feature_function *function)
{
	int y;

	if (area.width < MOVE_RUN_PIXELS)
		return;
	for (y = area.y; y < area.y + area.height; y++) {
		const uint32_t *row = frame_row(frame, y) + area.x;

		hash_row(features, row, area.width);
		scan_row(features, row,
			(struct rect){ area.x, y, area.width, 1 }, mask,
			function);
	}
}

static struct feature *look_up(struct move_features *features, uint32_t hash)
{
	/* Anew, because the bits that made it a feature are all alike. */
	uint32_t slot = (hash * BASE) >> (32 - TABLE_BITS);

	while (features->table[slot].hash != 0 &&
		features->table[slot].hash != hash)
		slot = (slot + 1) & (TABLE_SIZE - 1);
	return &features->table[slot];
}

static void remember(
	struct move_features *features, uint32_t hash, int x, int y)
{
	struct feature *feature = look_up(features, hash);

	if (feature->hash != 0) {
		feature->count = 2; /* not unique: no matter how often */
		return;
	}
	if (features->features == TABLE_SIZE / 2)
		return; /* far more than the mask lets through on average */
	features->features++;
	*feature = (struct feature){ hash, (uint16_t)x, (uint16_t)y, 1 };
}

static void vote(struct move_features *features, uint32_t hash, int x, int y)
{
	const struct feature *feature = look_up(features, hash);
	int dx = x - feature->x, dy = y - feature->y, tries;
	uint32_t slot = ((uint32_t)dx * 31 + (uint32_t)dy) * BASE >> 20;

	if (feature->count != 1 || (dx == 0 && dy == 0))
		return;
	for (tries = 0; tries < 8; tries++) {
		struct move_vector *vector =
			&features->ballots[slot++ & (BALLOT_SIZE - 1)].vector;

		if (vector->votes > 0 && (vector->dx != dx || vector->dy != dy))
			continue;
		*vector = (struct move_vector){ dx, dy, vector->votes + 1 };
		return;
	}
}

static int count_votes(const struct move_features *features,
	struct move_vector vectors[MOVE_MOST_VECTORS])
{
	int i, place, count = 0;

	for (i = 0; i < BALLOT_SIZE; i++) {
		struct move_vector vector = features->ballots[i].vector;

		if (vector.votes < LEAST_VOTES)
			continue;
		for (place = count;
			place > 0 && vectors[place - 1].votes < vector.votes;
			place--)
			if (place < MOVE_MOST_VECTORS)
				vectors[place] = vectors[place - 1];
		if (place < MOVE_MOST_VECTORS)
			vectors[place] = vector;
		if (count < MOVE_MOST_VECTORS)
			count++;
	}
	return count;
}

/* So sparse that about MOST_FEATURES of the area are features. */
static uint32_t choose_mask(const struct region *changed)
{
	int64_t pixels = region_pixels(changed);
	uint32_t mask = 3;

	while (pixels / (mask + 1) > MOST_FEATURES)
		mask = mask * 2 + 1;
	return mask;
}

int move_features_vote(struct move_features *features,
	const struct frame *before, const struct frame *now,
	const struct region *changed,
	struct move_vector vectors[MOVE_MOST_VECTORS])
{
	uint32_t mask = choose_mask(changed);
	int i;

	memset(features->table, 0, sizeof(features->table));
	memset(features->ballots, 0, sizeof(features->ballots));
	features->features = 0;
	for (i = 0; i < region_count(changed); i++)
		for_each_feature(features, before, region_rect(changed, i),
			mask, remember);
	if (features->features < LEAST_VOTES)
		return 0;
	for (i = 0; i < region_count(changed); i++)
		for_each_feature(
			features, now, region_rect(changed, i), mask, vote);
	return count_votes(features, vectors);
}
