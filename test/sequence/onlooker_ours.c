/* onlooker_ours.c - the decoder of our tests, behind a socket.
 *
 * That decoder wants whole messages, and only who decodes knows where they end.
 * So a fence is sent, and what comes before its answer is whole.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/random.h"
#include "base/rect.h"
#include "base/xmalloc.h"
#include "rfb/encoding_list.h"
#include "test/sequence/onlooker.h"
#include "test/unit/rfb_decoder.h"

enum {
	FENCE_BYTES = 24, /* of a fence of ours; a server's are shorter */
	FENCE_HEAD = 9,
	FENCE = 248,
	END_OF_CONTINUOUS = 150,
	READ_BYTES = 1 << 16,
	PATIENCE_MS = 60000,
};

struct onlooker {
	int fd;
	struct buffer read; /* not decoded yet */
	struct decoder decoder;
	struct canvas canvas;
	unsigned updates;
	bool pushed;
	uint8_t fence[FENCE_BYTES];
};

static bool fail(const char *why)
{
	fprintf(stderr, "our decoder: %s\n", why);
	return false;
}

static bool give(struct onlooker *onlooker, const void *bytes, size_t count)
{
	return send(onlooker->fd, bytes, count, MSG_NOSIGNAL) ==
		       (ssize_t)count ||
	       fail("the server hung up");
}

static bool give_buffer(struct onlooker *onlooker, struct buffer *message)
{
	bool good =
		give(onlooker, buffer_bytes(message), buffer_length(message));

	buffer_finish(message);
	return good;
}

/* More bytes, whatever they are. */
static bool read_more(struct onlooker *onlooker)
{
	struct pollfd waiting = { .fd = onlooker->fd, .events = POLLIN };
	uint8_t bytes[READ_BYTES];
	ssize_t got;

	if (poll(&waiting, 1, PATIENCE_MS) <= 0)
		return fail("nothing comes any more");
	got = recv(onlooker->fd, bytes, sizeof(bytes), 0);
	if (got <= 0)
		return fail("the server hung up");
	buffer_append(&onlooker->read, bytes, (size_t)got);
	return true;
}

static bool has_read(struct onlooker *onlooker, size_t count)
{
	while (buffer_length(&onlooker->read) < count)
		if (!read_more(onlooker))
			return false;
	return true;
}

/* ---- in ---- */

static bool log_in(struct onlooker *onlooker)
{
	struct reader reader;
	uint8_t types;
	uint32_t name;
	int width, height;

	if (!has_read(onlooker, 12) || !give(onlooker, "RFB 003.008\n", 12) ||
		!has_read(onlooker, 13))
		return false;
	types = buffer_bytes(&onlooker->read)[12];
	if (!has_read(onlooker, 13u + types) || !give(onlooker, "\1", 1))
		return false;
	buffer_consume(&onlooker->read, 13u + types);
	if (!has_read(onlooker, 4) || !give(onlooker, "\1", 1) ||
		!has_read(onlooker, 28))
		return false;
	reader_init(&reader, buffer_bytes(&onlooker->read), 28);
	if (reader_u32(&reader) != 0)
		return fail("it was not let in");
	width = reader_u16(&reader);
	height = reader_u16(&reader);
	reader_skip(&reader, PIXEL_FORMAT_BYTES);
	name = reader_u32(&reader);
	if (!has_read(onlooker, 28u + name))
		return false;
	buffer_consume(&onlooker->read, 28u + name);
	canvas_init(&onlooker->canvas, width, height);
	return true;
}

static int32_t number_of(const char *encoding)
{
	static const struct {
		const char *name;
		int32_t number;
	} known[] = {
		{ "raw", ENCODING_RAW },
		{ "rre", ENCODING_RRE },
		{ "corre", ENCODING_CORRE },
		{ "hextile", ENCODING_HEXTILE },
		{ "zlib", ENCODING_ZLIB },
		{ "tight", ENCODING_TIGHT },
		{ "tightpng", ENCODING_TIGHT_PNG },
		{ "trle", ENCODING_TRLE },
		{ "zrle", ENCODING_ZRLE },
		{ "jpeg", ENCODING_JPEG },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, encoding) == 0)
			return known[i].number;
	fprintf(stderr, "no encoding %s\n", encoding);
	exit(2);
}

static bool say_wishes(
	struct onlooker *onlooker, const struct onlooker_wish *wish)
{
	struct buffer message = { 0 };
	int32_t numbers[8];
	uint16_t count = 0;

