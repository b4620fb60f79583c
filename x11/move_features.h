/* move_features.h - by which vectors parts of a picture may have moved.
 *
 * Short runs of pixels are hashed at every place of what changed, in the old
 * picture and in the new one. A run is a feature where its own hash says so,
 * so the same run is one wherever it lies. Features that both pictures have,
 * and the old one only once, vote for the vector between them.
 *
 * Owner:   move_features_init(), move_features_finish().
 * Threads: one at a time.
 * Units:   pixels.
 */
#ifndef X11_MOVE_FEATURES_H
#define X11_MOVE_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/frame.h"
#include "base/region.h"

enum {
	/* Five letters of a small font: shorter runs are too often alike. */
	MOVE_RUN_PIXELS = 32,
	MOVE_MOST_VECTORS = 4,
};

struct move_vector {
	int dx, dy;
	int votes;
};

struct move_features;

struct move_features *move_features_create(void);
void move_features_destroy(struct move_features *features);

/* Fills `vectors`, most votes first; returns how many. Both frames have the
 * same size. */
int move_features_vote(struct move_features *features,
	const struct frame *before, const struct frame *now,
	const struct region *changed,
	struct move_vector vectors[MOVE_MOST_VECTORS]);

#endif
