/* A whole WebSocket conversation as a stream of bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/xmalloc.h"
#include "websocket/websocket.h"
#include "websocket/ws_frame.h"

struct fixture {
	struct websocket *websocket;
	struct buffer sent, received;
	int receptions; /* times told */
	int closed;     /* times told */
	int code;
	char *reason;
	bool close_inside; /* in the receive callback */
};

static void on_send(void *context, const void *bytes, size_t length)
{
	struct fixture *fixture = context;

	buffer_append(&fixture->sent, bytes, length);
}

static void on_receive(void *context, const uint8_t *bytes, size_t length)
{
	struct fixture *fixture = context;

	buffer_append(&fixture->received, bytes, length);
	fixture->receptions++;
	if (fixture->close_inside)
		websocket_close(fixture->websocket, 1011, "inside");
}

static void on_closed(void *context, int code, const char *reason)
{
	struct fixture *fixture = context;

	fixture->closed++;
	fixture->code = code;
	free(fixture->reason);
	fixture->reason = xstrdup(reason);
}

static const struct websocket_host host = { on_send, on_receive, on_closed };

static void forget(struct fixture *fixture)
{
	websocket_destroy(fixture->websocket);
	buffer_finish(&fixture->sent);
	buffer_finish(&fixture->received);
	free(fixture->reason);
	*fixture = (struct fixture){ 0 };
}

static void start(struct fixture *fixture)
{
	forget(fixture);
	fixture->websocket = websocket_create(&host, fixture);
}

static int set_up(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof(*fixture));

	start(fixture);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	forget(*state);
	free(*state);
	return 0;
}

static void receive(struct fixture *fixture, const void *bytes, size_t length)
{
	uint8_t *copy = xmalloc(length);

	memcpy(copy, bytes, length);
	websocket_receive(fixture->websocket, copy, length);
	free(copy);
}

/* Appends a client's frame. */
static void put_frame(
	struct buffer *buffer, int first, const void *payload, size_t length)
{
	static const uint8_t mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
	uint8_t header[WS_FRAME_MOST_HEADER];
	size_t count = ws_frame_write(header, WS_BINARY, length);
	uint8_t *copy = xmalloc(length);

	header[0] = (uint8_t)first;
	header[1] |= 0x80;
	buffer_append(buffer, header, count);
	buffer_append(buffer, mask, sizeof(mask));
	if (length > 0)
		memcpy(copy, payload, length);
	ws_frame_unmask(copy, copy, length, mask, 0);
	buffer_append(buffer, copy, length);
	free(copy);
}

static void receive_frame(
	struct fixture *fixture, int first, const void *payload, size_t length)
{
	struct buffer buffer = { 0 };

	put_frame(&buffer, first, payload, length);
	websocket_receive(fixture->websocket, buffer_bytes(&buffer),
		buffer_length(&buffer));
	buffer_finish(&buffer);
}

static void assert_bytes(
	struct buffer *buffer, const void *expected, size_t length)
{
	assert_int_equal(buffer_length(buffer), length);
	if (length > 0)
		assert_memory_equal(buffer_bytes(buffer), expected, length);
	buffer_clear(buffer);
}

static void assert_closed(struct fixture *fixture, int code)
{
	const uint8_t *bytes = buffer_bytes(&fixture->sent);

	assert_int_equal(fixture->closed, 1);
	assert_int_equal(fixture->code, code);
	assert_non_null(fixture->reason);
	assert_true(buffer_length(&fixture->sent) >= 4);
	assert_int_equal(bytes[0], 0x88);
	assert_int_equal(bytes[1], buffer_length(&fixture->sent) - 2);
	assert_int_equal(bytes[2] << 8 | bytes[3], code);
}

