/* tight_capabilities.h - what a server that speaks TightVNC's dialect says of
 * itself: lists of capabilities, each a number with two names.
 *
 * Threads: any; pure.
 * Source:  rfbproto, "Tight Security Type" and "ServerInit".
 */
#ifndef RFB_TIGHT_CAPABILITIES_H
#define RFB_TIGHT_CAPABILITIES_H

#include <stdint.h>

#include "base/buffer.h"

struct tight_capability {
	int32_t code;
	char vendor[5], signature[9];
};

void tight_capability_write(
	const struct tight_capability *capability, struct buffer *to);

/* The part that follows ServerInit once security type 16 was chosen. */
void tight_capabilities_write(struct buffer *to);

#endif
