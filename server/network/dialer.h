/* dialer.h - goes to viewers that wait for it (-connect), where others come to
 * us.
 *
 * Names are looked up and addresses tried one after the other without the loop
 * waiting for any.
 *
 * Owner:   each dial frees itself when it has ended; dialer_stop() ends all.
 * Threads: the loop thread.
 */
#ifndef SERVER_NETWORK_DIALER_H
#define SERVER_NETWORK_DIALER_H

#include <stdbool.h>

struct server;
struct dial;

struct dialer {
	struct server *server;
	struct dial *dials; /* under way */
};

/* Begins to dial whom -connect names; they were checked by then. */
void dialer_start(struct dialer *dialer, struct server *server);
/* One more. False: it is written wrongly. */
bool dialer_dial(struct dialer *dialer, const char *target);
void dialer_stop(struct dialer *dialer);

#endif
