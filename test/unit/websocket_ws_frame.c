/* Frame headers and masks, the close payload. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/xmalloc.h"
#include "websocket/ws_close.h"
#include "websocket/ws_frame.h"

static enum parse_result parse(
	const void *bytes, size_t length, struct ws_frame *frame)
{
	uint8_t *copy = xmalloc(length);
	enum parse_result result;

	memcpy(copy, bytes, length);
	result = ws_frame_parse(copy, length, frame);
	free(copy);
	return result;
}

static const struct {
	const char *bytes;
	size_t length;
	uint64_t payload;
} whole_headers[] = {
	{ "\x82\x80mask", 6, 0 },
	{ "\x82\xfdmask", 6, 125 },
	{ "\x82\xfe\x00\x7emask", 8, 126 },
	{ "\x82\xfe\xff\xffmask", 8, 65535 },
	{ "\x82\xff\x00\x00\x00\x00\x00\x01\x00\x00mask", 14, 65536 },
	{ "\x02\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask", 14, INT64_MAX },
	{ "\x88\xfdmask", 6, 125 },
	{ "\x89\x80mask", 6, 0 },
	{ "\x8a\x81mask", 6, 1 },
	{ "\x00\x81mask", 6, 1 },
	{ "\x81\x81mask", 6, 1 },
};

static void test_every_prefix_waits(void **state)
{
	size_t i, cut;

	(void)state;
	for (i = 0; i < sizeof(whole_headers) / sizeof(whole_headers[0]); i++) {
		const char *bytes = whole_headers[i].bytes;
		struct ws_frame frame;

		for (cut = 0; cut < whole_headers[i].length; cut++)
			assert_int_equal(parse(bytes, cut, &frame), PARSE_MORE);
		assert_int_equal(parse(bytes, whole_headers[i].length, &frame),
			PARSE_DONE);
		assert_int_equal(frame.header_length, whole_headers[i].length);
		assert_int_equal(frame.length, whole_headers[i].payload);
		assert_int_equal(frame.opcode, bytes[0] & 15);
		assert_int_equal(frame.final, (bytes[0] & 0x80) != 0);
		assert_memory_equal(frame.mask, "mask", 4);
	}
}

/* Every first byte and every second byte, by the rules of section 5.2. */
static void test_first_two_bytes(void **state)
{
	int first, second;

	(void)state;
	for (first = 0; first < 256; first++) {
		int opcode = first & 15;
		bool known = opcode <= 2 || (opcode >= 8 && opcode <= 10);
		bool control = opcode >= 8;
		bool fine = known && !(first & 0x70) &&
			    (!control || (first & 0x80));

		for (second = 0; second < 256; second++) {
			uint8_t bytes[2] = { (uint8_t)first, (uint8_t)second };
			bool good = fine && (second & 0x80) &&
				    (!control || (second & 0x7f) <= 125);
			struct ws_frame frame;

			assert_int_equal(parse(bytes, 1, &frame),
				fine ? PARSE_MORE : PARSE_BAD);
			assert_int_equal(parse(bytes, 2, &frame),
				good ? PARSE_MORE : PARSE_BAD);
			if (!good)
				assert_non_null(frame.problem);
		}
	}
}

static void test_bad_lengths(void **state)
{
	static const struct {
		const char *bytes;
		size_t shows; /* with this many bytes */
	} cases[] = {
		{ "\x82\xfe\x00\x00", 4 },
		{ "\x82\xfe\x00\x7d", 4 },
		{ "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00", 3 },
		{ "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff", 3 },
		{ "\x82\xff\x00\x00\x00\x00\x00\x00\x00\x00", 10 },
		{ "\x82\xff\x00\x00\x00\x00\x00\x00\x00\x7e", 10 },
		{ "\x82\xff\x00\x00\x00\x00\x00\x00\xff\xff", 10 },
	};
	struct ws_frame frame;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
			parse(cases[i].bytes, cases[i].shows - 1, &frame),
			PARSE_MORE);
		assert_int_equal(parse(cases[i].bytes, cases[i].shows, &frame),
			PARSE_BAD);
	}
}

static void assert_header(uint64_t length, const char *bytes, size_t count)
{
	uint8_t header[WS_FRAME_MOST_HEADER];

	assert_int_equal(ws_frame_write(header, WS_BINARY, length), count);
	assert_memory_equal(header, bytes, count);
}

