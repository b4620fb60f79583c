/* seal.h - encryption of a session's conversation by the session itself, begun
 * in the middle of it: everything sent and received is in AES-EAX messages.
 *
 * Owner:   the session; session_seal() takes, session_unseal() and
 *          session_destroy() free.
 * Threads: the loop thread.
 */
#ifndef RFB_SEAL_H
#define RFB_SEAL_H

#include "rfb/eax_channel.h"

struct session;

struct seal {
	struct eax_channel in, out;
	struct buffer raw; /* received, not yet opened */
};

struct seal *seal_create(
	const uint8_t *in_key, const uint8_t *out_key, size_t key_bytes);
void seal_destroy(struct seal *seal);

/* What was received and not yet looked at is sealed already. */
void session_seal(struct session *session, struct seal *seal);
/* Both directions go on as they are; likewise. */
void session_unseal(struct session *session);

/* Opens one message into session->input. False: there is none that is whole, or
 * it was forged and the session has closed. */
bool session_open_message(struct session *session);

#endif
