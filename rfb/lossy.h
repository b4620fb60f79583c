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

#include "base/move.h"
#include "base/region.h"

struct lossy {
	struct region fresh;  /* since the last lossy_age() */
	struct region ageing; /* since the one before */
	struct region settled;
};

void lossy_init(struct lossy *lossy);
void lossy_finish(struct lossy *lossy);
void lossy_clear(struct lossy *lossy);

/* These areas are on their way again; what of them is lossy, is added. */
void lossy_sent(struct lossy *lossy, const struct region *areas);
void lossy_add(struct lossy *lossy, struct rect rect);
/* The target of a move is lossy where its source is. */
void lossy_move(struct lossy *lossy, const struct move *move);

void lossy_age(struct lossy *lossy);

/* Some of what has settled within `wanted`, the smallest first, about as much
 * as leaves soon: so that a new change does not wait long behind it. */
void lossy_choose(const struct lossy *lossy, const struct region *wanted,
	struct region *chosen);

#endif
