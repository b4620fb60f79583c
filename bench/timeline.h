/* timeline.h - when each picture of a workload was drawn, told to the viewer.
 *
 * A file both map: the workload writes, the viewer reads and gives the signs.
 * With a picture's number (its stamp) and this, the viewer knows how old a
 * picture is that it has just decoded.
 *
 * Owner:   timeline_open() gives, timeline_close() frees; the file stays.
 * Threads: one writer and one reader, each a process of its own.
 * Units:   times as clock_us(), the same clock in every process.
 */
#ifndef BENCH_TIMELINE_H
#define BENCH_TIMELINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { TIMELINE_PICTURES = 1 << 18 };

enum timeline_state {
	TIMELINE_PREPARING, /* the workload paints its first picture */
	TIMELINE_READY,     /* it stands and waits */
	TIMELINE_RUNNING,   /* the viewer says: draw */
	TIMELINE_ENDING,    /* the viewer says: enough */
	TIMELINE_ENDED,     /* the last picture is drawn */
};

/* What a film shows: picture n is part n % count of one tall image in a
 * System V segment, so that the viewer can tell how good its copy is. */
struct timeline_reel {
	int segment; /* only if count > 0 */
	int count;
	int x, y, width, height; /* on the screen */
};

struct timeline {
	_Atomic enum timeline_state state;
	atomic_uint drawn; /* the number of the newest picture */
	struct timeline_reel reel;
	/* Taken before the first request of the picture is sent. */
	uint64_t drawn_us[TIMELINE_PICTURES];
};

/* `create`: a fresh file. NULL on failure, said on stderr. */
struct timeline *timeline_open(const char *path, bool create);
void timeline_close(struct timeline *timeline);

/* Sleeps until it is in that state or later; false after 20 s. */
bool timeline_wait(struct timeline *timeline, enum timeline_state state);

#endif
