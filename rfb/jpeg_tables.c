#include "rfb/jpeg_tables.h"

#include <string.h>

enum marker {
	MARKER_HUFFMAN = 0xc4,
	MARKER_SCAN = 0xda, /* compressed data follow */
	MARKER_QUANTIZATION = 0xdb,
	FIRST_SEGMENT = 2, /* behind the marker of the image's start */
};

/* The segment's bytes with its marker; 0 where no more tables can come. */
static size_t segment_length(const uint8_t *bytes, size_t left)
{
	size_t length;

	if (left < 4 || bytes[0] != 0xff || bytes[1] == MARKER_SCAN)
		return 0;
	length = 2 + ((size_t)bytes[2] << 8 | bytes[3]);
	return length <= left ? length : 0;
}

/* Its place in jpeg_tables, or -1 where it is no table. */
static int kind_of(const uint8_t *segment)
{
	if (segment[1] == MARKER_QUANTIZATION)
		return 0;
	return segment[1] == MARKER_HUFFMAN ? 1 : -1;
}

/* False where there are more than can be remembered. */
static bool collect(
	struct jpeg_tables *found, const uint8_t *jpeg, size_t length)
{
	size_t at = FIRST_SEGMENT, count;

	found->kinds[0].length = found->kinds[1].length = 0;
	for (; (count = segment_length(jpeg + at, length - at)) > 0;
		at += count) {
		int kind = kind_of(jpeg + at);
		size_t have = kind < 0 ? 0 : found->kinds[kind].length;

		if (kind < 0)
			continue;
		if (count > JPEG_TABLES_MOST - have)
			return false;
		memcpy(found->kinds[kind].bytes + have, jpeg + at, count);
		found->kinds[kind].length = have + count;
	}
	return true;
}

static bool is_known(const struct jpeg_tables *tables,
	const struct jpeg_tables *found, int kind)
{
	size_t length = found->kinds[kind].length;

	return length > 0 && length == tables->kinds[kind].length &&
	       memcmp(found->kinds[kind].bytes, tables->kinds[kind].bytes,
		       length) == 0;
}

/* Closes the gaps; returns the length that is left. */
static size_t cut(uint8_t *jpeg, size_t length, const bool *omitted)
{
	size_t from = FIRST_SEGMENT, to = FIRST_SEGMENT, count;

	for (; (count = segment_length(jpeg + from, length - from)) > 0;
		from += count) {
		int kind = kind_of(jpeg + from);

		if (kind >= 0 && omitted[kind])
			continue;
		memmove(jpeg + to, jpeg + from, count);
		to += count;
	}
	memmove(jpeg + to, jpeg + from, length - from);
	return to + (length - from);
}

void jpeg_tables_omit(
	struct jpeg_tables *tables, struct buffer *to, size_t offset)
{
	size_t length = buffer_length(to) - offset;
	uint8_t *jpeg = buffer_bytes(to) + offset;
	bool omitted[JPEG_TABLE_KINDS];
	struct jpeg_tables found;

	if (to->failed || length < FIRST_SEGMENT)
		return;
	if (!collect(&found, jpeg, length)) {
		*tables = (struct jpeg_tables){ 0 };
		return;
	}
	for (int kind = 0; kind < JPEG_TABLE_KINDS; kind++) {
		omitted[kind] = is_known(tables, &found, kind);
		if (found.kinds[kind].length > 0)
			tables->kinds[kind] = found.kinds[kind];
	}
	buffer_truncate(to, offset + cut(jpeg, length, omitted));
}
