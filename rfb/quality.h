/* quality.h - how far below the viewer's wish moving pictures are sent, so that
 * the line can carry their pace.
 *
 * What the line takes for one moving picture is compared with two bounds that
 * lie further apart than what any one step changes: it comes to rest between
 * them. Down is quick, because the line is full meanwhile; up is slow, one step
 * at a time.
 *
 * Owner:   the session; a plain value, zeroed is the viewer's wish.
 * Threads: the loop thread.
 * Units:   steps of the viewers' quality slider; times as clock_us().
 */
#ifndef RFB_QUALITY_H
#define RFB_QUALITY_H

#include <stdint.h>

struct quality {
	int drop;         /* steps below the wish */
	uint64_t cost_us; /* of the line, for a moving picture, lately */
	uint64_t changed_us;
};

/* A moving picture took so many lossy bytes, on a line of this rate (0: not
 * known, nothing changes). `most_drop` is as far as it may go. */
void quality_sent(struct quality *quality, uint64_t bytes, uint64_t bytes_per_s,
	int most_drop, uint64_t now_us);

#endif
