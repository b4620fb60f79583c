/* lossy.h - what a viewer holds only nearly right (JPEG), and how long it has
 * been left alone since.
 *
 * What was not sent again for one to two calls of lossy_age() has settled, and
 * is worth sending losslessly.
 *
 * Owner:   the session; lossy_init(), lossy_finish().
 * Threads: the loop thread.
 */
#ifndef RFB_LOSSY_H
#define RFB_LOSSY_H

#include <stdbool.h>

#include "base/move.h"
#include "base/region.h"

struct lossy {
	struct region fresh;  /* since the last lossy_age() */
	struct region ageing; /* since the one before */
	struct region settled;
	/* Of all these, what was sent at less than the viewer's quality: it is
	 * sent at that first, which is soon done. */
	struct region poor;
};

void lossy_init(struct lossy *lossy);
void lossy_finish(struct lossy *lossy);
void lossy_clear(struct lossy *lossy);

/* These areas are on their way again; what of them is lossy, is added. */
void lossy_sent(struct lossy *lossy, const struct region *areas);
void lossy_add(struct lossy *lossy, struct rect rect, bool is_poor);
/* All that `fresh` has, which has not aged. */
void lossy_join(struct lossy *lossy, const struct lossy *fresh);
/* The target of a move is lossy where its source is. */
void lossy_move(struct lossy *lossy, const struct move *move);

void lossy_age(struct lossy *lossy);

/* What of `areas` the viewer has only nearly. */
void lossy_find(const struct lossy *lossy, const struct region *areas,
	struct region *found);

/* Some of what has settled within `wanted`, the smallest first, about as many
 * pixels as leave soon: so that a new change does not wait long behind it. The
 * second chooses among what is poor. */
void lossy_choose(const struct lossy *lossy, const struct region *wanted,
	int most_pixels, struct region *chosen);
void lossy_choose_poor(const struct lossy *lossy, const struct region *wanted,
	int most_pixels, struct region *chosen);

#endif
