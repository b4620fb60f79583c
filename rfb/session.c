#include "rfb/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xmalloc.h"
#include "rfb/handshake.h"
#include "rfb/message.h"
#include "rfb/notice.h"
#include "rfb/session_state.h"
#include "rfb/update.h"

/* TigerVNC drops longer text, libvncclient hangs up at more than a MiB. */
enum { MOST_TEXT_BYTES = 256 << 10 };

struct session *session_create(const struct session_config *config,
	const struct session_layout *layout, const struct session_host *host,
	void *context)
{
	struct session *session = xcalloc(1, sizeof(*session));

	session->config = config;
	session->host = host;
	session->context = context;
	session->layout = *layout;
	session->encoder = encoder_choose(&session->encodings);
	session->pointer_x = session->pointer_y = -1;
	region_init(&session->dirty);
	region_init(&session->unknown);
	region_init(&session->requested);
	return session;
}

void session_destroy(struct session *session)
{
	int i;

	if (session == NULL)
		return;
	for (i = 0; i < ENCODER_COUNT; i++)
		if (session->encoder_states[i] != NULL)
			encoder_table[i]->state_destroy(
				session->encoder_states[i]);
	buffer_finish(&session->input);
	region_finish(&session->dirty);
	region_finish(&session->unknown);
	region_finish(&session->requested);
	cursor_image_unref(session->cursor);
	free(session->text);
	free(session);
}

void session_send(struct session *session, const void *bytes, size_t length)
{
	if (session->stage != STAGE_CLOSED)
		session->host->send(session->context, bytes, length);
}

void session_send_buffer(struct session *session, struct buffer *bytes)
{
	session_send(session, buffer_bytes(bytes), buffer_length(bytes));
	buffer_finish(bytes);
}

void session_close(struct session *session, const char *format, ...)
{
	char reason[256];
	va_list list;

	if (session->stage == STAGE_CLOSED)
		return;
	session->stage = STAGE_CLOSED;
	va_start(list, format);
	vsnprintf(reason, sizeof(reason), format, list);
	va_end(list);
	session->host->closed(session->context, reason);
}

void session_start(struct session *session)
{
	if (session->stage == STAGE_SILENT)
		handshake_start(session);
}

void session_start_refusing(struct session *session, const char *reason)
{
	session->refusal = reason;
	session_start(session);
}

/* One whole message; false where more bytes are needed or it has ended. */
static bool take_message(struct session *session)
{
	const uint8_t *bytes = buffer_bytes(&session->input);
	const struct message *message;
	struct reader reader;
	size_t length;

	switch (message_parse(
		bytes, buffer_length(&session->input), &message, &length)) {
	case PARSE_MORE:
		return false;
	case PARSE_BAD:
		session_close(
			session, "sent a message of unknown type %u", bytes[0]);
		return false;
	case PARSE_DONE:
		break;
	}
	reader_init(&reader, bytes, length);
	reader_skip(&reader, 1);
	message->handle(session, &reader);
	buffer_consume(&session->input, length);
	return true;
}

static bool skip_discarded(struct session *session)
{
	size_t length = buffer_length(&session->input);

	if (session->discard == 0)
		return true;
	if (length > session->discard)
		length = session->discard;
	buffer_consume(&session->input, length);
	session->discard -= length;
	return session->discard == 0;
}

void session_receive(
	struct session *session, const uint8_t *bytes, size_t length)
{
	bool more = true;

	if (session->stage == STAGE_CLOSED)
		return;
	buffer_append(&session->input, bytes, length);
	if (session->input.failed) {
		session_close(session, "no memory for what it sent");
		return;
	}
	while (more && session->stage != STAGE_CLOSED) {
		if (!skip_discarded(session))
			return;
		more = session->stage == STAGE_RUNNING
			       ? take_message(session)
			       : handshake_step(session);
	}
}

bool session_is_running(const struct session *session)
{
	return session->stage == STAGE_RUNNING;
}

bool session_is_view_only(const struct session *session)
{
	return session->view_only;
}

void session_release_input(struct session *session)
{
	struct held_input *held = &session->held;

	while (held->key_count > 0)
		session->host->key(
			session->context, held->keys[--held->key_count], false);
	if (held->buttons != 0)
		session->host->pointer(session->context, held->x, held->y, 0);
	held->buttons = 0;
}

struct rect session_picture(const struct session *session)
{
	return (struct rect){ 0, 0, session->width, session->height };
}

