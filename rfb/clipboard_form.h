/* clipboard_form.h - the protocol's forms of what was copied (text with CR LF
 * and a NUL, Microsoft's HTML fragments, DIB), and base/clipboard_format.h's.
 *
 * Threads: any; pure functions.
 * Source:  rfbproto, "Extended Clipboard Pseudo-Encoding"; Microsoft's "HTML
 *          Clipboard Format" and "BITMAPV5HEADER".
 */
#ifndef RFB_CLIPBOARD_FORM_H
#define RFB_CLIPBOARD_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clipboard_format.h"

/* Both append to `to`. False: not what it should be, and nothing is appended.
 */
bool clipboard_form_to_wire(enum clipboard_format format, const uint8_t *bytes,
	size_t length, struct buffer *to);
bool clipboard_form_from_wire(enum clipboard_format format,
	const uint8_t *bytes, size_t length, struct buffer *to);

#endif
