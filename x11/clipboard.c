#include "x11/clipboard.h"

#include <X11/Xatom.h>
#include <X11/extensions/Xfixes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "base/xmalloc.h"

/* ---- who owns it ---- */

static void watch_owners(struct clipboard *clipboard)
{
	Display *x = clipboard->display->x;
	int error_base, major = 2, minor = 0, i;

	if (!XFixesQueryExtension(x, &clipboard->event_base, &error_base) ||
		!XFixesQueryVersion(x, &major, &minor)) {
		clipboard->event_base = -1;
		log_warning(
			"the X server lacks XFIXES: what is copied on the "
			"X side does not reach viewers");
		return;
	}
	/* Both, as far as anything is done with them: who owns them now is
	 * known from here. */
	for (i = 0; i < SELECTIONS; i++)
		XFixesSelectSelectionInput(x, clipboard->window,
			i == 0 ? clipboard->atoms.clipboard : XA_PRIMARY,
			XFixesSetSelectionOwnerNotifyMask |
				XFixesSelectionWindowDestroyNotifyMask |
				XFixesSelectionClientCloseNotifyMask);
}

/* What is there already at the start. */
static void find_owner(struct clipboard *clipboard)
{
	int i;

	for (i = 0; i < SELECTIONS && clipboard->current == None; i++)
		if (clipboard->watched[i] != None &&
			XGetSelectionOwner(clipboard->display->x,
				clipboard->watched[i]) != None)
			clipboard->current = clipboard->watched[i];
	clipboard->changed = clipboard->current != None;
}

void clipboard_init(struct clipboard *clipboard, struct display *display,
	const struct desktop_options *options, const struct desktop_host *host,
	void *context)
{
	XSetWindowAttributes attributes = { .event_mask = PropertyChangeMask };
	size_t most = options->most_clipboard_bytes;

	memset(clipboard, 0, sizeof(*clipboard));
	clipboard->display = display;
	clipboard->host = host;
	clipboard->context = context;
	clipboard->window = XCreateWindow(display->x, display->root, -1, -1, 1,
		1, 0, 0, InputOnly, CopyFromParent, CWEventMask, &attributes);
	selection_atoms_init(&clipboard->atoms, display->x);
	selection_offer_init(&clipboard->offer, display, &clipboard->atoms,
		clipboard->window);
	selection_fetch_init(&clipboard->fetch, display, &clipboard->atoms,
		clipboard->window, most != 0 ? most : CLIPBOARD_USUAL_BYTES);
	if (!options->no_set_clipboard)
		clipboard->offer.selections[0] = clipboard->atoms.clipboard;
	if (!options->no_set_primary)
		clipboard->offer.selections[1] = XA_PRIMARY;
	if (!options->no_clipboard)
		clipboard->watched[0] = clipboard->atoms.clipboard;
	if (!options->no_primary)
		clipboard->watched[1] = XA_PRIMARY;
	watch_owners(clipboard);
	find_owner(clipboard);
}

void clipboard_finish(struct clipboard *clipboard)
{
	if (!clipboard->display->lost)
		XDestroyWindow(clipboard->display->x, clipboard->window);
	selection_offer_finish(&clipboard->offer);
	selection_fetch_finish(&clipboard->fetch);
}

void clipboard_forget(struct clipboard *clipboard)
{
	selection_fetch_stop(&clipboard->fetch);
	clipboard->looking = clipboard->fetching = false;
	clipboard->wanted = 0;
}

static void set_owner(struct clipboard *clipboard, Atom selection, Time since)
{
	clipboard_forget(clipboard);
	clipboard->current = selection;
	clipboard->since = since;
	clipboard->targets = 0;
	clipboard->changed = true;
}

static bool is_watched(const struct clipboard *clipboard, Atom selection)
{
	return selection == clipboard->watched[0] ||
	       selection == clipboard->watched[1];
}

static void owner_changed(
	struct clipboard *clipboard, const XFixesSelectionNotifyEvent *notify)
{
	Atom selection = notify->selection;

	if (notify->owner == clipboard->window) {
		selection_offer_won(&clipboard->offer, selection,
			notify->selection_timestamp);
		if (selection != clipboard->current)
			return;
		/* No news: that we are it is of our own doing. */
		set_owner(clipboard, None, CurrentTime);
		clipboard->changed = false;
		return;
	}
	selection_offer_lost(&clipboard->offer, selection);
	if (notify->owner != None && is_watched(clipboard, selection))
		set_owner(clipboard, selection, notify->selection_timestamp);
	else if (notify->owner == None && selection == clipboard->current)
		set_owner(clipboard, None, CurrentTime);
}

static bool handle_owner(struct clipboard *clipboard, const XEvent *event)
{
	if (clipboard->event_base < 0 ||
		event->type != clipboard->event_base + XFixesSelectionNotify)
		return false;
	owner_changed(clipboard, (const void *)event);
	return true;
}

bool clipboard_take_changed(struct clipboard *clipboard)
{
	bool changed = clipboard->changed;

	clipboard->changed = false;
	return changed;
}

/* ---- what it has ---- */

static void offer(struct clipboard *clipboard)
{
	unsigned forms = 0;
	int i;

	for (i = 0; i < SELECTION_TARGETS; i++)
		if (clipboard->targets & 1u << i)
			forms |= CLIPBOARD_BIT(clipboard->atoms.list[i].format);
	if (clipboard->host->clipboard_offered != NULL)
		clipboard->host->clipboard_offered(clipboard->context, forms);
}