void session_forget_picture(struct session *session)
{
	session->copies.list.count = 0;
	region_clear(&session->dirty);
	region_add_rect(&session->dirty, session_picture(session));
	region_copy(&session->unknown, &session->dirty);
}

void session_announce(struct session *session)
{
	if (session_wants_update(session))
		session->host->update_wanted(session->context);
}

/* Where the picture has another size than the screen, the viewer's pixels are
 * not the screen's. */
bool session_wants_moves(const struct session *session)
{
	return encoding_list_has(&session->encodings, ENCODING_COPYRECT) &&
	       session->width == session->layout.width &&
	       session->height == session->layout.height;
}

/* A painted-in pointer is dirt: it must neither be copied nor copied over. */
static void move_and_damage(struct session *session, struct region *changed,
	const struct move_list *moves)
{
	struct rect painted = session_painted_rect(session);

	if (moves->count > 0) {
		region_add_rect(&session->dirty, painted);
		copies_add(&session->copies, moves, &session->unknown,
			&session->dirty, changed);
		region_add_rect(&session->dirty, painted);
	}
	region_add(&session->dirty, changed);
}

void session_damage(struct session *session, const struct region *changed,
	const struct move_list *moves)
{
	struct region rest;

	if (session->stage != STAGE_RUNNING)
		return;
	region_init(&rest);
	region_copy(&rest, changed);
	if (session_wants_moves(session)) {
		move_and_damage(session, &rest, moves);
	} else {
		copies_drop(&session->copies, &session->dirty);
		region_add(&session->dirty, &rest);
	}
	region_finish(&rest);
}

/* What cannot be copied now is sent as pixels. */
static void settle_copies(struct session *session)
{
	if (!session_wants_moves(session) ||
		!copies_lie_in(&session->copies, &session->requested))
		copies_drop(&session->copies, &session->dirty);
}

void session_resize(
	struct session *session, const struct session_layout *layout)
{
	bool same_size = session->layout.width == layout->width &&
			 session->layout.height == layout->height;

	copies_drop(&session->copies, &session->dirty);
	session->layout = *layout;
	if (session->stage != STAGE_RUNNING)
		return;
	session->notices.size |= !same_size;
	if (!session->notices.layout) {
		session->notices.layout = true;
		session->notices.layout_reason = 0;
		session->notices.layout_status = 0;
	}
	session_announce(session);
}

struct rect session_painted_rect(const struct session *session)
{
	if (!session_paints_cursor(session))
		return (struct rect){ 0, 0, 0, 0 };
	return rect_intersect(cursor_rect(session->cursor, session->pointer_x,
				      session->pointer_y),
		session_picture(session));
}

bool session_paints_cursor(const struct session *session)
{
	return session->stage == STAGE_RUNNING &&
	       session->cursor_form == NULL && session->cursor != NULL;
}

void session_set_cursor(struct session *session, struct cursor_image *image)
{
	region_add_rect(&session->dirty, session_painted_rect(session));
	cursor_image_unref(session->cursor);
	session->cursor = image ? cursor_image_ref(image) : NULL;
	session->notices.cursor = session->cursor_form != NULL;
	region_add_rect(&session->dirty, session_painted_rect(session));
	session_announce(session);
}

void session_set_pointer(struct session *session, int x, int y)
{
	if (session->pointer_x == x && session->pointer_y == y)
		return;
	region_add_rect(&session->dirty, session_painted_rect(session));
	session->pointer_x = x;
	session->pointer_y = y;
	region_add_rect(&session->dirty, session_painted_rect(session));
	session_announce(session);
}

/* ServerCutText, RFC 6143 section 7.6.4. */
static void send_text(struct session *session)
{
	struct buffer message = { 0 };

	buffer_append(&message, "\3\0\0\0", 4);
	buffer_u32(&message, (uint32_t)session->text_length);
	buffer_append(&message, session->text, session->text_length);
	session_send_buffer(session, &message);
	free(session->text);
	session->text = NULL;
}

void session_drained(struct session *session)
{
	if (session->stage != STAGE_RUNNING)
		return;
	if (session->text != NULL)
		send_text(session);
	if (session->bell)
		session_send(session, "\2", 1); /* Bell, 7.6.3 */
	session->bell = false;
	session_announce(session);
}

void session_copy(struct session *session, const char *utf8, size_t length)
{
	char *copy;

	if (session->stage != STAGE_RUNNING || length > MOST_TEXT_BYTES)
		return;
	copy = xstrndup(utf8, length);
	free(session->text);
	session->text = text_to_latin1(copy, &session->text_length);
	free(copy);
	if (session->host->output_is_idle(session->context))
		session_drained(session);
}

