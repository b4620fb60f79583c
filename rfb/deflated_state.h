/* deflated_state.h - what an encoder keeps that sends all of its rectangles
 * through one zlib stream, for its row in the table of encoders.
 *
 * Owner:   the first member of the encoder's state, or all of it.
 * Threads: one at a time.
 */
#ifndef RFB_DEFLATED_STATE_H
#define RFB_DEFLATED_STATE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "rfb/deflater.h"

struct deflated_state {
	struct deflater deflater;
	struct buffer plain; /* what is to be deflated */
};

/* As struct encoder has them. */
void deflated_state_destroy(void *state);
bool deflated_state_is_like(const void *state, const void *other);
void deflated_state_skip(void *state);

#endif
