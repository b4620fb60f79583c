#include "x11/selection_offer.h"

#include <X11/Xatom.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "base/xmalloc.h"
#include "x11/x_error.h"

void selection_offer_init(struct selection_offer *offer,
	struct display *display, const struct selection_atoms *atoms,
	Window window)
{
	memset(offer, 0, sizeof(*offer));
	offer->display = display;
	offer->atoms = atoms;
	offer->window = window;
}

void selection_offer_finish(struct selection_offer *offer)
{
	free(offer->text);
	offer->text = NULL;
}

void selection_offer_text(
	struct selection_offer *offer, const char *utf8, size_t length)
{
	Display *x = offer->display->x;

	free(offer->text);
	offer->text = xstrndup(utf8, length);
	offer->length = strlen(offer->text); /* a NUL inside ends it */
	XSetSelectionOwner(
		x, offer->atoms->clipboard, offer->window, CurrentTime);
	XSetSelectionOwner(x, XA_PRIMARY, offer->window, CurrentTime);
	XFlush(x);
}

bool selection_offer_is(
	const struct selection_offer *offer, const char *utf8, size_t length)
{
	return offer->text != NULL && offer->length == length &&
	       memcmp(offer->text, utf8, length) == 0;
}

static bool put(struct selection_offer *offer,
	const XSelectionRequestEvent *request, Atom property, Atom type,
	const char *bytes, size_t length)
{
	Display *x = offer->display->x;
	size_t most = (size_t)XExtendedMaxRequestSize(x);

	if (most == 0)
		most = (size_t)XMaxRequestSize(x);
	/* Counted in fours, less the request's own header. */
	if (length > most * 4 - 64) {
		log_debug("too much text for one X request: not pasted");
		return false;
	}
	XChangeProperty(x, request->requestor, property, type, 8,
		PropModeReplace, (const unsigned char *)bytes, (int)length);
	return true;
}

static bool put_targets(struct selection_offer *offer,
	const XSelectionRequestEvent *request, Atom property)
{
	const struct selection_atoms *atoms = offer->atoms;
	/* Xlib wants 32-bit values in longs. */
	unsigned long targets[] = { atoms->targets, atoms->utf8_string,
		atoms->plain_utf8, atoms->text, XA_STRING };

	XChangeProperty(offer->display->x, request->requestor, property,
		XA_ATOM, 32, PropModeReplace, (const unsigned char *)targets,
		(int)(sizeof(targets) / sizeof(targets[0])));
	return true;
}

static bool put_latin1(struct selection_offer *offer,
	const XSelectionRequestEvent *request, Atom property)
{
	size_t length;
	char *latin1 = text_to_latin1(offer->text, &length);
	bool done = put(offer, request, property, XA_STRING, latin1, length);

	free(latin1);
	return done;
}

static bool convert(struct selection_offer *offer,
	const XSelectionRequestEvent *request, Atom property)
{
	const struct selection_atoms *atoms = offer->atoms;
	Atom target = request->target;

	if (offer->text == NULL ||
		(request->selection != XA_PRIMARY &&
			request->selection != atoms->clipboard))
		return false;
	if (target == atoms->targets)
		return put_targets(offer, request, property);
	if (target == XA_STRING)
		return put_latin1(offer, request, property);
	if (target == atoms->text || target == atoms->utf8_string)
		return put(offer, request, property, atoms->utf8_string,
			offer->text, offer->length);
	if (target == atoms->plain_utf8)
		return put(offer, request, property, target, offer->text,
			offer->length);
	return false;
}

void selection_offer_answer(
	struct selection_offer *offer, const XSelectionRequestEvent *request)
{
	Display *x = offer->display->x;
	struct x_error_trap trap;
	XEvent answer;
	/* Clients older than the ICCCM leave the property out. */
	Atom property =
		request->property != None ? request->property : request->target;

	memset(&answer, 0, sizeof(answer));
	answer.xselection.type = SelectionNotify;
	answer.xselection.requestor = request->requestor;
	answer.xselection.selection = request->selection;
	answer.xselection.target = request->target;
	answer.xselection.time = request->time;
	/* The client may be gone by now. */
	x_error_trap(&trap, x);
	answer.xselection.property =
		convert(offer, request, property) ? property : None;
	XSendEvent(x, request->requestor, False, NoEventMask, &answer);
	x_error_untrap(&trap);
}
