/* rfb_session.h - feeds a session what a fuzzer made, in pieces, and runs the
 * updates it asks for.
 *
 * The first input byte chooses the configuration and the size of the pieces.
 */
#ifndef TEST_FUZZ_RFB_SESSION_H
#define TEST_FUZZ_RFB_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rfb/session.h"

struct fuzz_setup {
	struct session_config config;
	struct session_transport transport;
	const char *said_first; /* or NULL */
	size_t piece;
};

/* Whether the input logged in. */
bool fuzz_session_run(
	const struct fuzz_setup *setup, const uint8_t *input, size_t length);

/* `log_in`: through the login first, so that the input is messages. */
void fuzz_session(const uint8_t *input, size_t length, bool log_in);

#endif
