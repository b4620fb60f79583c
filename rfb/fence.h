/* fence.h - ServerFence, and what a viewer answers to ours.
 *
 * Threads: the loop thread.
 * Source:  rfbproto, "Fence".
 */
#ifndef RFB_FENCE_H
#define RFB_FENCE_H

struct session;

/* Tells the viewer that we know fences: once, and only if it does. */
void fence_announce(struct session *session);

/* The viewer no longer lists fences: none of ours need be answered any more. */
void fence_forget(struct session *session);

/* A fence behind an update of so many bytes, to learn how it travelled. */
void fence_follow(struct session *session, unsigned long bytes);

#endif
