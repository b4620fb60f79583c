#include "rfb/session_clipboard.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "rfb/clipboard_form.h"
#include "rfb/session_state.h"

enum {
	/* Of Latin-1: TigerVNC drops longer text. */
	MOST_LATIN1_BYTES = 256 << 10,
	/* Of what nobody asked for: libvncclient hangs up at more. */
	MOST_UNASKED_BYTES = 1 << 20,
	FLAGS_BYTES = 4,
};

void session_clipboard_finish(struct session_clipboard *clipboard)
{
	buffer_finish(&clipboard->incoming);
	clipboard_parts_finish(&clipboard->parts);
}

static bool is_listed(const struct session *session)
{
	return encoding_list_has(
		&session->encodings, ENCODING_EXTENDED_CLIPBOARD);
}

static bool may_send(const struct session *session)
{
	return session->rights.clipboard && !session->config->no_clipboard_in;
}

static bool may_receive(const struct session *session)
{
	return session->rights.clipboard && !session->config->no_clipboard_out;
}

static size_t most_bytes(const struct session *session)
{
	size_t most = session->config->most_clipboard_bytes;

	return most != 0 ? most : CLIPBOARD_USUAL_BYTES;
}

/* ---- to the viewer ---- */

enum way {
	WAY_UNKNOWN,  /* yet */
	WAY_LATIN1,   /* ServerCutText, RFC 6143 section 7.6.4 */
	WAY_UNASKED,  /* Provide without a request */
	WAY_ANNOUNCE, /* Notify, and Provide when requested */
};

static enum way find_way(const struct session *session)
{
	const struct session_clipboard *clipboard = &session->clipboard;

	if (is_listed(session) && clipboard->has_caps) {
		if (clipboard->caps.flags & EXTENDED_CLIPBOARD_NOTIFY)
			return WAY_ANNOUNCE;
		if (clipboard->caps.flags & EXTENDED_CLIPBOARD_PROVIDE)
			return WAY_UNASKED;
		return WAY_LATIN1;
	}
	if (!clipboard->settled)
		return WAY_UNKNOWN;
	return is_listed(session) ? WAY_UNASKED : WAY_LATIN1;
}

/* The forms on offer that the viewer understands. */
static unsigned usable(const struct session *session)
{
	return session->clipboard.offered & session->clipboard.caps.flags &
	       EXTENDED_CLIPBOARD_KNOWN_BITS;
}

/* Takes `body`. */
static void send_extended(struct session *session, struct buffer *body)
{
	struct buffer head = { 0 };

	if (body->failed) {
		log_warning("no memory for the clipboard: not sent");
	} else {
		buffer_append(&head, "\3\0\0\0", 4);
		buffer_s32(&head, -(int32_t)buffer_length(body));
		session_send_buffer(session, &head);
		session_send(session, buffer_bytes(body), buffer_length(body));
	}
	buffer_finish(body);
}

static void send_action(struct session *session,
	enum extended_clipboard_action action, uint32_t forms)
{
	struct buffer body = { 0 };

	extended_clipboard_write_action(&body, action, forms);
	send_extended(session, &body);
}

static void send_latin1(struct session *session)
{
	struct buffer *text = &session->clipboard.parts.part[CLIPBOARD_TEXT];
	struct buffer head = { 0 };

	buffer_append(&head, "\3\0\0\0", 4);
	buffer_u32(&head, (uint32_t)buffer_length(text));
	session_send_buffer(session, &head);
	session_send(session, buffer_bytes(text), buffer_length(text));
}

static void send_provide(struct session *session)
{
	struct buffer body = { 0 };

	if (!extended_clipboard_write_provide(&body, &session->clipboard.parts))
		body.failed = true;
	send_extended(session, &body);
}

