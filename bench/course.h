/* course.h - one way to encode, and what it took.
 *
 * Threads: a course is run on the caller's thread, and measured there.
 * Units:   milliseconds of the processor, bytes a frame, dB over the three
 *          colours (INFINITY: exact,
 *          NAN: our strict decoder would not have it).
 */
#ifndef BENCH_COURSE_H
#define BENCH_COURSE_H

#include "base/frame.h"

struct course {
	const char *name; /* as printed */
	int32_t encoding; /* as in SetEncodings */
	int quality;      /* -32..-23, or 0 for none */
	int compress;     /* -256..-247, or 0 for none */
};

enum { COURSE_MOST_ROUNDS = 99 };

struct course_result {
	double ms; /* median */
	double bytes;
	double psnr;
};

/* Ours. False where the encoder is not in the table or the
 * result could not be decoded. */
bool course_run(const struct course *course, const struct frame *frame,
	int rounds, struct course_result *result);

/* libvncserver's, its own sending to a local socket included. */
bool course_run_vncserver(const struct course *course,
	const struct frame *frame, int rounds, struct course_result *result);

double course_thread_ms(void);
double course_median(double *values, int count);

/* Decodes `count` rectangles onto black and compares. */
bool course_judge(const struct frame *frame, const uint8_t *bytes,
	size_t length, unsigned count, double *psnr);

#endif
