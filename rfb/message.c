#include "rfb/message.h"

#include <assert.h>

#include "rfb/message_types.h"

static const struct message *const message_table[] = {
	&message_set_pixel_format,
	&message_set_encodings,
	&message_update_request,
	&message_key,
	&message_pointer,
	&message_qemu,
	&message_cut_text,
	&message_continuous_updates,
	&message_fence,
	&message_set_desktop_size,
	&message_set_scale,
	&message_set_scale_palm,
};

static const struct message *find(uint8_t type)
{
	size_t i;

	for (i = 0; i < sizeof(message_table) / sizeof(message_table[0]); i++)
		if (message_table[i]->type == type)
			return message_table[i];
	return NULL;
}

enum parse_result message_parse(const struct session *session,
	const uint8_t *bytes, size_t available, const struct message **message,
	size_t *length)
{
	if (available < 1)
		return PARSE_MORE;
	*message = find(bytes[0]);
	if (*message == NULL)
		return PARSE_BAD;
	*length = (*message)->head_bytes;
	if (available < *length)
		return PARSE_MORE;
	if ((*message)->body_bytes != NULL)
		*length += (*message)->body_bytes(session, bytes);
	assert(*length <= MESSAGE_MOST_BYTES);
	return available < *length ? PARSE_MORE : PARSE_DONE;
}
