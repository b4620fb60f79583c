#include "x11/selection_offer.h"

#include <X11/Xatom.h>
#include <stdlib.h>
#include <string.h>

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
	selection_send_init(&offer->send, display, atoms, window);
}

void selection_offer_finish(struct selection_offer *offer)
{
	selection_send_finish(&offer->send);
}

/* ---- owning ---- */

static void refuse_all(struct selection_offer *offer)
{
	int format;

	for (format = 0; format < CLIPBOARD_FORMATS; format++)
		selection_offer_give(offer, format, NULL, 0);
}

void selection_offer_start(struct selection_offer *offer, unsigned forms)
{
	Display *x = offer->display->x;
	int i;

	refuse_all(offer);
	offer->forms = forms;
	for (i = 0; i < SELECTIONS; i++) {
		if (offer->selections[i] == None)
			continue;
		if (forms != 0) {
			XSetSelectionOwner(x, offer->selections[i],
				offer->window, CurrentTime);
		} else if (offer->owned[i]) {
			XSetSelectionOwner(
				x, offer->selections[i], None, offer->since[i]);
		}
		offer->owned[i] = forms != 0;
	}
	XFlush(x);
}

void selection_offer_lost(struct selection_offer *offer, Atom selection)
{
	int i;

	for (i = 0; i < SELECTIONS; i++)
		if (offer->selections[i] == selection)
			offer->owned[i] = false;
}

void selection_offer_won(
	struct selection_offer *offer, Atom selection, Time since)
{
	int i;

	for (i = 0; i < SELECTIONS; i++)
		if (offer->selections[i] == selection) {
			offer->owned[i] = true;
			offer->since[i] = since;
		}
}

/* ---- answering ---- */

static void put(struct selection_offer *offer,
	const struct selection_request *request, Atom property, Atom type,
	const unsigned long *values, int count)
{
	/* Xlib wants 32-bit values in longs. */
	XChangeProperty(offer->display->x, request->event.requestor, property,
		type, 32, PropModeReplace, (const unsigned char *)values,
		count);
}

static void put_targets(struct selection_offer *offer,
	const struct selection_request *request, Atom property)
{
	const struct selection_atoms *atoms = offer->atoms;
	unsigned long targets[3 + SELECTION_TARGETS] = { atoms->targets,
		atoms->timestamp, atoms->multiple };
	int i, count = 3;

	for (i = 0; i < SELECTION_TARGETS; i++)
		if (offer->forms & CLIPBOARD_BIT(atoms->list[i].format))
			targets[count++] = atoms->list[i].atom;
	put(offer, request, property, XA_ATOM, targets, count);
}

static void put_timestamp(struct selection_offer *offer,
	const struct selection_request *request, Atom property)
{
	unsigned long since = 0;
	int i;

	for (i = 0; i < SELECTIONS; i++)
		if (offer->selections[i] == request->event.selection)
			since = offer->since[i];
	put(offer, request, property, XA_INTEGER, &since, 1);
}

/* Answers a pair that needs no data; false where it does, and
 * then *format says which. */
static bool answer_at_once(struct selection_offer *offer,
	struct selection_request *request, struct selection_pair *pair,
	enum clipboard_format *format)
{
	const struct selection_target *target;

	if (pair->target == offer->atoms->targets) {
		put_targets(offer, request, pair->property);
		return true;
	}
	if (pair->target == offer->atoms->timestamp) {
		put_timestamp(offer, request, pair->property);
		return true;
	}
	target = selection_atoms_find(offer->atoms, pair->target);
	if (target == NULL || !(offer->forms & CLIPBOARD_BIT(target->format))) {
		pair->property = None;
		return true;
	}
	*format = target->format;
	return false;
}

static bool send_data(struct selection_offer *offer,
	const struct selection_request *request,
	const struct selection_pair *pair, const void *bytes, size_t length)
{
	const struct selection_target *target =
		selection_atoms_find(offer->atoms, pair->target);
	char *text, *latin1;
	bool done;

	if (!target->latin1)
		return selection_send_bytes(&offer->send,
			request->event.requestor, pair->property, target->type,
			bytes, length);
	text = xstrndup(bytes, length);
	latin1 = text_to_latin1(text, &length);
	free(text);
	done = selection_send_bytes(&offer->send, request->event.requestor,
		pair->property, target->type, latin1, length);
	free(latin1);
	return done;
}

/* Which pairs could not be converted, ICCCM 2.6.2. */
static void put_pairs(
	struct selection_offer *offer, const struct selection_request *request)
{
	unsigned long atoms[SELECTION_PAIRS * 2];
	int i;

	for (i = 0; i < request->count; i++) {
		atoms[i * 2] = request->pairs[i].target;
		atoms[i * 2 + 1] = request->pairs[i].property;
	}
	put(offer, request, request->event.property, offer->atoms->atom_pair,
		atoms, request->count * 2);
}

