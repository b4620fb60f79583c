#include "x11/selection_fetch.h"

#include <X11/Xatom.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "base/xmalloc.h"

void selection_fetch_init(struct selection_fetch *fetch,
	struct display *display, const struct selection_atoms *atoms,
	Window window, Atom selection, const char *property)
{
	memset(fetch, 0, sizeof(*fetch));
	fetch->display = display;
	fetch->atoms = atoms;
	fetch->window = window;
	fetch->selection = selection;
	fetch->property = XInternAtom(display->x, property, False);
}

void selection_fetch_finish(struct selection_fetch *fetch)
{
	buffer_finish(&fetch->bytes);
}

static void ask(struct selection_fetch *fetch, Atom target)
{
	fetch->state = SELECTION_ASKED;
	fetch->target = target;
	XConvertSelection(fetch->display->x, fetch->selection, target,
		fetch->property, fetch->window, fetch->time);
}

void selection_fetch_start(struct selection_fetch *fetch, Time time)
{
	selection_fetch_stop(fetch);
	fetch->time = time;
	XDeleteProperty(fetch->display->x, fetch->window, fetch->property);
	ask(fetch, fetch->atoms->utf8_string);
}

void selection_fetch_stop(struct selection_fetch *fetch)
{
	fetch->state = SELECTION_IDLE;
	buffer_finish(&fetch->bytes);
	memset(&fetch->bytes, 0, sizeof(fetch->bytes));
}

static void too_much(struct selection_fetch *fetch)
{
	log_info("more than 1 MiB was copied on the X side: not sent");
	selection_fetch_stop(fetch);
}

enum piece { PIECE_NONE, PIECE_SOME, PIECE_INCR };

/* Moves the property's value to the end of `bytes`, and deletes it, which asks
 * the owner of an incremental one for the next. */
static enum piece take_piece(struct selection_fetch *fetch)
{
	size_t room = SELECTION_MOST_BYTES - buffer_length(&fetch->bytes);
	unsigned long count = 0, left = 0;
	unsigned char *value = NULL;
	enum piece piece = PIECE_NONE;
	Atom type = None;
	int format = 0;

	if (XGetWindowProperty(fetch->display->x, fetch->window,
		    fetch->property, 0, (long)(room / 4 + 1), True,
		    AnyPropertyType, &type, &format, &count, &left,
		    &value) != Success ||
		fetch->display->lost)
		return PIECE_NONE;
	if (type == fetch->atoms->incr) {
		piece = PIECE_INCR;
	} else if (left > 0 || (format == 8 && count > room)) {
		XDeleteProperty(
			fetch->display->x, fetch->window, fetch->property);
		too_much(fetch);
	} else if (format == 8) {
		buffer_append(&fetch->bytes, value, count);
		fetch->type = type;
		piece = count > 0 ? PIECE_SOME : PIECE_NONE;
	}
	if (value != NULL)
		XFree(value);
	return piece;
}

/* CR LF and lone CR become LF, in place. */
static size_t unify_line_ends(char *text)
{
	char *from = text, *to = text;

	while (*from != '\0') {
		if (*from == '\r') {
			if (from[1] == '\n')
				from++;
			*from = '\n';
		}
		*to++ = *from++;
	}
	*to = '\0';
	return (size_t)(to - text);
}

static char *complete(struct selection_fetch *fetch, size_t *length)
{
	const uint8_t *bytes = buffer_bytes(&fetch->bytes);
	size_t count = buffer_length(&fetch->bytes);
	const uint8_t *nul;
	char *text = NULL;

	if (count == 0 || fetch->bytes.failed) {
		selection_fetch_stop(fetch);
		return NULL;
	}
	nul = memchr(bytes, '\0', count); /* some owners count it in */
	if (nul != NULL)
		count = (size_t)(nul - bytes);
	if (fetch->type != XA_STRING &&
		text_is_utf8((const char *)bytes, count))
		text = xstrndup((const char *)bytes, count);
	else
		text = text_from_latin1(bytes, count);
	*length = unify_line_ends(text);
	selection_fetch_stop(fetch);
	return text;
}

char *selection_fetch_notify(struct selection_fetch *fetch,
	const XSelectionEvent *event, size_t *length)
{
	enum piece piece;

	if (fetch->state != SELECTION_ASKED ||
		event->selection != fetch->selection ||
		event->target != fetch->target ||
		(event->time != fetch->time && event->time != CurrentTime))
		return NULL;
	if (event->property != None) {
		piece = take_piece(fetch);
		if (piece == PIECE_INCR)
			fetch->state = SELECTION_INCREMENTAL;
		if (piece == PIECE_INCR || fetch->state == SELECTION_IDLE)
			return NULL;
		return complete(fetch, length);
	}
	if (fetch->target == fetch->atoms->utf8_string)
		ask(fetch, XA_STRING); /* an owner of the old school */
	else
		selection_fetch_stop(fetch);
	return NULL;
}

char *selection_fetch_property(struct selection_fetch *fetch,
	const XPropertyEvent *event, size_t *length)
{
	if (fetch->state != SELECTION_INCREMENTAL ||
		event->window != fetch->window ||
		event->atom != fetch->property ||
		event->state != PropertyNewValue)
		return NULL;
	/* An empty piece is the end. */
	if (take_piece(fetch) == PIECE_SOME || fetch->state == SELECTION_IDLE)
		return NULL;
	return complete(fetch, length);
}
