/* line_rate.h - what a line carries in a second, from a few measurements.
 *
 * Their median: a viewer or a scheduler that stood still for a moment is no
 * slow line.
 *
 * Owner:   a plain value, zeroed is not known.
 * Threads: the loop thread.
 */
#ifndef RFB_LINE_RATE_H
#define RFB_LINE_RATE_H

#include <stdint.h>

enum {
	LINE_RATE_SAMPLES = 5,
	LINE_RATE_LEAST_SAMPLES = 3, /* of fewer, nothing is concluded */
};

struct line_rate {
	uint64_t bytes_per_s[LINE_RATE_SAMPLES]; /* a ring */
	unsigned count;                          /* ever */
};

/* So many bytes kept the line busy for so long. Where that tells more of our
 * clock or of a scheduler, it is not noted. */
void line_rate_carried(
	struct line_rate *rate, uint64_t bytes, uint64_t busy_us);
void line_rate_note(struct line_rate *rate, uint64_t bytes_per_s);
/* 0: not known. */
uint64_t line_rate_median(const struct line_rate *rate);

#endif
