/* ws_frame.h - the header and the mask of one WebSocket frame.
 *
 * Threads: any; pure functions.
 * Source:  RFC 6455 section 5.
 */
#ifndef WEBSOCKET_WS_FRAME_H
#define WEBSOCKET_WS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/parse.h"

enum {
	WS_FRAME_MOST_HEADER = 14,   /* 2, a 64-bit length, a mask */
	WS_FRAME_MOST_CONTROL = 125, /* bytes of a control frame's payload */
};

enum ws_opcode {
	WS_CONTINUATION = 0,
	WS_TEXT = 1,
	WS_BINARY = 2,
	WS_CLOSE = 8,
	WS_PING = 9,
	WS_PONG = 10,
};

struct ws_frame {
	bool final;
	enum ws_opcode opcode;
	uint64_t length; /* of the payload, at most 2^63 - 1 */
	uint8_t mask[4];
	size_t header_length; /* bytes used */
	const char *problem;  /* where PARSE_BAD */
};

/* A client's header, which must be masked. What is wrong is refused with the
 * first byte that shows it. */
enum parse_result ws_frame_parse(
	const uint8_t *bytes, size_t length, struct ws_frame *frame);

static inline bool ws_frame_is_control(enum ws_opcode opcode)
{
	return opcode >= WS_CLOSE;
}

/* A server's header of a message in one frame, without a mask; returns its
 * length (2, 4 or 10). */
size_t ws_frame_write(uint8_t header[WS_FRAME_MOST_HEADER],
	enum ws_opcode opcode, uint64_t length);

/* `offset` counts the payload's bytes that came before these. `to` may be where
 * they lie, or begin before that. */
void ws_frame_unmask(uint8_t *to, const uint8_t *bytes, size_t length,
	const uint8_t mask[4], uint64_t offset);

#endif
