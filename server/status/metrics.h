/* metrics.h - what is counted while we run, for whoever watches us.
 *
 * Counting is an addition to a plain number and nothing else: what can be seen
 * by looking (who is connected, how much waits) is not counted but looked at
 * when somebody asks, see metrics_text.h.
 *
 * Owner:   embedded in struct server; a plain value, zeroed at the start.
 * Threads: the loop thread. What workers measured is added when they are done.
 */
#ifndef SERVER_STATUS_METRICS_H
#define SERVER_STATUS_METRICS_H

#include <stdint.h>

/* Their names for the outside are in metrics_text.c. */
enum metrics_count {
	METRICS_CONNECTIONS,
	METRICS_LOGINS,
	METRICS_REFUSED_ADDRESS,  /* -allow, HostsFile */
	METRICS_REFUSED_PASSWORD, /* a wrong answer */
	METRICS_REFUSED_TOKEN,    /* there is no such token or ID */
	METRICS_REFUSED_BLOCKED,  /* too many wrong answers before */
	METRICS_REFUSED_FULL,     /* -maxclients, -dontdisconnect */
	METRICS_REFUSED_DECISION, /* -accept, -QueryConnect */
	METRICS_DROPPED_UNREAD,   /* does not read */
	METRICS_DROPPED_WAITING,  /* one of too many before login */
	METRICS_RECEIVED_BYTES,
	METRICS_SENT_BYTES,
	METRICS_UPDATES,
	METRICS_CAPTURES,
	METRICS_UPDATES_SHARED, /* of these, what another's encoding served */
	METRICS_CAPTURES_LATE,  /* all frames were lent */
	METRICS_DISPLAY_LOST,
	METRICS_DISPLAY_BACK,
	METRICS_RESIZES,
	METRICS_KEYS,
	METRICS_POINTERS,
	METRICS_HTTP,
	METRICS_HTTP_REFUSED,
	METRICS_SCREENSHOTS,
	METRICS_COUNTS
};

enum metrics_time {
	METRICS_CAPTURE,
	METRICS_ENCODE, /* one part of an update, on one worker */
	METRICS_FENCE,  /* until the viewer answers one behind an update */
	METRICS_TIMES
};

/* Upper bounds in us; what is above the last is in the histogram's count alone.
 */
enum { METRICS_BUCKETS = 12 };
extern const uint32_t metrics_bounds_us[METRICS_BUCKETS];

struct metrics_histogram {
	uint64_t buckets[METRICS_BUCKETS]; /* each without those below */
	uint64_t count, sum_us;
};

struct metrics {
	uint64_t counts[METRICS_COUNTS];
	struct metrics_histogram times[METRICS_TIMES];
};

static inline void metrics_add(
	struct metrics *metrics, enum metrics_count what, uint64_t number)
{
	metrics->counts[what] += number;
}

void metrics_took(struct metrics *metrics, enum metrics_time what, uint64_t us);

#endif