static void send_parts(struct session *session)
{
	struct session_clipboard *clipboard = &session->clipboard;

	if (clipboard->missing != 0 || clipboard->parts.forms == 0)
		return;
	if (find_way(session) == WAY_LATIN1)
		send_latin1(session);
	else
		send_provide(session);
	clipboard_parts_finish(&clipboard->parts);
}

/* Forms that the viewer wants; the host may answer from inside. */
static void want(struct session *session, unsigned forms)
{
	struct session_clipboard *clipboard = &session->clipboard;

	forms &= clipboard->offered;
	forms &= ~(clipboard->missing | clipboard->parts.forms);
	clipboard->missing |= forms;
	if (forms != 0)
		session->host->clipboard_wanted(session->context, forms);
}

static void tell(struct session *session)
{
	struct session_clipboard *clipboard = &session->clipboard;
	enum way way = find_way(session);

	if (!clipboard->news || way == WAY_UNKNOWN)
		return;
	/* First: the host may answer from inside want(). */
	clipboard->news = false;
	if (way == WAY_ANNOUNCE)
		send_action(
			session, EXTENDED_CLIPBOARD_NOTIFY, usable(session));
	else
		want(session, CLIPBOARD_BIT(CLIPBOARD_TEXT));
}

void session_clipboard_flush(struct session *session)
{
	if (session->stage != STAGE_RUNNING ||
		!session->host->output_is_idle(session->context))
		return;
	tell(session);
	if (session->stage == STAGE_RUNNING)
		send_parts(session);
}

void session_clipboard_offer(struct session *session, unsigned forms)
{
	struct session_clipboard *clipboard = &session->clipboard;

	if (session->stage != STAGE_RUNNING || !may_receive(session))
		return;
	clipboard->offered = forms;
	clipboard->news = true;
	/* What it asked for is gone: it will be told, and ask again. */
	clipboard->missing = 0;
	clipboard_parts_finish(&clipboard->parts);
	session_clipboard_flush(session);
}

/* What the viewer takes of what it did not ask for, if it says. */
static size_t most_unasked(
	const struct session *session, enum clipboard_format format)
{
	const struct session_clipboard *clipboard = &session->clipboard;

	if (clipboard->has_caps &&
		clipboard->caps.sizes[format] < MOST_UNASKED_BYTES)
		return clipboard->caps.sizes[format];
	return MOST_UNASKED_BYTES;
}

/* As it goes into the message; false: not to be sent. */
static bool convert(struct session *session, enum clipboard_format format,
	const void *bytes, size_t length, struct buffer *to)
{
	enum way way = find_way(session);
	char *text;

	if (way != WAY_LATIN1)
		return clipboard_form_to_wire(format, bytes, length, to) &&
		       (way == WAY_ANNOUNCE ||
			       buffer_length(to) <=
				       most_unasked(session, format));
	text = text_from_stranger(bytes, length, &length);
	bytes = text_to_latin1(text, &length);
	free(text);
	buffer_append(to, bytes, length);
	free((void *)bytes);
	return length <= MOST_LATIN1_BYTES;
}

void session_clipboard_give(struct session *session,
	enum clipboard_format format, const void *bytes, size_t length)
{
	struct session_clipboard *clipboard = &session->clipboard;
	struct buffer *part = &clipboard->parts.part[format];

	if (session->stage != STAGE_RUNNING ||
		!(clipboard->missing & CLIPBOARD_BIT(format)))
		return;
	clipboard->missing &= ~CLIPBOARD_BIT(format);
	if (bytes != NULL && convert(session, format, bytes, length, part) &&
		!part->failed)
		clipboard->parts.forms |= CLIPBOARD_BIT(format);
	else
		buffer_finish(part);
	session_clipboard_flush(session);
}

/* ---- from the viewer ---- */

/* One action without more, which the viewer brought upon itself. */
static void reply_action(struct session *session,
	enum extended_clipboard_action action, uint32_t forms)
{
	struct buffer message = { 0 };

