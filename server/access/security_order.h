/* security_order.h - which ways to log in are offered, and in which order:
 * -sectypes, -vencrypt, or what suits the passwords and the certificate.
 *
 * The order matters: TigerVNC, libvncclient and noVNC 1.7 take the first that
 * they know (CLIENTS rule 15).
 *
 * Owner:   embedded; nothing to free.
 * Threads: the loop thread.
 */
#ifndef SERVER_ACCESS_SECURITY_ORDER_H
#define SERVER_ACCESS_SECURITY_ORDER_H

#include <stdbool.h>

#include "rfb/security.h"

struct options;

struct security_order {
	struct security_list list; /* ended by NULL, for session_config */
};

/* `verifiable`: viewers can verify our certificate. False: a sentence was
 * logged about what the options say. */
bool security_order_init(struct security_order *order,
	const struct options *options, bool verifiable);

/* Whether a type in it needs all of these bits of enum security_need. */
bool security_order_needs(const struct security_order *order, unsigned needs);

/* Whether somebody can log in with that, somehow. False: a sentence was logged.
 */
bool security_order_check(const struct session_config *config);

#endif
