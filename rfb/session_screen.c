/* session_screen.c - what happens on the screen, as it concerns one viewer:
 * what it lacks, what only moved, its size, its pointer. */
#include "rfb/notice_types.h"
#include "rfb/session_state.h"

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
	lossy_clear(&session->lossy);
}

/* Where the picture has another size than the screen, the viewer's pixels are
 * not the screen's. */
bool session_wants_moves(const struct session *session)
{
	return encoding_list_has(&session->encodings, ENCODING_COPYRECT) &&
	       session->width == session->layout.width &&
	       session->height == session->layout.height;
}

/* Where the painted-in pointer is, cut to the picture; empty without one. */
static struct rect painted_rect(const struct session *session)
{
	if (!session_paints_cursor(session))
		return (struct rect){ 0, 0, 0, 0 };
	return rect_intersect(cursor_rect(session->cursor, session->pointer_x,
				      session->pointer_y),
		session_picture(session));
}

/* A painted-in pointer is dirt: it must neither be copied nor copied over. */
static void move_and_damage(struct session *session, struct region *changed,
	const struct move_list *moves)
{
	struct rect painted = painted_rect(session);
	int i;

	if (moves->count > 0) {
		region_add_rect(&session->dirty, painted);
		copies_add(&session->copies, moves, &session->unknown,
			&session->dirty, changed);
		for (i = 0; i < moves->count; i++)
			lossy_move(&session->lossy, &moves->moves[i]);
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

void session_resize(struct session *session,
	const struct session_layout *layout, bool by_viewer)
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
		session->notices.layout_reason =
			by_viewer ? LAYOUT_BY_ANOTHER_VIEWER : LAYOUT_BY_SERVER;
		session->notices.layout_status = 0;
	}
	session_announce(session);
}

bool session_wants_pointer(const struct session *session)
{
	return session_paints_cursor(session) ||
	       (session->stage == STAGE_RUNNING &&
		       notice_pointer_place_is_known(session));
}

bool session_paints_cursor(const struct session *session)
{
	return session->stage == STAGE_RUNNING &&
	       session->cursor_form == NULL && session->cursor != NULL;
}

/* Where the pointer is, somebody who only watches sees in the picture: only the
 * old viewers draw one that the mouse does not move. */
static const struct cursor_form *wanted_form(const struct session *session)
{
	if (session->config->no_shapes ||
		(!session->rights.control &&
			!encoding_list_has(
				&session->encodings, ENCODING_POINTER_PLACE)))
		return NULL;
	return cursor_form_choose(&session->encodings);
}

void session_choose_cursor(struct session *session)
{
	const struct cursor_form *before = session->cursor_form;
	const struct cursor_form *form = wanted_form(session);

	if (form == before)
		return;
	/* What was painted, or is to be painted from now on, changes. */
	session->cursor_form = NULL;
	region_add_rect(&session->dirty, painted_rect(session));
	session->cursor_form = form;
	session->notices.cursor = form != NULL;
	session->notices.no_cursor = NULL;
	if (form == NULL &&
		encoding_list_has(&session->encodings, before->number))
		session->notices.no_cursor = before;
}

void session_set_cursor(struct session *session, struct cursor_image *image)
{
	region_add_rect(&session->dirty, painted_rect(session));
	cursor_image_unref(session->cursor);
	session->cursor = image ? cursor_image_ref(image) : NULL;
	session->notices.cursor = session->cursor_form != NULL;
	region_add_rect(&session->dirty, painted_rect(session));
	session_announce(session);
}

void session_set_pointer(struct session *session, int x, int y)
{
	if (session->pointer_x == x && session->pointer_y == y)
		return;
	region_add_rect(&session->dirty, painted_rect(session));
	session->pointer_x = x;
	session->pointer_y = y;
	region_add_rect(&session->dirty, painted_rect(session));
	session_announce(session);
}

void session_set_leds(struct session *session, int leds)
{
	session->leds = leds;
	session_announce(session);
}