void session_bell(struct session *session)
{
	if (session->stage != STAGE_RUNNING)
		return;
	session->bell = true;
	if (session->host->output_is_idle(session->context))
		session_drained(session);
}

bool session_wants_update(const struct session *session)
{
	return session->stage == STAGE_RUNNING && session->waiting &&
	       !session->encoding;
}

bool session_has_update(const struct session *session)
{
	struct region wanted;
	bool has;

	if (!session_wants_update(session))
		return false;
	if (session->forced || session->copies.list.count > 0 ||
		notice_any_due(session))
		return true;
	region_init(&wanted);
	region_copy(&wanted, &session->dirty);
	region_intersect(&wanted, &session->requested);
	has = !region_is_empty(&wanted);
	region_finish(&wanted);
	return has;
}

bool session_is_forced(const struct session *session)
{
	return session_wants_update(session) && session->forced;
}

static void *lend_state(struct session *session)
{
	int index = encoder_index(session->encoder);

	if (session->encoder->state_create != NULL &&
		session->encoder_states[index] == NULL)
		session->encoder_states[index] =
			session->encoder->state_create();
	return session->encoder_states[index];
}

static struct update *plan(struct session *session, struct frame *frame)
{
	struct update *update = xcalloc(1, sizeof(*update));

	update->frame = frame_ref(frame);
	update->width = session->width;
	update->height = session->height;
	update->settings = session->settings;
	update->encoder = session->encoder;
	update->state = lend_state(session);
	if (session_paints_cursor(session)) {
		update->cursor = cursor_image_ref(session->cursor);
		update->cursor_x = session->pointer_x;
		update->cursor_y = session->pointer_y;
	}
	region_init(&update->areas);
	update_write_head(&update->writer);
	return update;
}

/* After the viewer was told a new size, everything it has is old. */
static void tell_size(struct session *session)
{
	int width = session->width, height = session->height;

	if (!notice_send_alone(session))
		return;
	if (width != session->width || height != session->height) {
		session_forget_picture(session);
	}
	/* That answered the request; pixels owed to a non-incremental one
	 * still follow at once (CLIENTS rule 30). */
	session->waiting = session->forced;
}

static void close_request(struct session *session)
{
	session->waiting = false;
	session->forced = false;
	region_clear(&session->requested);
}

/* An update that needs no encoder: what moved, a new pointer. */
static void send_at_once(struct session *session)
{
	struct rect_writer writer = { 0 };

	update_write_head(&writer);
	copies_write(&session->copies, &writer);
	notice_write_due(session, &writer);
	if (writer.count > 0) {
		update_write_count(&writer);
		session_send(session, buffer_bytes(&writer.bytes),
			buffer_length(&writer.bytes));
		close_request(session);
	}
	rect_writer_finish(&writer);
}

static struct update *begin_pixels(struct session *session, struct frame *frame,
	const struct region *wanted)
{
	struct update *update = plan(session, frame);

	update_plan(&update->areas, wanted, session_picture(session));
	region_subtract(&session->dirty, &update->areas);
	region_subtract(&session->unknown, &update->areas);
	copies_write(&session->copies, &update->writer);
	notice_write_due(session, &update->writer);
	close_request(session);
	session->encoding = true;
	return update;
}

struct update *session_begin_update(
	struct session *session, struct frame *frame)
{
	struct region wanted;
	struct update *update = NULL;

	if (!session_wants_update(session))
		return NULL;
	tell_size(session);
	if (!session->waiting) {
		close_request(session);
		return NULL;
	}
	settle_copies(session);
	region_init(&wanted);
	region_copy(&wanted, &session->dirty);
	region_intersect(&wanted, &session->requested);
	region_intersect_rect(&wanted, session_picture(session));
	if (!region_is_empty(&wanted))
		update = begin_pixels(session, frame, &wanted);
	else
		send_at_once(session);
	/* Nothing of a forced area is left when the picture shrank below it. */
	session->forced = false;
	region_finish(&wanted);
	return update;
}

void session_end_update(struct session *session, struct update *update)
{
	session->encoding = false;
	if (update->writer.bytes.failed)
		session_close(session, "no memory for its picture");
	else
		session_send(session, buffer_bytes(&update->writer.bytes),
			buffer_length(&update->writer.bytes));
	update_destroy(update);
	session_announce(session);
}