void clipboard_look(struct clipboard *clipboard)
{
	clipboard_forget(clipboard);
	clipboard->targets = 0;
	if (clipboard->current == None) {
		offer(clipboard);
		return;
	}
	clipboard->looking = true;
	selection_fetch_start(&clipboard->fetch, clipboard->current,
		clipboard->atoms.targets, clipboard->since);
}

static void take_targets(struct clipboard *clipboard, bool refused)
{
	const struct selection_fetch *fetch = &clipboard->fetch;
	const unsigned long *atoms = (const void *)buffer_bytes(&fetch->bytes);
	size_t count = buffer_length(&fetch->bytes) / sizeof(*atoms), i;
	int target;

	clipboard->looking = false;
	for (i = 0; !refused && fetch->format == 32 && i < count; i++)
		for (target = 0; target < SELECTION_TARGETS; target++)
			if (clipboard->atoms.list[target].atom == atoms[i])
				clipboard->targets |= 1u << target;
	/* An owner of the old school has text, if anything. */
	for (target = 0; refused && target < SELECTION_TARGETS; target++)
		if (target == 0 || clipboard->atoms.list[target].latin1)
			clipboard->targets |= 1u << target;
	offer(clipboard);
}

/* ---- its bytes ---- */

static void give(struct clipboard *clipboard, const void *bytes, size_t length)
{
	clipboard->fetching = false;
	if (clipboard->host->clipboard_given != NULL)
		clipboard->host->clipboard_given(
			clipboard->context, clipboard->format, bytes, length);
}

static unsigned targets_of(
	const struct clipboard *clipboard, enum clipboard_format format)
{
	unsigned targets = 0;
	int i;

	for (i = 0; i < SELECTION_TARGETS; i++)
		if (clipboard->atoms.list[i].format == format)
			targets |= clipboard->targets & 1u << i;
	return targets;
}

/* Asks for the next target of the form; false where none is left. */
static bool try_next(struct clipboard *clipboard)
{
	int i;

	if (clipboard->untried == 0)
		return false;
	i = __builtin_ctz(clipboard->untried);
	clipboard->untried &= ~(1u << i);
	selection_fetch_start(&clipboard->fetch, clipboard->current,
		clipboard->atoms.list[i].atom, clipboard->since);
	return true;
}

static void fetch_next(struct clipboard *clipboard)
{
	while (clipboard->wanted != 0 && !clipboard->looking &&
		!clipboard->fetching) {
		clipboard->format = __builtin_ctz(clipboard->wanted);
		clipboard->wanted &= ~CLIPBOARD_BIT(clipboard->format);
		clipboard->untried = targets_of(clipboard, clipboard->format);
		clipboard->fetching = true;
		if (!try_next(clipboard))
			give(clipboard, NULL, 0);
	}
}

void clipboard_fetch(struct clipboard *clipboard, enum clipboard_format format)
{
	clipboard->wanted |= CLIPBOARD_BIT(format);
	fetch_next(clipboard);
}

static void give_text(struct clipboard *clipboard)
{
	const struct selection_fetch *fetch = &clipboard->fetch;
	const uint8_t *bytes = buffer_bytes(&fetch->bytes);
	size_t length = buffer_length(&fetch->bytes);
	char *text, *utf8 = NULL;

	if (fetch->type == XA_STRING)
		bytes = (uint8_t *)(utf8 = text_from_latin1(bytes, length));
	if (utf8 != NULL)
		length = strlen(utf8);
	text = text_from_stranger(bytes, length, &length);
	free(utf8);
	give(clipboard, text, length);
	free(text);
}

static void take_bytes(struct clipboard *clipboard, bool refused)
{
	struct buffer *bytes = &clipboard->fetch.bytes;

	if (refused || clipboard->fetch.format != 8) {
		if (!try_next(clipboard))
			give(clipboard, NULL, 0);
	} else if (clipboard->format == CLIPBOARD_TEXT) {
		give_text(clipboard);
	} else {
		struct buffer taken = *bytes;

		/* Its owner may ask for the next from inside. */
		*bytes = (struct buffer){ 0 };
		give(clipboard, buffer_bytes(&taken), buffer_length(&taken));
		buffer_finish(&taken);
	}
	fetch_next(clipboard);
}

static bool handle_answer(struct clipboard *clipboard, const XEvent *event)
{
	enum selection_fetch_news news =
		selection_fetch_handle(&clipboard->fetch, event);

	if (news == SELECTION_NO_NEWS)
		return false;
	if (clipboard->looking)
		take_targets(clipboard, news == SELECTION_REFUSED);
	else
		take_bytes(clipboard, news == SELECTION_REFUSED);
	return true;
}

/* ---- events ---- */

static void handle_request(
	struct clipboard *clipboard, const XSelectionRequestEvent *request)
{
	unsigned forms = selection_offer_ask(&clipboard->offer, request);
	int format;

	for (format = 0; format < CLIPBOARD_FORMATS; format++)
		if (forms & CLIPBOARD_BIT(format) &&
			clipboard->host->clipboard_wanted != NULL)
			clipboard->host->clipboard_wanted(
				clipboard->context, format);
}

bool clipboard_handle(struct clipboard *clipboard, const XEvent *event)
{
	if (handle_owner(clipboard, event))
		return true;
	switch (event->type) {
	case SelectionRequest:
		handle_request(clipboard, &event->xselectionrequest);
		return true;
	case SelectionClear:
		/* Where XFIXES tells, this may be of an earlier time. */
		if (clipboard->event_base < 0)
			selection_offer_lost(&clipboard->offer,
				event->xselectionclear.selection);
		return true;
	case SelectionNotify:
		handle_answer(clipboard, event);
		return true;
	default:
		return selection_send_handle(&clipboard->offer.send, event) ||
		       handle_answer(clipboard, event);
	}
}
