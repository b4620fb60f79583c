/* ClientCutText, RFC 6143 section 7.5.6: Latin-1 with LF line ends. A negative
 * length is the Extended Clipboard's; we never offer that, so such a length is
 * the huge positive number it looks like, and is skipped as too long. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rfb/message_types.h"
#include "rfb/session_state.h"

enum { HEAD_BYTES = 8, MOST_TEXT_BYTES = 1 << 20 };

static uint32_t text_bytes(const uint8_t *head)
{
	return (uint32_t)head[4] << 24 | (uint32_t)head[5] << 16 |
	       (uint32_t)head[6] << 8 | head[7];
}

static size_t body_bytes(const uint8_t *head)
{
	uint32_t length = text_bytes(head);

	return length <= MOST_TEXT_BYTES ? length : 0;
}

static void handle(struct session *session, struct reader *reader)
{
	uint32_t length;
	char *utf8;

	reader_skip(reader, 3);
	length = reader_u32(reader);
	if (length > MOST_TEXT_BYTES) {
		session->discard = length;
		return;
	}
	if (!session->rights.clipboard)
		return;
	utf8 = text_from_latin1(reader_take(reader, length), length);
	session->host->copied(session->context, utf8, strlen(utf8));
	free(utf8);
}

const struct message message_cut_text = {
	.type = 6,
	.name = "ClientCutText",
	.head_bytes = HEAD_BYTES,
	.body_bytes = body_bytes,
	.handle = handle,
};
