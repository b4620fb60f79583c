/* One WebSocket conversation. The first byte chooses how the others, which
 * are what the peer sends, are cut. However they are cut, the payload and the
 * answers must be the same, and all we say must be whole frames of ours. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "test/fuzz/same.h"
#include "websocket/websocket.h"

enum {
	PIECE = 0x0f, /* bytes at a time, less one */
	BUSY = 0x10,
	CLOSE_BEHIND = 0x20,
	MOST_CONTROL = 125,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct outcome {
	struct buffer sent, received, reason;
	int code; /* 0 until closed */
};

static void on_send(void *context, const void *bytes, size_t length)
{
	struct outcome *outcome = context;

	assert(outcome->code == 0 && length > 0);
	buffer_append(&outcome->sent, bytes, length);
}

static void on_receive(void *context, const uint8_t *bytes, size_t length)
{
	struct outcome *outcome = context;

	assert(outcome->code == 0 && length > 0);
	buffer_append(&outcome->received, bytes, length);
}

static void on_closed(void *context, int code, const char *reason)
{
	struct outcome *outcome = context;

	assert(outcome->code == 0 && code != 0);
	outcome->code = code;
	buffer_text(&outcome->reason, reason);
}

static const struct websocket_host host = { on_send, on_receive, on_closed };

static void converse(struct outcome *outcome, const uint8_t *bytes,
	size_t length, size_t piece, int options)
{
	struct websocket *websocket = websocket_create(&host, outcome);
	struct buffer copy = { 0 };

	websocket_set_busy(websocket, options & BUSY);
	while (length > 0) {
		size_t count = length < piece ? length : piece;

		buffer_append(&copy, bytes, count);
		websocket_receive(websocket, buffer_bytes(&copy), count);
		buffer_consume(&copy, count);
		bytes += count;
		length -= count;
	}
	websocket_drained(websocket);
	websocket_send(websocket, "end", 3);
	websocket_tick(websocket);
	if (options & CLOSE_BEHIND)
		websocket_close(websocket, WEBSOCKET_GOING_AWAY, "end");
	websocket_destroy(websocket);
	buffer_finish(&copy);
}

static void check_sent(const struct outcome *outcome)
{
	const uint8_t *at = buffer_bytes(&outcome->sent);
	size_t left = buffer_length(&outcome->sent);
	bool closed = false;

	while (left > 0) {
		assert(!closed && left >= 2);
		assert(at[0] == 0x82 || (at[0] >= 0x88 && at[0] <= 0x8a));
		assert(at[1] <= MOST_CONTROL && left >= 2u + at[1]);
		closed = at[0] == 0x88;
		left -= 2u + at[1];
		at += 2 + at[1];
	}
	assert(closed == (outcome->code != 0));
}

static void finish(struct outcome *outcome)
{
	buffer_finish(&outcome->sent);
	buffer_finish(&outcome->received);
	buffer_finish(&outcome->reason);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct outcome whole = { 0 }, cut = { 0 };

	if (length == 0)
		return 0;
	converse(&whole, bytes + 1, length - 1, length, bytes[0]);
	converse(&cut, bytes + 1, length - 1, (bytes[0] & PIECE) + 1, bytes[0]);
	check_sent(&whole);
	same_bytes(&whole.sent, &cut.sent);
	same_bytes(&whole.received, &cut.received);
	same_bytes(&whole.reason, &cut.reason);
	assert(whole.code == cut.code);
	finish(&whole);
	finish(&cut);
	return 0;
}