	if (wish->copies)
		numbers[count++] = ENCODING_COPYRECT;
	numbers[count++] = number_of(wish->encoding);
	numbers[count++] = ENCODING_CURSOR;
	numbers[count++] = ENCODING_FENCE;
	numbers[count++] = ENCODING_COMPRESS_LOWEST + 2;
	if (wish->pushed)
		numbers[count++] = ENCODING_CONTINUOUS_UPDATES;
	if (wish->quality >= 0)
		numbers[count++] = ENCODING_QUALITY_LOWEST + wish->quality;
	buffer_u32(&message, 0); /* SetPixelFormat */
	pixel_format_write(&wish->format, &message);
	buffer_u16(&message, 2 << 8); /* SetEncodings */
	buffer_u16(&message, count);
	for (int i = 0; i < count; i++)
		buffer_u32(&message, (uint32_t)numbers[i]);
	return give_buffer(onlooker, &message);
}

/* An area of the whole picture: a request, or ContinuousUpdates on. */
static bool say_area(struct onlooker *onlooker, uint8_t type, uint8_t flag)
{
	struct buffer message = { 0 };

	buffer_u8(&message, type);
	buffer_u8(&message, flag);
	buffer_u32(&message, 0);
	buffer_u16(&message, (uint16_t)onlooker->canvas.width);
	buffer_u16(&message, (uint16_t)onlooker->canvas.height);
	return give_buffer(onlooker, &message);
}

static bool request(struct onlooker *onlooker, bool incremental)
{
	return say_area(onlooker, 3, incremental);
}

static void close_onlooker(struct onlooker *onlooker)
{
	if (onlooker->fd >= 0)
		close(onlooker->fd);
	buffer_finish(&onlooker->read);
	decoder_finish(&onlooker->decoder);
	canvas_finish(&onlooker->canvas);
	free(onlooker);
}

static struct onlooker *open_onlooker(
	int port, const struct onlooker_wish *wish)
{
	struct onlooker *onlooker = xcalloc(1, sizeof(*onlooker));
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	decoder_init(&onlooker->decoder, &wish->format);
	onlooker->pushed = wish->pushed;
	onlooker->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(onlooker->fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
		log_in(onlooker) && say_wishes(onlooker, wish) &&
		request(onlooker, false))
		return onlooker;
	close_onlooker(onlooker);
	return NULL;
}

/* ---- what the server says ---- */

static bool copy(struct onlooker *onlooker, struct rect to, int x, int y)
{
	struct canvas *canvas = &onlooker->canvas;
	struct rect all = { 0, 0, canvas->width, canvas->height };
	struct rect from = { x, y, to.width, to.height };
	int step = y < to.y ? -1 : 1, row = step > 0 ? 0 : to.height - 1;

	if (!rect_equal(rect_intersect(from, all), from) ||
		!rect_equal(rect_intersect(to, all), to))
		return fail("a copy from or to outside");
	for (; row >= 0 && row < to.height; row += step) {
		size_t source = (size_t)(y + row) * (size_t)all.width;
		size_t target = (size_t)(to.y + row) * (size_t)all.width;

		memmove(canvas->values + target + to.x,
			canvas->values + source + x, (size_t)to.width * 4);
		memmove(canvas->lossy + target + to.x,
			canvas->lossy + source + x, (size_t)to.width);
	}
	return true;
}

static bool read_rect(struct onlooker *onlooker, struct reader *reader)
{
	struct reader ahead = *reader;
	struct rect rect;
	int32_t encoding;

	rect.x = reader_u16(&ahead);
	rect.y = reader_u16(&ahead);
	rect.width = reader_u16(&ahead);
	rect.height = reader_u16(&ahead);
	encoding = reader_s32(&ahead);
	if (encoding == ENCODING_COPYRECT) {
		int x = reader_u16(&ahead), y = reader_u16(&ahead);

		*reader = ahead;
		return copy(onlooker, rect, x, y);
	}
	if (encoding == ENCODING_CURSOR) {
		size_t pixels = (size_t)rect.width * (size_t)rect.height;

		*reader = ahead;
		reader_skip(reader,
			pixels * onlooker->decoder.format.bits_per_pixel / 8 +
				(size_t)((rect.width + 7) / 8 * rect.height));
		return true;
	}
	return decoder_rect(&onlooker->decoder, reader, &onlooker->canvas) ||
	       fail(onlooker->decoder.why);
}

