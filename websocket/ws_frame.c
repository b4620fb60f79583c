#include "websocket/ws_frame.h"

#include <string.h>

#include "base/reader.h"

enum {
	FINAL = 0x80,
	RESERVED = 0x70,
	OPCODE = 0x0f,
	MASKED = 0x80,
	LENGTH = 0x7f,
	LENGTH_16 = 126,
	LENGTH_64 = 127,
};

static enum parse_result bad(struct ws_frame *frame, const char *problem)
{
	frame->problem = problem;
	return PARSE_BAD;
}

static enum parse_result check_first(uint8_t first, struct ws_frame *frame)
{
	frame->final = (first & FINAL) != 0;
	frame->opcode = (enum ws_opcode)(first & OPCODE);
	if (first & RESERVED)
		return bad(frame, "a reserved bit is set");
	if (frame->opcode > WS_PONG ||
		(frame->opcode > WS_BINARY && frame->opcode < WS_CLOSE))
		return bad(frame, "a reserved opcode");
	if (ws_frame_is_control(frame->opcode) && !frame->final)
		return bad(frame, "a fragmented control frame");
	return PARSE_DONE;
}

static enum parse_result check_second(uint8_t second, struct ws_frame *frame)
{
	if (!(second & MASKED))
		return bad(frame, "a frame without a mask");
	frame->length = second & LENGTH;
	if (ws_frame_is_control(frame->opcode) &&
		frame->length > WS_FRAME_MOST_CONTROL)
		return bad(frame, "a control frame over 125 bytes");
	return PARSE_DONE;
}

static enum parse_result read_length(
	struct reader *reader, struct ws_frame *frame)
{
	uint8_t bits = (uint8_t)frame->length;
	uint64_t high;

	if (bits < LENGTH_16)
		return PARSE_DONE;
	if (bits == LENGTH_64 && reader_left(reader) > 0 &&
		(reader->bytes[reader->position] & 0x80))
		return bad(frame, "a frame of 2^63 bytes or more");
	if (bits == LENGTH_16) {
		frame->length = reader_u16(reader);
	} else {
		high = reader_u32(reader);
		frame->length = high << 32 | reader_u32(reader);
	}
	if (reader->overrun)
		return PARSE_MORE;
	if (frame->length < LENGTH_16 ||
		(bits == LENGTH_64 && frame->length <= UINT16_MAX))
		return bad(frame, "a length that is not in its short form");
	return PARSE_DONE;
}

enum parse_result ws_frame_parse(
	const uint8_t *bytes, size_t length, struct ws_frame *frame)
{
	struct reader reader;
	enum parse_result result;
	const uint8_t *mask;

	*frame = (struct ws_frame){ 0 };
	reader_init(&reader, bytes, length);
	if (length < 1)
		return PARSE_MORE;
	result = check_first(reader_u8(&reader), frame);
	if (result != PARSE_DONE || length < 2)
		return result == PARSE_DONE ? PARSE_MORE : result;
	result = check_second(reader_u8(&reader), frame);
	if (result == PARSE_DONE)
		result = read_length(&reader, frame);
	if (result != PARSE_DONE)
		return result;
	mask = reader_take(&reader, sizeof(frame->mask));
	if (mask == NULL)
		return PARSE_MORE;
	memcpy(frame->mask, mask, sizeof(frame->mask));
	frame->header_length = reader.position;
	return PARSE_DONE;
}

size_t ws_frame_write(uint8_t header[WS_FRAME_MOST_HEADER],
	enum ws_opcode opcode, uint64_t length)
{
	size_t extra = length < LENGTH_16 ? 0 : length <= UINT16_MAX ? 2 : 8, i;

	header[0] = (uint8_t)(FINAL | (uint8_t)opcode);
	header[1] = (uint8_t)(extra == 0   ? length
			      : extra == 2 ? (uint64_t)LENGTH_16
					   : (uint64_t)LENGTH_64);
	for (i = 0; i < extra; i++)
		header[2 + i] = (uint8_t)(length >> (8 * (extra - 1 - i)));
	return 2 + extra;
}

void ws_frame_unmask(uint8_t *to, const uint8_t *bytes, size_t length,
	const uint8_t mask[4], uint64_t offset)
{
	uint64_t words[4], wide;
	uint8_t turned[8];
	size_t i, j;

	for (i = 0; i < sizeof(turned); i++)
		turned[i] = mask[(offset + i) & 3];
	memcpy(&wide, turned, sizeof(wide));
	for (i = 0; length - i >= sizeof(words); i += sizeof(words)) {
		memcpy(words, bytes + i, sizeof(words));
		for (j = 0; j < sizeof(words) / sizeof(wide); j++)
			words[j] ^= wide;
		memcpy(to + i, words, sizeof(words));
	}
	for (; i < length; i++)
		to[i] = bytes[i] ^ turned[i & 7];
}
