/* handshake.h - from the greeting to ServerInit (RFC 6143 section 7.1-7.3).
 *
 * Threads: the loop thread.
 */
#ifndef RFB_HANDSHAKE_H
#define RFB_HANDSHAKE_H

#include <stdbool.h>

struct session;

void handshake_start(struct session *session);

/* Handles what is whole at the head of session->input. False: more bytes are
 * needed, or the session has closed or logged in. */
bool handshake_step(struct session *session);

/* The end of STAGE_ANSWERED. */
void handshake_let_in(struct session *session);
void handshake_turn_away(struct session *session, const char *reason);

/* The minor version spoken with a viewer that answered these 12 bytes: 3, 7
 * or 8; 0 where it is no RFB version that we can speak. */
int handshake_version(const char bytes[12]);

#endif
