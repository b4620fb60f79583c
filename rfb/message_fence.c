/* ClientFence and ServerFence, rfbproto "Fence". noVNC drops the connection
 * for any fence without the request bit (CLIENTS rule 33), and so do we not:
 * an answer to nothing is ignored. */
#include "base/clock.h"
#include "rfb/fence.h"
#include "rfb/message_types.h"
#include "rfb/session_state.h"

enum {
	TYPE = 248,
	HEAD_BYTES = 9,
	MOST_PAYLOAD_BYTES = 64,
	NUMBER_BYTES = 4, /* the payload of ours */
};

#define FENCE_BLOCK_BEFORE UINT32_C(0x00000001)
#define FENCE_BLOCK_AFTER UINT32_C(0x00000002)
#define FENCE_REQUEST UINT32_C(0x80000000)

static void write_fence(
	struct buffer *to, uint32_t flags, const void *payload, uint8_t length)
{
	buffer_u8(to, TYPE);
	buffer_append(to, "\0\0\0", 3);
	buffer_u32(to, flags);
	buffer_u8(to, length);
	buffer_append(to, payload, length);
}

static bool knows_fences(const struct session *session)
{
	return encoding_list_has(&session->encodings, ENCODING_FENCE);
}

void fence_announce(struct session *session)
{
	struct buffer message = { 0 };

	if (session->told_fence || !knows_fences(session))
		return;
	session->told_fence = true;
	session->fence_told_us = clock_us();
	write_fence(&message, FENCE_REQUEST | FENCE_BLOCK_BEFORE, "", 0);
	session_reply(session, &message);
}

void fence_forget(struct session *session)
{
	if (!knows_fences(session))
		session->congestion = (struct congestion){ 0 };
}

bool fence_measures(const struct session *session)
{
	return session->continuous && knows_fences(session) &&
	       !session->congestion.deaf;
}

void fence_lose_patience(struct session *session)
{
	struct session_line line = { 0 };

	session->host->line(session->context, &line);
	if (line.under_way_bytes > 0) {
		congestion_be_patient(&session->congestion, clock_us());
		return;
	}
	congestion_give_up(&session->congestion);
	session->host->remark(session->context,
		"does not answer fences: served without them");
}

void fence_follow(struct session *session, unsigned long bytes)
{
	struct buffer message = { 0 }, number = { 0 };

	if (!fence_measures(session))
		return;
	buffer_u32(&number,
		congestion_sent(&session->congestion, bytes, clock_us()));
	write_fence(&message, FENCE_REQUEST | FENCE_BLOCK_BEFORE,
		buffer_bytes(&number), NUMBER_BYTES);
	session_send_buffer(session, &message);
	buffer_finish(&number);
}

/* For more than is taken nothing is waited for. */
static size_t body_bytes(const struct session *session, const uint8_t *head)
{
	uint8_t length = head[HEAD_BYTES - 1];

	(void)session;
	return length <= MOST_PAYLOAD_BYTES ? length : 0;
}

static void answer(struct session *session, uint32_t flags,
	struct reader *reader, uint8_t length)
{
	struct buffer message = { 0 };

	write_fence(&message, flags & (FENCE_BLOCK_BEFORE | FENCE_BLOCK_AFTER),
		reader_take(reader, length), length);
	session_reply(session, &message);
}

static void handle_answer(struct session *session, uint32_t number)
{
	uint64_t trip_us =
		congestion_answered(&session->congestion, number, clock_us());

	if (trip_us != 0 && session->host->carried != NULL)
		session->host->carried(session->context, trip_us);
}

static void handle(struct session *session, struct reader *reader)
{
	uint32_t flags;
	uint8_t length;

	reader_skip(reader, 3);
	flags = reader_u32(reader);
	length = reader_u8(reader);
	if (length > MOST_PAYLOAD_BYTES) {
		session_close(session, "sent a fence of %u bytes", length);
		return;
	}
	if (flags & FENCE_REQUEST) {
		answer(session, flags, reader, length);
		return;
	}
	if (length == 0 && session->fence_told_us != 0) {
		/* The first, that was sent before any picture. */
		congestion_learn_trip(&session->congestion,
			clock_us() - session->fence_told_us);
		session->fence_told_us = 0;
	}
	if (length == NUMBER_BYTES)
		handle_answer(session, reader_u32(reader));
	session_announce(session);
}

const struct message message_fence = {
	.type = TYPE,
	.name = "ClientFence",
	.head_bytes = HEAD_BYTES,
	.body_bytes = body_bytes,
	.handle = handle,
};
