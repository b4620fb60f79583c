#include "rfb/clipboard_form.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* ---- text ---- */

static bool text_to_wire(const uint8_t *bytes, size_t length, struct buffer *to)
{
	const uint8_t *end = bytes + length, *line;

	while (bytes < end) {
		line = memchr(bytes, '\n', (size_t)(end - bytes));
		if (line == NULL)
			break;
		buffer_append(to, bytes, (size_t)(line - bytes));
		buffer_append(to, "\r\n", 2);
		bytes = line + 1;
	}
	buffer_append(to, bytes, (size_t)(end - bytes));
	buffer_u8(to, '\0');
	return true;
}

static bool text_from_wire(
	const uint8_t *bytes, size_t length, struct buffer *to)
{
	char *text = text_from_stranger(bytes, length, &length);

	buffer_append(to, text, length);
	free(text);
	return true;
}

/* ---- RTF: the same, but for a NUL at its end ---- */

static bool rtf_to_wire(const uint8_t *bytes, size_t length, struct buffer *to)
{
	buffer_append(to, bytes, length);
	buffer_u8(to, '\0');
	return true;
}

static bool rtf_from_wire(
	const uint8_t *bytes, size_t length, struct buffer *to)
{
	const uint8_t *nul = length > 0 ? memchr(bytes, '\0', length) : NULL;

	buffer_append(to, bytes, nul != NULL ? (size_t)(nul - bytes) : length);
	return true;
}

/* ---- HTML: a head of offsets in decimal, then a document in which comments
 * mark the part that was copied ---- */

#define HTML_HEAD                                                              \
	"Version:0.9\r\n"                                                      \
	"StartHTML:%010zu\r\nEndHTML:%010zu\r\n"                               \
	"StartFragment:%010zu\r\nEndFragment:%010zu\r\n"
#define HTML_BEGIN "<html><body>\r\n<!--StartFragment-->"
#define HTML_END "<!--EndFragment-->\r\n</body></html>"
/* As long as the format with the numbers in, each 10 digits for 6. */
enum { HTML_HEAD_BYTES = sizeof(HTML_HEAD) - 1 + 4 * (10 - 6) };

static bool html_to_wire(const uint8_t *bytes, size_t length, struct buffer *to)
{
	size_t html = HTML_HEAD_BYTES;
	size_t fragment = html + sizeof(HTML_BEGIN) - 1;
	size_t end = fragment + length;

	buffer_printf(
		to, HTML_HEAD, html, end + sizeof(HTML_END) - 1, fragment, end);
	buffer_text(to, HTML_BEGIN);
	buffer_append(to, bytes, length);
	buffer_text(to, HTML_END);
	buffer_u8(to, '\0');
	return true;
}

/* The number behind `name` in the head, at most `most`. */
static bool find_offset(const uint8_t *bytes, size_t length, const char *name,
	size_t most, size_t *offset)
{
	size_t head = length < 512 ? length : 512;
	const uint8_t *at = memmem(bytes, head, name, strlen(name));
	const uint8_t *end = bytes + head;

	if (at == NULL)
		return false;
	*offset = 0;
	for (at += strlen(name); at < end && *at >= '0' && *at <= '9'; at++) {
		*offset = *offset * 10 + (size_t)(*at - '0');
		if (*offset > most)
			return false;
	}
	return true;
}

static bool html_from_wire(
	const uint8_t *bytes, size_t length, struct buffer *to)
{
	size_t start, end;

	if (length == 0)
		return false;
	if (!find_offset(bytes, length, "StartFragment:", length, &start) ||
		!find_offset(bytes, length, "EndFragment:", length, &end) ||
		start > end)
		return rtf_from_wire(bytes, length, to); /* plain HTML */
	return rtf_from_wire(bytes + start, end - start, to);
}

/* ---- DIB: a BMP file without the file's head ---- */

enum {
	BMP_HEAD_BYTES = 14,
	DIB_LEAST_BYTES = 40, /* a BITMAPINFOHEADER */
	DIB_MOST_HEAD_BYTES = 124,
	DIB_MOST_COLOURS = 256,
	DIB_BITFIELDS = 3,
	DIB_MASKS_BYTES = 12, /* behind the oldest head alone */
};

static uint32_t little_u32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static void put_little_u32(struct buffer *to, uint32_t value)
{
	int i;

	for (i = 0; i < 32; i += 8)
		buffer_u8(to, (uint8_t)(value >> i));
}

static bool bmp_to_wire(const uint8_t *bytes, size_t length, struct buffer *to)
{
	if (length < BMP_HEAD_BYTES + DIB_LEAST_BYTES || bytes[0] != 'B' ||
		bytes[1] != 'M')
		return false;
	buffer_append(to, bytes + BMP_HEAD_BYTES, length - BMP_HEAD_BYTES);
	return true;
}

/* Where the pixels begin in a DIB, 0 where it is none. */
static size_t dib_pixels(const uint8_t *dib, size_t length)
{
	size_t head, masks = 0;
	uint32_t bits, colours;

	if (length < DIB_LEAST_BYTES)
		return 0;
	head = little_u32(dib);
	bits = dib[14] | (uint32_t)dib[15] << 8;
	colours = little_u32(dib + 32);
	if (head < DIB_LEAST_BYTES || head > DIB_MOST_HEAD_BYTES)
		return 0;
	if (head == DIB_LEAST_BYTES && little_u32(dib + 16) == DIB_BITFIELDS)
		masks = DIB_MASKS_BYTES;
	if (colours == 0 && bits <= 8)
		colours = 1u << bits;
	if (colours > DIB_MOST_COLOURS)
		return 0;
	head += masks + colours * 4;
	return head <= length ? head : 0;
}

static bool bmp_from_wire(
	const uint8_t *bytes, size_t length, struct buffer *to)
{
	size_t pixels = dib_pixels(bytes, length);

	if (pixels == 0)
		return false;
	buffer_append(to, "BM", 2);
	put_little_u32(to, (uint32_t)(BMP_HEAD_BYTES + length));
	put_little_u32(to, 0);
	put_little_u32(to, (uint32_t)(BMP_HEAD_BYTES + pixels));
	buffer_append(to, bytes, length);
	return true;
}

static const struct {
	bool (*to_wire)(const uint8_t *bytes, size_t length, struct buffer *to);
	bool (*from_wire)(
		const uint8_t *bytes, size_t length, struct buffer *to);
} forms[CLIPBOARD_FORMATS] = {
	[CLIPBOARD_TEXT] = { text_to_wire, text_from_wire },
	[CLIPBOARD_RTF] = { rtf_to_wire, rtf_from_wire },
	[CLIPBOARD_HTML] = { html_to_wire, html_from_wire },
	[CLIPBOARD_BMP] = { bmp_to_wire, bmp_from_wire },
};

/* An empty buffer has no address. */
static const uint8_t *some(const uint8_t *bytes)
{
	return bytes != NULL ? bytes : (const uint8_t *)"";
}

bool clipboard_form_to_wire(enum clipboard_format format, const uint8_t *bytes,
	size_t length, struct buffer *to)
{
	return forms[format].to_wire(some(bytes), length, to);
}

bool clipboard_form_from_wire(enum clipboard_format format,
	const uint8_t *bytes, size_t length, struct buffer *to)
{
	return forms[format].from_wire(some(bytes), length, to);
}
