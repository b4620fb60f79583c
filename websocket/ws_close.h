/* ws_close.h - the payload of a close frame.
 *
 * Threads: any; pure functions.
 * Source:  RFC 6455 sections 5.5.1 and 7.4.
 */
#ifndef WEBSOCKET_WS_CLOSE_H
#define WEBSOCKET_WS_CLOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "websocket/ws_frame.h"

enum { WS_CLOSE_NO_CODE = 1005 }; /* never on the wire */

struct ws_close {
	int code;           /* WS_CLOSE_NO_CODE where the payload was empty */
	const char *reason; /* borrowed from the payload, without a NUL */
	size_t reason_length;
};

/* False: *code gets what to close with, *problem says why. */
bool ws_close_parse(const uint8_t *payload, size_t length,
	struct ws_close *parsed, int *code, const char **problem);

/* Writes the payload; a reason (may be NULL) that is too long is cut between
 * two characters, one that is not UTF-8 is left out. Returns the length. */
size_t ws_close_write(
	uint8_t payload[WS_FRAME_MOST_CONTROL], int code, const char *reason);

/* Whether a code may stand in a close frame. */
bool ws_close_code_is_valid(int code);

#endif