static bool read_update(struct onlooker *onlooker, struct reader *reader)
{
	unsigned count;

	reader_skip(reader, 1);
	count = reader_u16(reader);
	for (unsigned i = 0; i < count && !reader->overrun; i++)
		if (!read_rect(onlooker, reader))
			return false;
	onlooker->updates++;
	return onlooker->pushed || request(onlooker, true);
}

/* The server's are answered, ours are only met again. */
static bool read_fence(struct onlooker *onlooker, struct reader *reader)
{
	struct buffer answer = { 0 };
	const uint8_t *payload;
	uint32_t flags;
	uint8_t length;

	reader_skip(reader, 3);
	flags = reader_u32(reader);
	length = reader_u8(reader);
	payload = reader_take(reader, length);
	if (!(flags & 0x80000000u) || payload == NULL)
		return true;
	buffer_u8(&answer, FENCE);
	buffer_append(&answer, "\0\0\0", 3);
	buffer_u32(&answer, flags & 3);
	buffer_u8(&answer, length);
	buffer_append(&answer, payload, length);
	return give_buffer(onlooker, &answer);
}

static bool read_message(struct onlooker *onlooker, struct reader *reader)
{
	switch (reader_u8(reader)) {
	case 0:
		return read_update(onlooker, reader);
	case 1: /* the colour map that the decoder knows */
		reader_skip(reader, 3);
		reader_skip(reader, reader_u16(reader) * 6u);
		return true;
	case 2: /* a bell */
		return true;
	case 3:
		reader_skip(reader, 3);
		reader_skip(reader, reader_u32(reader));
		return true;
	case FENCE:
		return read_fence(onlooker, reader);
	case END_OF_CONTINUOUS:
		return say_area(onlooker, END_OF_CONTINUOUS, 1);
	}
	return fail("a message nobody knows");
}

/* The end of the answer to our fence, or 0. */
static size_t find_fence(const struct onlooker *onlooker, size_t from)
{
	const uint8_t *bytes = buffer_bytes(&onlooker->read);
	size_t length = buffer_length(&onlooker->read);
	const uint8_t *found;

	if (length < from + FENCE_BYTES)
		return 0;
	found = memmem(
		bytes + from, length - from, onlooker->fence, FENCE_BYTES);
	return found == NULL ? 0 : (size_t)(found - bytes) + FENCE_BYTES;
}

/* Until what has come ends where a message does. */
static bool read_whole(struct onlooker *onlooker, size_t *whole)
{
	uint8_t message[FENCE_HEAD + FENCE_BYTES] = { FENCE };
	size_t looked = 0;

	random_bytes(onlooker->fence, FENCE_BYTES);
	message[4] = 0x80;
	message[8] = FENCE_BYTES;
	memcpy(message + FENCE_HEAD, onlooker->fence, FENCE_BYTES);
	if (!give(onlooker, message, sizeof(message)))
		return false;
	while ((*whole = find_fence(onlooker, looked)) == 0) {
		size_t length = buffer_length(&onlooker->read);

		looked = length > FENCE_BYTES ? length - FENCE_BYTES : 0;
		if (!read_more(onlooker))
			return false;
	}
	return true;
}

static bool pump(struct onlooker *onlooker, unsigned wait_us)
{
	struct pollfd waiting = { .fd = onlooker->fd, .events = POLLIN };
	struct reader reader;
	size_t whole;

	if (buffer_length(&onlooker->read) == 0 &&
		poll(&waiting, 1, (int)(wait_us / 1000)) <= 0)
		return true;
	if (!read_whole(onlooker, &whole))
		return false;
	reader_init(&reader, buffer_bytes(&onlooker->read), whole);
	while (reader_left(&reader) > 0 && !reader.overrun)
		if (!read_message(onlooker, &reader))
			return false;
	if (reader.overrun)
		return fail("a message is shorter than it says");
	buffer_consume(&onlooker->read, whole);
	return true;
}

static unsigned updates(const struct onlooker *onlooker)
{
	return onlooker->updates;
}

static uint32_t value(const struct onlooker *onlooker, int x, int y)
{
	return onlooker->canvas.values[y * onlooker->canvas.width + x];
}

const struct onlooker_kind onlooker_ours = {
	.name = "our decoder",
	.open = open_onlooker,
	.close = close_onlooker,
	.pump = pump,
	.updates = updates,
	.value = value,
};
