/* continuous_updates.h - telling a viewer that we can push updates.
 *
 * Threads: the loop thread.
 * Source:  rfbproto, "ContinuousUpdates".
 */
#ifndef RFB_CONTINUOUS_UPDATES_H
#define RFB_CONTINUOUS_UPDATES_H

struct session;

/* Once, and only if the viewer knows them. */
void continuous_updates_announce(struct session *session);

#endif