static void notify(
	struct selection_offer *offer, const struct selection_request *request)
{
	XEvent answer;

	memset(&answer, 0, sizeof(answer));
	answer.xselection.type = SelectionNotify;
	answer.xselection.requestor = request->event.requestor;
	answer.xselection.selection = request->event.selection;
	answer.xselection.target = request->event.target;
	answer.xselection.time = request->event.time;
	if (request->multiple && request->count > 0) {
		put_pairs(offer, request);
		answer.xselection.property = request->event.property;
	} else if (request->count > 0) {
		answer.xselection.property = request->pairs[0].property;
	}
	XSendEvent(offer->display->x, request->event.requestor, False,
		NoEventMask, &answer);
}

static bool is_done(const struct selection_request *request)
{
	int i;

	for (i = 0; i < request->count; i++)
		if (!request->done[i])
			return false;
	return true;
}

/* ---- being asked ---- */

/* The list of pairs is in the property that the request names. */
static void read_pairs(
	struct selection_offer *offer, struct selection_request *request)
{
	unsigned long count = 0, left = 0, i;
	unsigned char *value = NULL;
	const unsigned long *atoms;
	int format = 0;
	Atom type = None;

	if (request->event.property == None ||
		XGetWindowProperty(offer->display->x, request->event.requestor,
			request->event.property, 0, SELECTION_PAIRS * 2, False,
			AnyPropertyType, &type, &format, &count, &left,
			&value) != Success)
		return;
	atoms = (const unsigned long *)(const void *)value;
	for (i = 0; format == 32 && i + 1 < count; i += 2)
		request->pairs[request->count++] =
			(struct selection_pair){ atoms[i], atoms[i + 1] };
	if (value != NULL)
		XFree(value);
}

static bool owns(const struct selection_offer *offer, Atom selection)
{
	int i;

	for (i = 0; i < SELECTIONS; i++)
		if (offer->selections[i] == selection && offer->owned[i])
			return true;
	return false;
}

static void read_request(
	struct selection_offer *offer, struct selection_request *request)
{
	const XSelectionRequestEvent *event = &request->event;

	if (!owns(offer, event->selection))
		return;
	request->multiple = event->target == offer->atoms->multiple;
	if (request->multiple) {
		read_pairs(offer, request);
		return;
	}
	request->count = 1;
	request->pairs[0].target = event->target;
	/* Clients older than the ICCCM leave the property out. */
	request->pairs[0].property =
		event->property != None ? event->property : event->target;
}

/* The forms that are needed for the rest. */
static unsigned answer_what_can_be(
	struct selection_offer *offer, struct selection_request *request)
{
	unsigned needed = 0;
	int i;

	for (i = 0; i < request->count; i++) {
		enum clipboard_format format;

		request->done[i] = answer_at_once(
			offer, request, &request->pairs[i], &format);
		if (!request->done[i])
			needed |= CLIPBOARD_BIT(format);
	}
	return needed;
}

unsigned selection_offer_ask(
	struct selection_offer *offer, const XSelectionRequestEvent *event)
{
	struct selection_request request = { .event = *event };
	struct x_error_trap trap;
	unsigned needed;

	/* The client may be gone by now. */
	x_error_trap(&trap, offer->display->x);
	read_request(offer, &request);
	needed = answer_what_can_be(offer, &request);
	if (needed != 0 && offer->waiting == SELECTION_WAITING) {
		request.count = 0;
		needed = 0;
	}
	if (needed == 0)
		notify(offer, &request);
	if (x_error_untrap(&trap) != 0)
		return 0;
	if (needed != 0)
		offer->requests[offer->waiting++] = request;
	return needed;
}

/* ---- giving ---- */

static void give_one(struct selection_offer *offer,
	struct selection_request *request, enum clipboard_format format,
	const void *bytes, size_t length)
{
	int i;

	for (i = 0; i < request->count; i++) {
		struct selection_pair *pair = &request->pairs[i];
		const struct selection_target *target =
			selection_atoms_find(offer->atoms, pair->target);

		if (request->done[i] || target->format != format)
			continue;
		request->done[i] = true;
		if (bytes == NULL ||
			!send_data(offer, request, pair, bytes, length))
			pair->property = None;
	}
}

void selection_offer_give(struct selection_offer *offer,
	enum clipboard_format format, const void *bytes, size_t length)
{
	struct x_error_trap trap;
	int i, kept = 0;

	if (offer->waiting == 0)
		return;
	for (i = 0; i < offer->waiting; i++) {
		struct selection_request *request = &offer->requests[i];

		x_error_trap(&trap, offer->display->x);
		give_one(offer, request, format, bytes, length);
		if (is_done(request))
			notify(offer, request);
		if (x_error_untrap(&trap) == 0 && !is_done(request))
			offer->requests[kept++] = *request;
	}
	offer->waiting = kept;
}
