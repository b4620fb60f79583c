#include "x11/selection_send.h"

#include <string.h>

#include "x11/x_error.h"

/* One X request of every server holds this and its own head. */
enum { PIECE_BYTES = 240 * 1024 };

void selection_send_init(struct selection_send *send, struct display *display,
	const struct selection_atoms *atoms, Window window)
{
	memset(send, 0, sizeof(*send));
	send->display = display;
	send->atoms = atoms;
	send->window = window;
}

static void free_place(struct selection_piecemeal *place)
{
	buffer_finish(&place->bytes);
	memset(place, 0, sizeof(*place));
}

void selection_send_finish(struct selection_send *send)
{
	int i;

	for (i = 0; i < SELECTION_SENDS; i++)
		free_place(&send->places[i]);
}

/* A place of the same requestor, or NULL. */
static const struct selection_piecemeal *find_place(
	const struct selection_send *send, Window requestor)
{
	int i;

	for (i = 0; i < SELECTION_SENDS; i++)
		if (send->places[i].requestor == requestor)
			return &send->places[i];
	return NULL;
}

/* What we select on a window is one set. */
static long selected_on(const struct selection_send *send, Window requestor)
{
	const struct selection_piecemeal *known = find_place(send, requestor);
	XWindowAttributes now;

	if (known != NULL)
		return known->before;
	return XGetWindowAttributes(send->display->x, requestor, &now)
		       ? now.your_event_mask
		       : NoEventMask;
}

static void end_place(
	struct selection_send *send, struct selection_piecemeal *place)
{
	Window requestor = place->requestor;
	long before = place->before;

	free_place(place);
	if (requestor != None && find_place(send, requestor) == NULL)
		XSelectInput(send->display->x, requestor, before);
}

/* A free one, else the oldest. */
static struct selection_piecemeal *take_place(struct selection_send *send)
{
	struct selection_piecemeal *oldest = &send->places[0];
	int i;

	for (i = 0; i < SELECTION_SENDS; i++) {
		struct selection_piecemeal *place = &send->places[i];

		if (place->requestor == None)
			return place;
		if (place->number < oldest->number)
			oldest = place;
	}
	end_place(send, oldest);
	return oldest;
}

static void put(struct selection_send *send, Window requestor, Atom property,
	Atom type, const void *bytes, size_t length)
{
	XChangeProperty(send->display->x, requestor, property, type, 8,
		PropModeReplace, bytes, (int)length);
}

bool selection_send_bytes(struct selection_send *send, Window requestor,
	Atom property, Atom type, const void *bytes, size_t length)
{
	struct selection_piecemeal *place;
	unsigned long total = length;

	if (length <= PIECE_BYTES) {
		put(send, requestor, property, type, bytes, length);
		return true;
	}
	/* Nobody's own: their properties are for other things. */
	if (requestor == send->window || requestor == send->display->root)
		return false;
	place = take_place(send);
	place->before = selected_on(send, requestor);
	place->requestor = requestor;
	place->property = property;
	place->type = type;
	place->number = ++send->count;
	buffer_append(&place->bytes, bytes, length);
	if (place->bytes.failed) {
		free_place(place);
		return false;
	}
	XSelectInput(send->display->x, requestor,
		place->before | PropertyChangeMask | StructureNotifyMask);
	XChangeProperty(send->display->x, requestor, property,
		send->atoms->incr, 32, PropModeReplace,
		(const unsigned char *)&total, 1);
	return true;
}

/* The last one is empty. */
static void send_piece(
	struct selection_send *send, struct selection_piecemeal *place)
{
	size_t left = buffer_length(&place->bytes);
	size_t piece = left < PIECE_BYTES ? left : PIECE_BYTES;
	struct x_error_trap trap;

	x_error_trap(&trap, send->display->x);
	put(send, place->requestor, place->property, place->type,
		piece > 0 ? (void *)buffer_bytes(&place->bytes) : "", piece);
	buffer_consume(&place->bytes, piece);
	if (piece == 0)
		end_place(send, place);
	if (x_error_untrap(&trap) != 0)
		free_place(place);
}

bool selection_send_handle(struct selection_send *send, const XEvent *event)
{
	Window window = None;
	bool gone = event->type == DestroyNotify;
	bool ours = false;
	int i;

	if (gone)
		window = event->xdestroywindow.window;
	else if (event->type == PropertyNotify)
		window = event->xproperty.window;
	if (window == None)
		return false;
	for (i = 0; i < SELECTION_SENDS; i++) {
		struct selection_piecemeal *place = &send->places[i];

		if (place->requestor != window)
			continue;
		ours = true;
		if (gone)
			free_place(place);
		else if (event->xproperty.atom == place->property &&
			 event->xproperty.state == PropertyDelete)
			send_piece(send, place);
	}
	return ours;
}
