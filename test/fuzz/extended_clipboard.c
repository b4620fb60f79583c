/* The body of an Extended Clipboard message, and every form in it, there and
 * back. The first byte of the input tells how: a stream that was packed by
 * others, or bytes that are packed here, so that the fuzzer sees behind zlib.
 */
#include <assert.h>
#include <string.h>

#include <zlib.h>

#include "base/text.h"
#include "rfb/clipboard_form.h"
#include "rfb/extended_clipboard.h"

enum { MOST_BYTES = 1 << 16, PACKED_BYTES = 1 << 17 };

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static void check_form(enum clipboard_format format, const struct buffer *part)
{
	struct buffer here = { 0 }, wire = { 0 };

	if (clipboard_form_from_wire(
		    format, buffer_bytes(part), buffer_length(part), &here)) {
		/* BMP has 14 bytes more, repaired text up to three times as
		 * many. */
		assert(buffer_length(&here) <= buffer_length(part) * 3 + 14);
		if (format == CLIPBOARD_TEXT && buffer_length(&here) > 0)
			assert(text_is_utf8((char *)buffer_bytes(&here),
				buffer_length(&here)));
		clipboard_form_to_wire(format, buffer_bytes(&here),
			buffer_length(&here), &wire);
	} else {
		assert(buffer_length(&here) == 0);
	}
	clipboard_form_to_wire(
		format, buffer_bytes(part), buffer_length(part), &wire);
	buffer_finish(&here);
	buffer_finish(&wire);
}

/* What is written is read again. */
static void check_provide(const struct clipboard_parts *parts)
{
	struct clipboard_parts again = { 0 };
	struct buffer body = { 0 };
	int form;

	assert(extended_clipboard_write_provide(&body, parts));
	extended_clipboard_inflate(EXTENDED_CLIPBOARD_PROVIDE | parts->forms,
		buffer_bytes(&body) + 4, buffer_length(&body) - 4, MOST_BYTES,
		&again);
	assert(again.forms == parts->forms);
	for (form = 0; form < CLIPBOARD_FORMATS; form++)
		if (parts->forms & CLIPBOARD_BIT(form))
			assert(buffer_length(&again.part[form]) ==
				buffer_length(&parts->part[form]));
	clipboard_parts_finish(&again);
	buffer_finish(&body);
}

static void check_stream(uint32_t flags, const uint8_t *bytes, size_t length)
{
	struct clipboard_parts parts = { 0 };
	int form;

	extended_clipboard_inflate(flags, bytes, length, MOST_BYTES, &parts);
	assert((parts.forms & ~flags) == 0);
	for (form = 0; form < CLIPBOARD_FORMATS; form++) {
		assert(buffer_length(&parts.part[form]) <= MOST_BYTES);
		if (parts.forms & CLIPBOARD_BIT(form))
			check_form(form, &parts.part[form]);
	}
	check_provide(&parts);
	clipboard_parts_finish(&parts);
}

static void check_caps(uint32_t flags, const uint8_t *bytes, size_t length)
{
	struct extended_clipboard_caps caps;
	struct reader reader;

	reader_init(&reader, bytes, length);
	if (extended_clipboard_read_caps(flags, &reader, &caps))
		assert(caps.flags == flags);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	static uint8_t packed[PACKED_BYTES];
	uLongf packed_length = sizeof(packed);
	struct reader reader;
	uint32_t flags;

	if (length < 5 || length > MOST_BYTES)
		return 0;
	reader_init(&reader, input + 1, 4);
	flags = reader_u32(&reader);
	check_caps(flags, input + 5, length - 5);
	if (input[0] & 1) {
		compress(packed, &packed_length, input + 5, length - 5);
		/* Perhaps without its end. */
		check_stream(flags, packed, packed_length - input[0] / 2 % 8);
	} else {
		check_stream(flags, input + 5, length - 5);
	}
	return 0;
}
