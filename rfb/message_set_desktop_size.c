/* SetDesktopSize (rfbproto): always answered, granted or not, because
 * libvncclient stops asking for updates until it is (CLIENTS rule 31). */
#include "rfb/message_types.h"
#include "rfb/session_state.h"

enum { HEAD_BYTES = 8, SCREEN_BYTES = 16 };

/* A frame of the largest size is 256 MiB. Less than the least side is what a
 * browser's window has while it is being closed. */
enum { LEAST_SIDE = 32, MOST_SIDE = 32767, MOST_PIXELS = 64 << 20 };

static size_t body_bytes(const struct session *session, const uint8_t *head)
{
	(void)session;
	return (size_t)head[6] * SCREEN_BYTES;
}

static struct session_screen read_screen(struct reader *reader)
{
	struct session_screen screen;

	screen.id = reader_u32(reader);
	screen.rect.x = reader_u16(reader);
	screen.rect.y = reader_u16(reader);
	screen.rect.width = reader_u16(reader);
	screen.rect.height = reader_u16(reader);
	screen.flags = reader_u32(reader);
	return screen;
}

static bool is_side(int length)
{
	return length >= LEAST_SIDE && length <= MOST_SIDE;
}

/* The screen lies inside the picture, and on none before it. Ids may be
 * anything: noVNC up to 1.3 always says 0. */
static bool is_sound(const struct session_layout *layout, int index)
{
	const struct rect picture = { 0, 0, layout->width, layout->height };
	struct rect rect = layout->screens[index].rect;
	int i;

	if (!is_side(rect.width) || !is_side(rect.height) ||
		!rect_equal(rect, rect_intersect(rect, picture)))
		return false;
	for (i = 0; i < index; i++)
		if (!rect_is_empty(
			    rect_intersect(rect, layout->screens[i].rect)))
			return false;
	return true;
}

static enum session_resize_status parse(
	struct reader *reader, struct session_layout *layout)
{
	int i, count;

	*layout = (struct session_layout){ 0 };
	reader_skip(reader, 1);
	layout->width = reader_u16(reader);
	layout->height = reader_u16(reader);
	count = reader_u8(reader);
	reader_skip(reader, 1);
	if (!is_side(layout->width) || !is_side(layout->height) || count < 1)
		return SESSION_RESIZE_BAD_LAYOUT;
	if (count > SESSION_MOST_SCREENS ||
		layout->width * layout->height > MOST_PIXELS)
		return SESSION_RESIZE_NO_RESOURCES;
	layout->count = count;
	for (i = 0; i < count; i++) {
		layout->screens[i] = read_screen(reader);
		if (!is_sound(layout, i))
			return SESSION_RESIZE_BAD_LAYOUT;
	}
	return SESSION_RESIZED;
}

static enum session_resize_status ask(
	struct session *session, struct reader *reader)
{
	struct session_layout wanted;
	enum session_resize_status status = parse(reader, &wanted);

	if (!session->rights.control || session->config->no_resize)
		return SESSION_RESIZE_PROHIBITED;
	if (status != SESSION_RESIZED)
		return status;
	return session->host->resize_asked(session->context, &wanted);
}

static void handle(struct session *session, struct reader *reader)
{
	enum session_resize_status status;

	if (!encoding_list_has(
		    &session->encodings, ENCODING_EXTENDED_DESKTOP_SIZE))
		return;
	status = ask(session, reader);
	session->notices.layout = true;
	session->notices.layout_reason = LAYOUT_BY_THIS_VIEWER;
	session->notices.layout_status = (uint16_t)status;
	session_announce(session);
}

const struct message message_set_desktop_size = {
	.type = 251,
	.name = "SetDesktopSize",
	.head_bytes = HEAD_BYTES,
	.body_bytes = body_bytes,
	.handle = handle,
};
