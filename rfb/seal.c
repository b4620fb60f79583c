#include "rfb/seal.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xmalloc.h"
#include "rfb/session_state.h"

struct seal *seal_create(
	const uint8_t *in_key, const uint8_t *out_key, size_t key_bytes)
{
	struct seal *seal = xcalloc(1, sizeof(*seal));

	eax_channel_init(&seal->in, in_key, key_bytes);
	eax_channel_init(&seal->out, out_key, key_bytes);
	return seal;
}

void seal_destroy(struct seal *seal)
{
	if (seal == NULL)
		return;
	eax_channel_finish(&seal->in);
	eax_channel_finish(&seal->out);
	buffer_finish(&seal->raw);
	free(seal);
}

static void move_all(struct buffer *from, struct buffer *to)
{
	if (buffer_length(from) > 0)
		buffer_append(to, buffer_bytes(from), buffer_length(from));
	buffer_finish(from);
}

void session_seal(struct session *session, struct seal *seal)
{
	assert(session->seal == NULL);
	session->seal = seal;
	move_all(&session->input, &seal->raw);
}

void session_unseal(struct session *session)
{
	struct seal *seal = session->seal;

	session->seal = NULL;
	move_all(&seal->raw, &session->input);
	seal_destroy(seal);
}

bool session_open_message(struct session *session)
{
	struct seal *seal = session->seal;

	if (seal == NULL || session->stage == STAGE_CLOSED)
		return false;
	switch (eax_channel_open(&seal->in, &seal->raw, &session->input)) {
	case EAX_OPENED:
		return true;
	case EAX_FORGED:
		session_close(session, "sent a message that is not genuine");
		return false;
	case EAX_MORE:
		break;
	}
	return false;
}
