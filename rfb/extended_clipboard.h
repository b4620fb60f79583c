/* extended_clipboard.h - what cut text of a negative length holds: a word of
 * flags, and what they say follows.
 *
 * Owner:   whoever embeds the structs; a zeroed clipboard_parts is valid and
 *          empty, clipboard_parts_finish() frees.
 * Threads: any.
 * Source:  rfbproto, "Extended Clipboard Pseudo-Encoding".
 */
#ifndef RFB_EXTENDED_CLIPBOARD_H
#define RFB_EXTENDED_CLIPBOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clipboard_format.h"
#include "base/reader.h"

/* Bits 0 to 15 are forms: the first are numbered as enum clipboard_format is,
 * where CLIPBOARD_BMP stands for the protocol's DIB. */
enum {
	EXTENDED_CLIPBOARD_FORMS = 16,
	EXTENDED_CLIPBOARD_KNOWN_BITS = CLIPBOARD_BIT(CLIPBOARD_FORMATS) - 1,
};

enum extended_clipboard_action {
	EXTENDED_CLIPBOARD_CAPS = 1 << 24,
	EXTENDED_CLIPBOARD_REQUEST = 1 << 25,
	EXTENDED_CLIPBOARD_PEEK = 1 << 26,
	EXTENDED_CLIPBOARD_NOTIFY = 1 << 27,
	EXTENDED_CLIPBOARD_PROVIDE = 1 << 28,
};

struct extended_clipboard_caps {
	uint32_t flags; /* actions and forms */
	/* The most bytes of each form that may come unasked. */
	uint32_t sizes[EXTENDED_CLIPBOARD_FORMS];
};

/* What follows flags with the caps bit; a size for each form, however many the
 * forms. False where sizes are missing. */
bool extended_clipboard_read_caps(uint32_t flags, struct reader *reader,
	struct extended_clipboard_caps *caps);

struct clipboard_parts {
	unsigned forms; /* which of them are there */
	struct buffer part[CLIPBOARD_FORMATS];
};

void clipboard_parts_finish(struct clipboard_parts *parts);

/* What follows flags with the provide bit: a zlib stream, perhaps without its
 * end, of every form's length and bytes. Fills `parts` with the known forms
 * that are whole, up to the first that is not or has more than `most` bytes:
 * never more is inflated, whatever the stream holds. */
void extended_clipboard_inflate(uint32_t flags, const uint8_t *bytes,
	size_t length, size_t most, struct clipboard_parts *parts);

/* Each appends the whole body of a message, flags first. */
void extended_clipboard_write_caps(struct buffer *to, uint32_t forms);
void extended_clipboard_write_action(struct buffer *to,
	enum extended_clipboard_action action, uint32_t forms);
/* False where memory ran out. */
bool extended_clipboard_write_provide(
	struct buffer *to, const struct clipboard_parts *parts);

#endif
