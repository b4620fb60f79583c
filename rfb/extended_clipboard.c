#include "rfb/extended_clipboard.h"

#include <zlib.h>

bool extended_clipboard_read_caps(uint32_t flags, struct reader *reader,
	struct extended_clipboard_caps *caps)
{
	int form;

	*caps = (struct extended_clipboard_caps){ .flags = flags };
	for (form = 0; form < EXTENDED_CLIPBOARD_FORMS; form++)
		if (flags & 1u << form)
			caps->sizes[form] = reader_u32(reader);
	return !reader->overrun;
}

void clipboard_parts_finish(struct clipboard_parts *parts)
{
	int form;

	for (form = 0; form < CLIPBOARD_FORMATS; form++)
		buffer_finish(&parts->part[form]);
	*parts = (struct clipboard_parts){ 0 };
}

/* Exactly `length` bytes, or false. */
static bool inflate_bytes(z_stream *stream, uint8_t *to, size_t length)
{
	int status = Z_OK;

	stream->next_out = to;
	stream->avail_out = (uInt)length;
	while (stream->avail_out > 0 && status == Z_OK)
		status = inflate(stream, Z_SYNC_FLUSH);
	return stream->avail_out == 0;
}

static bool inflate_form(
	z_stream *stream, int form, size_t most, struct clipboard_parts *parts)
{
	uint8_t head[4], *place;
	struct reader reader;
	uint32_t length;

	if (!inflate_bytes(stream, head, sizeof(head)))
		return false;
	reader_init(&reader, head, sizeof(head));
	length = reader_u32(&reader);
	if (length > most)
		return false;
	place = buffer_reserve(&parts->part[form], length > 0 ? length : 1);
	if (place == NULL || !inflate_bytes(stream, place, length))
		return false;
	buffer_commit(&parts->part[form], length);
	parts->forms |= CLIPBOARD_BIT(form);
	return true;
}

void extended_clipboard_inflate(uint32_t flags, const uint8_t *bytes,
	size_t length, size_t most, struct clipboard_parts *parts)
{
	z_stream stream = { .next_in = (Bytef *)bytes,
		.avail_in = (uInt)length };
	int form;

	if (inflateInit(&stream) != Z_OK)
		return;
	/* Forms that we do not know come behind these, in the order of their
	 * bits. */
	for (form = 0; form < CLIPBOARD_FORMATS; form++) {
		if (!(flags & CLIPBOARD_BIT(form)))
			continue;
		if (!inflate_form(&stream, form, most, parts))
			break;
	}
	inflateEnd(&stream);
}

void extended_clipboard_write_caps(struct buffer *to, uint32_t forms)
{
	int form;

	buffer_u32(to, EXTENDED_CLIPBOARD_CAPS | EXTENDED_CLIPBOARD_REQUEST |
			       EXTENDED_CLIPBOARD_PEEK |
			       EXTENDED_CLIPBOARD_NOTIFY |
			       EXTENDED_CLIPBOARD_PROVIDE | forms);
	/* Nothing unasked: else TigerVNC would send all that is copied. */
	for (form = 0; form < EXTENDED_CLIPBOARD_FORMS; form++)
		if (forms & 1u << form)
			buffer_u32(to, 0);
}

void extended_clipboard_write_action(struct buffer *to,
	enum extended_clipboard_action action, uint32_t forms)
{
	buffer_u32(to, (uint32_t)action | forms);
}

static bool deflate_bytes(z_stream *stream, const uint8_t *bytes, size_t length,
	int flush, struct buffer *to)
{
	size_t room = deflateBound(stream, length) + 64;
	uint8_t *place = buffer_reserve(to, room);
	int status;

	if (place == NULL)
		return false;
	stream->next_in = (Bytef *)bytes;
	stream->avail_in = (uInt)length;
	stream->next_out = place;
	stream->avail_out = (uInt)room;
	status = deflate(stream, flush);
	buffer_commit(to, room - stream->avail_out);
	return status == (flush == Z_FINISH ? Z_STREAM_END : Z_OK);
}

static bool deflate_parts(z_stream *stream, const struct clipboard_parts *parts,
	struct buffer *to)
{
	int form;

	for (form = 0; form < CLIPBOARD_FORMATS; form++) {
		const struct buffer *part = &parts->part[form];
		struct buffer head = { 0 };
		bool good;

		if (!(parts->forms & CLIPBOARD_BIT(form)))
			continue;
		buffer_u32(&head, (uint32_t)buffer_length(part));
		/* Nothing to flush is an error to zlib. */
		good = deflate_bytes(stream, buffer_bytes(&head), 4,
			       Z_SYNC_FLUSH, to) &&
		       (buffer_length(part) == 0 ||
			       deflate_bytes(stream, buffer_bytes(part),
				       buffer_length(part), Z_SYNC_FLUSH, to));
		buffer_finish(&head);
		if (!good)
			return false;
	}
	return deflate_bytes(stream, NULL, 0, Z_FINISH, to);
}

bool extended_clipboard_write_provide(
	struct buffer *to, const struct clipboard_parts *parts)
{
	z_stream stream = { 0 };
	bool good;

	buffer_u32(to, EXTENDED_CLIPBOARD_PROVIDE | parts->forms);
	/* Fast: this is on the loop thread. */
	if (deflateInit(&stream, Z_BEST_SPEED) != Z_OK)
		return false;
	good = deflate_parts(&stream, parts, to);
	deflateEnd(&stream);
	return good && !to->failed;
}
