#include "websocket/websocket.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xmalloc.h"
#include "websocket/ws_close.h"
#include "websocket/ws_frame.h"

enum {
	MOST_FRAME_BYTES = 1 << 20,
	MOST_JOINED_BYTES = 1400, /* sent in one piece with their header */
	MOST_SILENT_PINGS = 3,
};

struct websocket {
	const struct websocket_host *host;
	void *context;

	uint8_t header[WS_FRAME_MOST_HEADER];
	size_t header_length;  /* bytes of a header not yet whole */
	struct ws_frame frame; /* being received where in_payload */
	bool in_payload;
	uint64_t received; /* bytes of the frame's payload so far */
	uint8_t control[WS_FRAME_MOST_CONTROL];
	bool in_message; /* its final fragment has not begun */
	/* Payload in the bytes being received that has not been handed on:
	 * of several frames, moved together. */
	uint8_t *heard;
	size_t heard_length;

	bool busy;       /* earlier output waits */
	bool ping_waits; /* to be answered with ping[] */
	uint8_t ping[WS_FRAME_MOST_CONTROL];
	size_t ping_length;
	int silent_pings; /* sent since the peer's last byte */
	bool closed;
};

struct websocket *websocket_create(
	const struct websocket_host *host, void *context)
{
	struct websocket *websocket = xcalloc(1, sizeof(*websocket));

	websocket->host = host;
	websocket->context = context;
	return websocket;
}

void websocket_destroy(struct websocket *websocket)
{
	free(websocket);
}

static void send_frame(struct websocket *websocket, enum ws_opcode opcode,
	const void *payload, size_t length)
{
	uint8_t bytes[WS_FRAME_MOST_HEADER + MOST_JOINED_BYTES];
	size_t header_length = ws_frame_write(bytes, opcode, length);

	if (length > MOST_JOINED_BYTES) {
		websocket->host->send(websocket->context, bytes, header_length);
		websocket->host->send(websocket->context, payload, length);
		return;
	}
	if (length > 0)
		memcpy(bytes + header_length, payload, length);
	websocket->host->send(
		websocket->context, bytes, header_length + length);
}

static void tell_closed(
	struct websocket *websocket, int code, const char *reason)
{
	websocket->closed = true;
	websocket->host->closed(websocket->context, code, reason);
}

void websocket_close(struct websocket *websocket, int code, const char *reason)
{
	uint8_t payload[WS_FRAME_MOST_CONTROL];
	size_t length;

	if (websocket->closed) /* whoever tears down may repeat the peer's */
		return;
	assert(ws_close_code_is_valid(code));
	length = ws_close_write(payload, code, reason);
	websocket->closed = true; /* before `send`, which may call us again */
	send_frame(websocket, WS_CLOSE, payload, length);
	tell_closed(websocket, code, reason ? reason : "");
}

/* Before anything that the peer said behind it has its effect. */
static void hand_on(struct websocket *websocket)
{
	size_t length = websocket->heard_length;

	websocket->heard_length = 0;
	if (length > 0)
		websocket->host->receive(
			websocket->context, websocket->heard, length);
}

static void refuse(struct websocket *websocket, int code, const char *problem)
{
	char *reason = xasprintf("the peer sent %s", problem);

	hand_on(websocket);
	websocket_close(websocket, code, reason);
	free(reason);
}

static void receive_close(struct websocket *websocket)
{
	size_t length = (size_t)websocket->frame.length;
	const char *problem;
	struct ws_close parsed;
	char *text, *reason;
	int code;

	if (!ws_close_parse(
		    websocket->control, length, &parsed, &code, &problem)) {
		refuse(websocket, code, problem);
		return;
	}
	websocket->closed = true;
	send_frame(websocket, WS_CLOSE, websocket->control, length);
	text = text_printable(
		parsed.reason, parsed.reason_length, WS_FRAME_MOST_CONTROL);
	reason = parsed.code == WS_CLOSE_NO_CODE
			 ? xstrdup("the peer closed")
			 : xasprintf("the peer closed with %d%s%s", parsed.code,
				   *text ? ": " : "", text);
	tell_closed(websocket, parsed.code, reason);
	free(text);
	free(reason);
}

static void receive_ping(struct websocket *websocket)
{
	size_t length = (size_t)websocket->frame.length;

	if (!websocket->busy) {
		send_frame(websocket, WS_PONG, websocket->control, length);
		return;
	}
	memcpy(websocket->ping, websocket->control, length);
	websocket->ping_length = length;
	websocket->ping_waits = true;
}