static void test_write(void **state)
{
	uint8_t header[WS_FRAME_MOST_HEADER];

	(void)state;
	assert_header(0, "\x82\x00", 2);
	assert_header(125, "\x82\x7d", 2);
	assert_header(126, "\x82\x7e\x00\x7e", 4);
	assert_header(65535, "\x82\x7e\xff\xff", 4);
	assert_header(65536, "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10);
	assert_int_equal(ws_frame_write(header, WS_PING, 1), 2);
	assert_memory_equal(header, "\x89\x01", 2);
}

static void test_unmask(void **state)
{
	static const uint8_t mask[4] = { 0x11, 0x22, 0x44, 0x88 };
	uint8_t bytes[64], *copy;
	size_t i, offset, length;

	(void)state;
	for (length = 0; length <= sizeof(bytes); length++)
		for (offset = 0; offset < 9; offset++) {
			copy = xmalloc(length);
			for (i = 0; i < length; i++)
				copy[i] = (uint8_t)i;
			ws_frame_unmask(copy, copy, length, mask, offset);
			for (i = 0; i < length; i++)
				assert_int_equal(copy[i],
					(uint8_t)i ^ mask[(offset + i) % 4]);
			free(copy);
		}
}

/* To where it begins before. */
static void test_unmask_moves(void **state)
{
	static const uint8_t mask[4] = { 0x11, 0x22, 0x44, 0x88 };
	uint8_t bytes[200];
	size_t i, gap, length = 150;

	(void)state;
	for (gap = 0; gap <= 50; gap++) {
		for (i = 0; i < length; i++)
			bytes[gap + i] = (uint8_t)i;
		ws_frame_unmask(bytes, bytes + gap, length, mask, 3);
		for (i = 0; i < length; i++)
			assert_int_equal(
				bytes[i], (uint8_t)i ^ mask[(3 + i) % 4]);
	}
}

static void test_close_codes(void **state)
{
	int code;

	(void)state;
	for (code = 0; code < 65536; code++) {
		uint8_t payload[2] = { (uint8_t)(code >> 8), (uint8_t)code };
		struct ws_close parsed;
		const char *problem;
		int answer;
		bool fine = (code >= 1000 && code <= 1003) ||
			    (code >= 1007 && code <= 1011) ||
			    (code >= 3000 && code <= 4999);

		assert_int_equal(
			ws_close_parse(payload, 2, &parsed, &answer, &problem),
			fine);
		if (fine)
			assert_int_equal(parsed.code, code);
		else
			assert_int_equal(answer, 1002);
	}
}

static void test_close_reasons(void **state)
{
	uint8_t payload[WS_FRAME_MOST_CONTROL] = { 0 };
	struct ws_close parsed;
	const char *problem;
	char reason[200];
	int answer;

	(void)state;
	assert_true(ws_close_parse(payload, 0, &parsed, &answer, &problem));
	assert_int_equal(parsed.code, WS_CLOSE_NO_CODE);
	payload[0] = 3;
	assert_false(ws_close_parse(payload, 1, &parsed, &answer, &problem));
	assert_int_equal(answer, 1002);
	memcpy(payload, "\x03\xe8\xc3\x28", 4);
	assert_false(ws_close_parse(payload, 4, &parsed, &answer, &problem));
	assert_int_equal(answer, 1007);

	assert_int_equal(ws_close_write(payload, 1000, NULL), 2);
	assert_memory_equal(payload, "\x03\xe8", 2);
	assert_int_equal(ws_close_write(payload, 1011, "bye"), 5);
	assert_memory_equal(payload,
		"\x03\xf3"
		"bye",
		5);
	assert_int_equal(ws_close_write(payload, 1011, "\xff"), 2);
	/* Cut to 123 bytes, but not inside a character of two. */
	memset(reason, 'x', sizeof(reason));
	reason[sizeof(reason) - 1] = '\0';
	assert_int_equal(ws_close_write(payload, 1011, reason), 125);
	memcpy(reason + 122, "\xc3\xbc", 2);
	assert_int_equal(ws_close_write(payload, 1011, reason), 124);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_prefix_waits),
		cmocka_unit_test(test_first_two_bytes),
		cmocka_unit_test(test_bad_lengths),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_unmask),
		cmocka_unit_test(test_unmask_moves),
		cmocka_unit_test(test_close_codes),
		cmocka_unit_test(test_close_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