	buffer_append(&message, "\3\0\0\0\xff\xff\xff\xfc", 8);
	extended_clipboard_write_action(&message, action, forms);
	session_reply(session, &message);
}

void session_clipboard_want(struct session *session, unsigned forms)
{
	struct session_clipboard *clipboard = &session->clipboard;

	if (session->stage != STAGE_RUNNING || !is_listed(session))
		return;
	clipboard->asked |= forms;
	if (forms != 0)
		reply_action(session, EXTENDED_CLIPBOARD_REQUEST, forms);
}

/* What it was to be told of is not the newest any more. */
static void tell_host(struct session *session, unsigned forms)
{
	session->clipboard.news = false;
	session->host->clipboard_offered(session->context, forms);
}

static void take_latin1(struct session *session)
{
	struct buffer *incoming = &session->clipboard.incoming;
	char *utf8 = text_from_latin1(
		buffer_bytes(incoming), buffer_length(incoming));
	size_t length;
	char *text = text_from_stranger(utf8, strlen(utf8), &length);

	free(utf8);
	tell_host(session, CLIPBOARD_BIT(CLIPBOARD_TEXT));
	session->host->clipboard_given(
		session->context, CLIPBOARD_TEXT, text, length);
	free(text);
}

/* Hands on one form, or that it did not come. */
static void give_host(struct session *session, enum clipboard_format format,
	const struct clipboard_parts *parts)
{
	const struct buffer *part = &parts->part[format];
	struct buffer bytes = { 0 };
	bool good = parts->forms & CLIPBOARD_BIT(format) &&
		    clipboard_form_from_wire(format, buffer_bytes(part),
			    buffer_length(part), &bytes) &&
		    !bytes.failed;

	if (!good)
		session->host->clipboard_given(
			session->context, format, NULL, 0);
	else
		session->host->clipboard_given(session->context, format,
			buffer_length(&bytes) > 0 ? (char *)buffer_bytes(&bytes)
						  : "",
			buffer_length(&bytes));
	buffer_finish(&bytes);
}

static void take_provide(
	struct session *session, uint32_t flags, struct reader *reader)
{
	struct session_clipboard *clipboard = &session->clipboard;
	size_t length = reader_left(reader);
	struct clipboard_parts parts = { 0 };
	unsigned asked = clipboard->asked & flags;
	unsigned awaited = asked | clipboard->fresh;
	int form;

	extended_clipboard_inflate(flags, reader_take(reader, length), length,
		most_bytes(session), &parts);
	clipboard->asked &= ~flags;
	clipboard->fresh = 0;
	if (parts.forms & ~awaited)
		tell_host(session, parts.forms);
	for (form = 0; form < CLIPBOARD_FORMATS; form++)
		if ((parts.forms | asked) & CLIPBOARD_BIT(form))
			give_host(session, form, &parts);
	clipboard_parts_finish(&parts);
}

static void take_caps(
	struct session *session, uint32_t flags, struct reader *reader)
{
	struct session_clipboard *clipboard = &session->clipboard;

	if (!extended_clipboard_read_caps(flags, reader, &clipboard->caps))
		return;
	clipboard->has_caps = clipboard->settled = true;
	session_clipboard_flush(session);
}

static void take_request(
	struct session *session, uint32_t flags, struct reader *reader)
{
	(void)reader;
	if (!may_receive(session))
		return;
	want(session, flags & EXTENDED_CLIPBOARD_KNOWN_BITS);
}

static void take_peek(
	struct session *session, uint32_t flags, struct reader *reader)
{
	(void)flags;
	(void)reader;
	if (may_receive(session))
		reply_action(
			session, EXTENDED_CLIPBOARD_NOTIFY, usable(session));
}

static void take_notify(
	struct session *session, uint32_t flags, struct reader *reader)
{
	struct session_clipboard *clipboard = &session->clipboard;

	(void)reader;
	clipboard->fresh = flags & EXTENDED_CLIPBOARD_KNOWN_BITS;
	clipboard->asked = 0;
	tell_host(session, clipboard->fresh);
}

