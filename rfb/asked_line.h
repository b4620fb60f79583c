/* asked_line.h - what the line takes, by when a viewer asks again.
 *
 * Viewers without fences ask for the next update when they have got the last
 * (libvncclient, gtk-vnc): that request is as good as an answer to a fence, and
 * tells of proxies and tunnels, of which TCP's figures know nothing. Others ask
 * when an update begins to arrive; of them this makes the line faster than it
 * is, never slower.
 *
 * Owner:   the session; a plain value, zeroed is not known.
 * Threads: the loop thread.
 * Units:   bytes as handed to the layers below; times as clock_us().
 */
#ifndef RFB_ASKED_LINE_H
#define RFB_ASKED_LINE_H

#include <stdint.h>

#include "rfb/line_rate.h"

struct asked_line {
	uint64_t greeted_us;  /* 0: the greeting was answered */
	uint64_t shortest_us; /* a round trip with little to carry; 0: none */
	uint64_t sent_us;     /* the last update; 0: it was asked for more */
	uint64_t bytes;       /* of that */
	struct line_rate rate;
};

/* The greeting leaves; its answer comes: the first round trip. */
void asked_line_greets(struct asked_line *line, uint64_t now_us);
void asked_line_greeted(struct asked_line *line, uint64_t now_us);

/* An update of so many bytes leaves. */
void asked_line_sent(struct asked_line *line, uint64_t bytes, uint64_t now_us);
/* The viewer asks for one. */
void asked_line_asked(struct asked_line *line, uint64_t now_us);

/* In bytes a second; 0: not known. */
uint64_t asked_line_rate(const struct asked_line *line);

#endif