static void end_frame(struct websocket *websocket)
{
	websocket->in_payload = false;
	websocket->received = 0;
	if (ws_frame_is_control(websocket->frame.opcode))
		hand_on(websocket);
	if (websocket->closed)
		return;
	switch (websocket->frame.opcode) {
	case WS_CLOSE:
		receive_close(websocket);
		break;
	case WS_PING:
		receive_ping(websocket);
		break;
	default:
		break;
	}
}

/* Whether a whole header may stand here. */
static bool begin_frame(struct websocket *websocket)
{
	const struct ws_frame *frame = &websocket->frame;

	if (frame->opcode == WS_TEXT) {
		refuse(websocket, WEBSOCKET_UNSUPPORTED, "a text message");
		return false;
	}
	if (ws_frame_is_control(frame->opcode))
		return true;
	if (websocket->in_message != (frame->opcode == WS_CONTINUATION)) {
		refuse(websocket, WEBSOCKET_PROTOCOL_ERROR,
			websocket->in_message
				? "a message inside another"
				: "a fragment without a beginning");
		return false;
	}
	websocket->in_message = !frame->final;
	return true;
}

/* Both return how many bytes they used. */
static size_t receive_header(
	struct websocket *websocket, const uint8_t *bytes, size_t length)
{
	size_t had = websocket->header_length;
	size_t room = sizeof(websocket->header) - had;
	size_t copied = length < room ? length : room;

	memcpy(websocket->header + had, bytes, copied);
	switch (ws_frame_parse(
		websocket->header, had + copied, &websocket->frame)) {
	case PARSE_MORE:
		websocket->header_length = had + copied;
		return copied;
	case PARSE_BAD:
		refuse(websocket, WEBSOCKET_PROTOCOL_ERROR,
			websocket->frame.problem);
		return copied;
	case PARSE_DONE:
		break;
	}
	websocket->header_length = 0;
	if (begin_frame(websocket)) {
		websocket->in_payload = true;
		if (websocket->frame.length == 0)
			end_frame(websocket);
	}
	return websocket->frame.header_length - had;
}

static size_t receive_payload(
	struct websocket *websocket, uint8_t *bytes, size_t length)
{
	const struct ws_frame *frame = &websocket->frame;
	uint64_t left = frame->length - websocket->received;
	size_t count = length < left ? length : (size_t)left;
	uint8_t *to;

	if (ws_frame_is_control(frame->opcode)) {
		to = websocket->control + websocket->received;
	} else {
		if (websocket->heard_length == 0)
			websocket->heard = bytes;
		to = websocket->heard + websocket->heard_length;
		websocket->heard_length += count;
	}
	ws_frame_unmask(to, bytes, count, frame->mask, websocket->received);
	websocket->received += count;
	if (websocket->received == frame->length)
		end_frame(websocket);
	return count;
}

void websocket_receive(
	struct websocket *websocket, uint8_t *bytes, size_t length)
{
	if (length > 0)
		websocket->silent_pings = 0;
	while (length > 0 && !websocket->closed) {
		size_t used =
			websocket->in_payload
				? receive_payload(websocket, bytes, length)
				: receive_header(websocket, bytes, length);

		bytes += used;
		length -= used;
	}
	hand_on(websocket);
}

void websocket_send(
	struct websocket *websocket, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	while (length > 0 && !websocket->closed) {
		size_t count =
			length < MOST_FRAME_BYTES ? length : MOST_FRAME_BYTES;

		send_frame(websocket, WS_BINARY, at, count);
		at += count;
		length -= count;
	}
}

void websocket_announce(struct websocket *websocket, size_t length)
{
	uint8_t header[WS_FRAME_MOST_HEADER];

	assert(!websocket->closed && length <= MOST_FRAME_BYTES);
	websocket->host->send(websocket->context, header,
		ws_frame_write(header, WS_BINARY, length));
}

void websocket_tick(struct websocket *websocket)
{
	/* Behind output that waits a PING would only wait too. */
	if (websocket->closed || websocket->busy)
		return;
	if (websocket->silent_pings == MOST_SILENT_PINGS) {
		websocket_close(websocket, WEBSOCKET_GOING_AWAY,
			"no sign of life from the peer");
		return;
	}
	websocket->silent_pings++;
	send_frame(websocket, WS_PING, NULL, 0);
}

void websocket_set_busy(struct websocket *websocket, bool output_waits)
{
	websocket->busy = output_waits;
}

void websocket_drained(struct websocket *websocket)
{
	websocket->busy = false;
	if (!websocket->ping_waits || websocket->closed)
		return;
	websocket->ping_waits = false;
	send_frame(websocket, WS_PONG, websocket->ping, websocket->ping_length);
}