static const struct {
	uint32_t action;
	bool sends; /* the viewer's own clipboard: not for all */
	void (*take)(
		struct session *session, uint32_t flags, struct reader *reader);
} actions[] = {
	{ EXTENDED_CLIPBOARD_CAPS, false, take_caps },
	{ EXTENDED_CLIPBOARD_REQUEST, false, take_request },
	{ EXTENDED_CLIPBOARD_PEEK, false, take_peek },
	{ EXTENDED_CLIPBOARD_NOTIFY, true, take_notify },
	{ EXTENDED_CLIPBOARD_PROVIDE, true, take_provide },
};

/* A message with several actions is what the first of them says: the
 * capabilities name the others. */
static void take_extended(struct session *session)
{
	struct buffer *incoming = &session->clipboard.incoming;
	struct reader reader;
	uint32_t flags;
	size_t i;

	reader_init(&reader, buffer_bytes(incoming), buffer_length(incoming));
	flags = reader_u32(&reader);
	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (!(flags & actions[i].action))
			continue;
		if (!actions[i].sends || may_send(session))
			actions[i].take(session, flags, &reader);
		return;
	}
}

/* ---- the message that comes in ---- */

void session_clipboard_begin(
	struct session *session, bool extended, uint32_t length)
{
	/* Room for what cannot be compressed. */
	size_t most = most_bytes(session) + (extended ? 1024 : 0);
	bool wanted = extended ? is_listed(session) && length >= FLAGS_BYTES
			       : may_send(session);

	if (!wanted || length > most) {
		if (length > most)
			log_info(
				"a viewer copied more than is taken "
				"(-maxcuttext)");
		session->discard = length;
		return;
	}
	session->clipboard.extended = extended;
	session->clipboard.left = length;
	if (length == 0)
		take_latin1(session);
}

bool session_clipboard_collect(struct session *session)
{
	struct session_clipboard *clipboard = &session->clipboard;
	size_t length = buffer_length(&session->input);
	bool failed;

	if (clipboard->left == 0)
		return true;
	if (length > clipboard->left)
		length = clipboard->left;
	buffer_append(
		&clipboard->incoming, buffer_bytes(&session->input), length);
	buffer_consume(&session->input, length);
	clipboard->left -= length;
	if (clipboard->left > 0)
		return false;
	failed = clipboard->incoming.failed;
	if (failed)
		session_close(session, "no memory for what it copied");
	else if (clipboard->extended)
		take_extended(session);
	else
		take_latin1(session);
	buffer_finish(&clipboard->incoming);
	clipboard->incoming = (struct buffer){ 0 };
	return !failed;
}

/* ---- what the viewer can ---- */

void session_clipboard_announce(struct session *session)
{
	struct session_clipboard *clipboard = &session->clipboard;
	struct buffer message = { 0 }, body = { 0 };

	if (!is_listed(session)) {
		clipboard->settled = true;
		session_clipboard_flush(session);
		return;
	}
	clipboard->settled = clipboard->has_caps;
	clipboard->followed = false;
	if (!may_send(session) && !may_receive(session))
		return;
	extended_clipboard_write_caps(&body, EXTENDED_CLIPBOARD_KNOWN_BITS);
	buffer_append(&message, "\3\0\0\0", 4);
	buffer_s32(&message, -(int32_t)buffer_length(&body));
	buffer_append(&message, buffer_bytes(&body), buffer_length(&body));
	buffer_finish(&body);
	session_reply(session, &message);
}

void session_clipboard_followed(struct session *session)
{
	session->clipboard.followed = true;
}

void session_clipboard_settle(struct session *session)
{
	struct session_clipboard *clipboard = &session->clipboard;

	if (clipboard->settled || (is_listed(session) && !clipboard->followed))
		return;
	clipboard->settled = true;
	session_clipboard_flush(session);
}