/* Section 5.7's examples, as far as a client may send them. */
static void test_rfc_examples(void **state)
{
	struct fixture *fixture = *state;

	/* "Hello" as a single masked frame, as binary for text. */
	receive(fixture, "\x82\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11);
	assert_bytes(&fixture->received, "Hello", 5);
	/* A masked Ping of "Hello" and its Pong. */
	receive(fixture, "\x89\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11);
	assert_bytes(&fixture->sent, "\x8a\x05Hello", 7);
	/* A Pong that nobody asked for says nothing. */
	receive(fixture, "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11);
	assert_bytes(&fixture->sent, "", 0);
	assert_int_equal(fixture->closed, 0);
	/* The text message itself. */
	receive(fixture, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11);
	assert_closed(fixture, WEBSOCKET_UNSUPPORTED);
	assert_bytes(&fixture->received, "", 0);
}

static void make_conversation(struct buffer *buffer, struct buffer *payload)
{
	static const size_t lengths[] = { 0, 1, 125, 126, 300, 70000 };
	uint8_t *bytes = xmalloc(70000);
	size_t i;

	for (i = 0; i < 70000; i++)
		bytes[i] = (uint8_t)(i * 31 >> 2);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		put_frame(buffer, 0x82, bytes, lengths[i]);
		buffer_append(payload, bytes, lengths[i]);
	}
	put_frame(buffer, 0x02, bytes, 9);
	put_frame(buffer, 0x89, "ping", 4);
	put_frame(buffer, 0x00, bytes + 9, 0);
	put_frame(buffer, 0x8a, "pong", 4);
	put_frame(buffer, 0x00, bytes + 9, 200);
	put_frame(buffer, 0x80, bytes + 209, 1);
	buffer_append(payload, bytes, 210);
	put_frame(buffer, 0x82, "end", 3);
	buffer_append(payload, "end", 3);
	put_frame(buffer, 0x88,
		"\x03\xe8"
		"bye",
		5);
	free(bytes);
}

static void check_conversation(struct fixture *fixture, struct buffer *payload)
{
	assert_bytes(&fixture->received, buffer_bytes(payload),
		buffer_length(payload));
	assert_bytes(&fixture->sent,
		"\x8a\x04ping\x88\x05\x03\xe8"
		"bye",
		13);
	assert_int_equal(fixture->closed, 1);
	assert_int_equal(fixture->code, 1000);
	assert_non_null(strstr(fixture->reason, "bye"));
}

static void test_pieces_of_every_length(void **state)
{
	struct fixture *fixture = *state;
	struct buffer buffer = { 0 }, payload = { 0 };
	size_t piece;

	make_conversation(&buffer, &payload);
	for (piece = 1; piece <= 40; piece++) {
		size_t at = 0, length = buffer_length(&buffer);

		start(fixture);
		while (at < length) {
			size_t count =
				length - at < piece ? length - at : piece;

			receive(fixture, buffer_bytes(&buffer) + at, count);
			at += count;
		}
		check_conversation(fixture, &payload);
	}
	buffer_finish(&buffer);
	buffer_finish(&payload);
}

static void test_cut_at_every_byte(void **state)
{
	struct fixture *fixture = *state;
	struct buffer buffer = { 0 };
	size_t cut, length;

	put_frame(&buffer, 0x02, "fragment one", 12);
	put_frame(&buffer, 0x89, "p", 1);
	put_frame(&buffer, 0x80, buffer_bytes(&buffer), 0);
	put_frame(&buffer, 0x82, "two", 3);
	put_frame(&buffer, 0x88, "\x0b\xb8", 2);
	length = buffer_length(&buffer);
	for (cut = 0; cut <= length; cut++) {
		start(fixture);
		receive(fixture, buffer_bytes(&buffer), cut);
		receive(fixture, buffer_bytes(&buffer) + cut, length - cut);
		assert_bytes(&fixture->received, "fragment onetwo", 15);
		assert_bytes(&fixture->sent, "\x8a\x01p\x88\x02\x0b\xb8", 7);
		assert_int_equal(fixture->code, 3000);
	}
	buffer_finish(&buffer);
}

static void receive_all(struct fixture *fixture, struct buffer *buffer)
{
	websocket_receive(fixture->websocket, buffer_bytes(buffer),
		buffer_length(buffer));
	buffer_finish(buffer);
}

/* Many small frames, as noVNC cuts what it sends, cost those above one call. */
static void test_frames_are_joined(void **state)
{
	struct fixture *fixture = *state;
	struct buffer buffer = { 0 }, payload = { 0 };
	uint8_t bytes[300];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (i = 0; i < sizeof(bytes); i++) {
		put_frame(&buffer, 0x82, bytes, i);
		buffer_append(&payload, bytes, i);
	}
	receive_all(fixture, &buffer);
	assert_int_equal(fixture->receptions, 1);
	assert_bytes(&fixture->received, buffer_bytes(&payload),
		buffer_length(&payload));
	buffer_finish(&payload);
}

/* What was said before something else has arrived before it has its effect. */
static void test_order_of_what_came_together(void **state)
{
	struct fixture *fixture = *state;
	struct buffer buffer = { 0 };

	put_frame(&buffer, 0x82, "one", 3);
	put_frame(&buffer, 0x89, "p", 1);
	put_frame(&buffer, 0x82, "two", 3);
	put_frame(&buffer, 0x81, "text", 4);
	put_frame(&buffer, 0x82, "three", 5);
	receive_all(fixture, &buffer);
	assert_int_equal(fixture->receptions, 2);
	assert_bytes(&fixture->received, "onetwo", 6);
	assert_memory_equal(buffer_bytes(&fixture->sent), "\x8a\x01p\x88", 4);
	assert_int_equal(fixture->code, WEBSOCKET_UNSUPPORTED);
}

/* A payload is handed on as it comes, however long its frame says it is. */
static void test_streams(void **state)
{
	struct fixture *fixture = *state;

	receive(fixture, "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0ab",
		16);
	assert_bytes(&fixture->received, "ab", 2);
	receive(fixture, "c", 1);
	assert_bytes(&fixture->received, "c", 1);
	assert_int_equal(fixture->closed, 0);
}

static void test_protocol_errors(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} cases[] = {
		{ "\x82\x05Hello", 7 },      /* no mask */
		{ "\xc2\x85mask.....", 11 }, /* RSV1, as compression sets it */
		{ "\xa2\x85mask.....", 11 }, { "\x92\x85mask.....", 11 },
		{ "\x83\x85mask.....", 11 }, { "\x8b\x85mask.....", 11 },
		{ "\x8f\x85mask.....", 11 },
		{ "\x09\x85mask.....", 11 }, /* a fragmented ping */
		{ "\x08\x82mask..", 8 },
		{ "\x89\xfe\x00\x7emask", 8 }, /* a long ping */
		{ "\x88\xff\x00\x00\x00\x00\x00\x01\x00\x00mask", 14 },
		{ "\x80\x81mask.", 7 }, /* a continuation of nothing */
		{ "\x00\x81mask.", 7 },
		{ "\x02\x81mask.\x82\x81mask.", 14 }, /* no end before next */
		{ "\x02\x81mask.\x02\x81mask.", 14 },
		{ "\x02\x80mask\x80\x80mask\x80\x80mask", 18 },
		{ "\x82\xfe\x00\x05mask.....", 13 },
		{ "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00mask", 14 },
		{ "\x88\x81\0\0\0\0\x03", 7 },     /* half a code */
		{ "\x88\x82\0\0\0\0\x03\xed", 8 }, /* 1005 */
		{ "\x88\x82\0\0\0\0\x03\xee", 8 }, /* 1006 */
		{ "\x88\x82\0\0\0\0\x03\xf7", 8 }, /* 1015 */
		{ "\x88\x82\0\0\0\0\x00\x00", 8 },
		{ "\x88\x82\0\0\0\0\x13\x88", 8 }, /* 5000 */
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture *fixture = *state;

		start(fixture);
		receive(fixture, cases[i].bytes, cases[i].length);
		assert_closed(fixture, WEBSOCKET_PROTOCOL_ERROR);
		/* Nothing behind a close is heard or said. */
		buffer_clear(&fixture->sent);
		buffer_clear(&fixture->received);
		receive_frame(fixture, 0x89, "x", 1);
		receive_frame(fixture, 0x82, "x", 1);
		websocket_send(fixture->websocket, "x", 1);
		websocket_tick(fixture->websocket);
		websocket_close(fixture->websocket, 1000, NULL);
		websocket_drained(fixture->websocket);
		assert_bytes(&fixture->sent, "", 0);
		assert_bytes(&fixture->received, "", 0);
		assert_int_equal(fixture->closed, 1);
	}
}

static void test_text_in_a_fragment(void **state)
{
	receive(*state, "\x01\x81mask.", 7);
	assert_closed(*state, WEBSOCKET_UNSUPPORTED);
}

static void test_close_reason_not_utf8(void **state)
{
	receive_frame(*state, 0x88, "\x03\xe8\xff", 3);
	assert_closed(*state, WEBSOCKET_INVALID_DATA);
}

static void test_close_without_code(void **state)
{
	struct fixture *fixture = *state;

	receive_frame(fixture, 0x88, NULL, 0);
	assert_bytes(&fixture->sent, "\x88\x00", 2);
	assert_int_equal(fixture->closed, 1);
	assert_int_equal(fixture->code, 1005);
}

/* Whoever tears the connection down hands on the code it was told: 1005 stands
 * for none, and must not be taken for ours. */
static void test_close_again_with_the_peers_code(void **state)
{
	struct fixture *fixture = *state;
	size_t sent;

	receive_frame(fixture, 0x88, NULL, 0);
	assert_int_equal(fixture->closed, 1);
	sent = buffer_length(&fixture->sent);
	websocket_close(fixture->websocket, fixture->code, "again");
	assert_int_equal(buffer_length(&fixture->sent), sent);
	assert_int_equal(fixture->closed, 1);
}

static void test_close_reason_is_printable(void **state)
{
	struct fixture *fixture = *state;

	receive_frame(fixture, 0x88,
		"\x0f\xa0"
		"a\x1b\nb",
		6);
	assert_int_equal(fixture->code, 4000);
	assert_non_null(strstr(fixture->reason, "a??b"));
}

static void test_own_close(void **state)
{
	struct fixture *fixture = *state;

	websocket_close(fixture->websocket, WEBSOCKET_SERVER_ERROR, "ende");
	assert_closed(fixture, WEBSOCKET_SERVER_ERROR);
	assert_string_equal(fixture->reason, "ende");
	receive_frame(fixture, 0x88, "\x03\xf3", 2);
	assert_int_equal(fixture->closed, 1);
	assert_int_equal(buffer_length(&fixture->sent), 8);
}

static void test_close_inside_receive(void **state)
{
	struct fixture *fixture = *state;
	struct buffer buffer = { 0 };

	fixture->close_inside = true;
	put_frame(&buffer, 0x82, "one", 3);
	put_frame(&buffer, 0x89, "p", 1);
	put_frame(&buffer, 0x82, "two", 3);
	receive(fixture, buffer_bytes(&buffer), buffer_length(&buffer));
	assert_bytes(&fixture->received, "one", 3);
	assert_closed(fixture, 1011);
	buffer_finish(&buffer);
}

static void test_send(void **state)
{
	struct fixture *fixture = *state;
	size_t length = (2 << 20) + 5;
	uint8_t *bytes = xcalloc(1, length), *sent;

	websocket_send(fixture->websocket, "", 0);
	assert_bytes(&fixture->sent, "", 0);
	websocket_send(fixture->websocket, "abc", 3);
	assert_bytes(&fixture->sent,
		"\x82\x03"
		"abc",
		5);
	websocket_send(fixture->websocket, bytes, 1400);
	assert_int_equal(buffer_length(&fixture->sent), 1404);
	buffer_clear(&fixture->sent);
	websocket_send(fixture->websocket, bytes, 1401);
	assert_int_equal(buffer_length(&fixture->sent), 1405);
	buffer_clear(&fixture->sent);
	/* One MiB still is one message. */
	websocket_send(fixture->websocket, bytes, 1 << 20);
	assert_int_equal(buffer_length(&fixture->sent), (1 << 20) + 10);
	assert_int_equal(buffer_bytes(&fixture->sent)[0], 0x82);
	buffer_clear(&fixture->sent);
	websocket_send(fixture->websocket, bytes, length);
	sent = buffer_bytes(&fixture->sent);
	assert_memory_equal(sent, "\x82\x7f\0\0\0\0\0\x10\0\0", 10);
	sent += 10 + (1 << 20);
	assert_memory_equal(sent, "\x82\x7f\0\0\0\0\0\x10\0\0", 10);
	sent += 10 + (1 << 20);
	assert_memory_equal(sent, "\x82\x05", 2);
	assert_int_equal(buffer_length(&fixture->sent), length + 22);
	free(bytes);
}

static void test_pings_while_busy(void **state)
{
	struct fixture *fixture = *state;

	websocket_set_busy(fixture->websocket, true);
	receive_frame(fixture, 0x89, "one", 3);
	receive_frame(fixture, 0x89, "two", 3);
	receive_frame(fixture, 0x89, "three", 5);
	assert_bytes(&fixture->sent, "", 0);
	websocket_drained(fixture->websocket);
	assert_bytes(&fixture->sent, "\x8a\x05three", 7);
	websocket_drained(fixture->websocket);
	assert_bytes(&fixture->sent, "", 0);
	receive_frame(fixture, 0x89, "four", 4);
	assert_bytes(&fixture->sent,
		"\x8a\x04"
		"four",
		6);
}

static void test_liveness(void **state)
{
	struct fixture *fixture = *state;
	int i;

	for (i = 0; i < 2; i++) {
		websocket_tick(fixture->websocket);
		websocket_tick(fixture->websocket);
		websocket_tick(fixture->websocket);
		assert_bytes(&fixture->sent, "\x89\x00\x89\x00\x89\x00", 6);
		/* Any byte will do, even a part of a header. */
		receive(fixture, i == 0 ? "\x82" : "\x81", 1);
	}
	/* While output waits, silence counts for nothing. */
	websocket_set_busy(fixture->websocket, true);
	for (i = 0; i < 10; i++)
		websocket_tick(fixture->websocket);
	assert_bytes(&fixture->sent, "", 0);
	websocket_drained(fixture->websocket);
	for (i = 0; i < 3; i++)
		websocket_tick(fixture->websocket);
	assert_int_equal(fixture->closed, 0);
	buffer_clear(&fixture->sent);
	websocket_tick(fixture->websocket);
	assert_closed(fixture, WEBSOCKET_GOING_AWAY);
}

#define WITH_FIXTURE(test)                                                     \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(test_rfc_examples),
		WITH_FIXTURE(test_pieces_of_every_length),
		WITH_FIXTURE(test_cut_at_every_byte),
		WITH_FIXTURE(test_frames_are_joined),
		WITH_FIXTURE(test_order_of_what_came_together),
		WITH_FIXTURE(test_streams),
		WITH_FIXTURE(test_protocol_errors),
		WITH_FIXTURE(test_text_in_a_fragment),
		WITH_FIXTURE(test_close_reason_not_utf8),
		WITH_FIXTURE(test_close_without_code),
		WITH_FIXTURE(test_close_again_with_the_peers_code),
		WITH_FIXTURE(test_close_reason_is_printable),
		WITH_FIXTURE(test_own_close),
		WITH_FIXTURE(test_close_inside_receive),
		WITH_FIXTURE(test_send),
		WITH_FIXTURE(test_pings_while_busy),
		WITH_FIXTURE(test_liveness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
