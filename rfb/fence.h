/* fence.h - ServerFence, and what a viewer answers to ours.
 *
 * Threads: the loop thread.
 * Source:  rfbproto, "Fence".
 */
#ifndef RFB_FENCE_H
#define RFB_FENCE_H

#include <stdbool.h>

struct session;

/* Tells the viewer that we know fences: once, and only if it does. */
void fence_announce(struct session *session);

/* The viewer no longer lists fences: none of ours need be answered any more. */
void fence_forget(struct session *session);

/* Whether fences tell how updates travel; else TCP has to. */
bool fence_measures(const struct session *session);

/* The viewer has had its time to answer one (congestion_patience_us()). Where
 * its machine has all that was sent, it is served without fences from now on;
 * where that is still on its way, it gets more time. */
void fence_lose_patience(struct session *session);

/* A fence behind an update of so many bytes, to learn how it travelled. */
void fence_follow(struct session *session, unsigned long bytes);

#endif
