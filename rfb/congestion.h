/* congestion.h - how much may be under way to a viewer that we push to.
 *
 * TCP and the machines between keep seconds of pictures, if they are let.
 * Each update is followed by a fence; the answer tells how long the line and
 * the viewer took. As long as that stays near the shortest time seen, more may
 * be under way; when it grows, pictures are queueing somewhere, and less may.
 *
 * Owner:   the session; a plain value.
 * Threads: the loop thread.
 * Units:   bytes as handed to the layers below; times as clock_us().
 * Source:  rfbproto, "Fence"; the idea is TCP Vegas's.
 */
#ifndef RFB_CONGESTION_H
#define RFB_CONGESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "rfb/line_rate.h"

/* More fences without an answer than this, and the viewer is waited for. */
enum { CONGESTION_MOST_FENCES = 32 };

struct congestion_fence {
	uint32_t number;
	uint64_t position; /* bytes sent up to it */
	uint64_t sent_us;
};

struct congestion {
	uint64_t sent, answered; /* bytes, ever */
	uint64_t window;         /* bytes that may be under way; 0: not begun */
	uint64_t shortest_us;    /* round trip; 0: none seen */
	bool starting;           /* the window doubles until it is felt */
	uint64_t answered_us;    /* when the last answer came */
	struct line_rate rate;
	uint64_t patient_us; /* see congestion_be_patient() */
	bool deaf;           /* see congestion_give_up() */
	uint32_t next_number;
	int first, count; /* of the ring */
	struct congestion_fence fences[CONGESTION_MOST_FENCES];
};

/* Whether another update may be sent now. */
bool congestion_allows(const struct congestion *congestion);

/* So many bytes were just sent, and a fence with the number returned goes
 * behind them. */
uint32_t congestion_sent(
	struct congestion *congestion, uint64_t bytes, uint64_t now_us);

/* The answer to a fence: how long it took; 0: it was never sent, and nothing
 * comes of it. */
uint64_t congestion_answered(
	struct congestion *congestion, uint32_t number, uint64_t now_us);

/* How long a fence took with nothing to carry before it. */
void congestion_learn_trip(struct congestion *congestion, uint64_t trip_us);

/* What the line (and the viewer) takes, in bytes a second; 0: not known. */
uint64_t congestion_rate(const struct congestion *congestion);

/* The same question where there are no fences, of what TCP says: the rate and
 * the shortest round trip (0: not known), and what it has under way. If not,
 * how long until it may be. */
bool congestion_line_is_clear(uint64_t bytes_per_s, uint64_t trip_us,
	uint64_t under_way_bytes, uint64_t *wait_us);

/* Until when the fence that is waited for may be answered; 0: none is. */
uint64_t congestion_patience_us(const struct congestion *congestion);
/* It may take as long once more from now. */
void congestion_be_patient(struct congestion *congestion, uint64_t now_us);
/* It is taken for deaf: whatever is under way no longer matters, and fences
 * are not to be sent. An answer to the last one makes it hear again. */
void congestion_give_up(struct congestion *congestion);

#endif
