#include "x11/clipboard.h"

#include <X11/Xatom.h>
#include <X11/extensions/Xfixes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static void watch_owners(struct clipboard *clipboard)
{
	Display *x = clipboard->display->x;
	int error_base, major = 2, minor = 0, i;

	if (!XFixesQueryExtension(x, &clipboard->event_base, &error_base) ||
		!XFixesQueryVersion(x, &major, &minor)) {
		clipboard->event_base = -1;
		log_warning(
			"the X server lacks XFIXES: text copied on the X "
			"side does not reach viewers");
		return;
	}
	for (i = 0; i < 2; i++)
		XFixesSelectSelectionInput(x, clipboard->window,
			clipboard->fetches[i].selection,
			XFixesSetSelectionOwnerNotifyMask |
				XFixesSelectionWindowDestroyNotifyMask |
				XFixesSelectionClientCloseNotifyMask);
}

void clipboard_init(struct clipboard *clipboard, struct display *display)
{
	XSetWindowAttributes attributes = { .event_mask = PropertyChangeMask };

	memset(clipboard, 0, sizeof(*clipboard));
	clipboard->display = display;
	clipboard->window = XCreateWindow(display->x, display->root, -1, -1, 1,
		1, 0, 0, InputOnly, CopyFromParent, CWEventMask, &attributes);
	selection_atoms_init(&clipboard->atoms, display->x);
	selection_offer_init(&clipboard->offer, display, &clipboard->atoms,
		clipboard->window);
	selection_fetch_init(&clipboard->fetches[0], display, &clipboard->atoms,
		clipboard->window, clipboard->atoms.clipboard,
		"X11WSVNC_CLIPBOARD");
	selection_fetch_init(&clipboard->fetches[1], display, &clipboard->atoms,
		clipboard->window, XA_PRIMARY, "X11WSVNC_PRIMARY");
	watch_owners(clipboard);
}

void clipboard_finish(struct clipboard *clipboard)
{
	if (!clipboard->display->lost)
		XDestroyWindow(clipboard->display->x, clipboard->window);
	selection_offer_finish(&clipboard->offer);
	selection_fetch_finish(&clipboard->fetches[0]);
	selection_fetch_finish(&clipboard->fetches[1]);
	free(clipboard->told);
	clipboard->told = NULL;
}

static bool handle_owner(struct clipboard *clipboard, const XEvent *event)
{
	const XFixesSelectionNotifyEvent *notify = (const void *)event;
	int i;

	if (clipboard->event_base < 0 ||
		event->type != clipboard->event_base + XFixesSelectionNotify)
		return false;
	for (i = 0; i < 2; i++) {
		struct selection_fetch *fetch = &clipboard->fetches[i];

		if (notify->selection != fetch->selection)
			continue;
		if (notify->owner == None || notify->owner == clipboard->window)
			selection_fetch_stop(fetch);
		else
			selection_fetch_start(
				fetch, notify->selection_timestamp);
	}
	return true;
}

/* Takes `text`. */
static bool is_news(struct clipboard *clipboard, char *text, size_t length)
{
	if (selection_offer_is(&clipboard->offer, text, length) ||
		(clipboard->told != NULL &&
			strcmp(clipboard->told, text) == 0)) {
		free(text);
		return false;
	}
	free(clipboard->told);
	clipboard->told = text;
	return true;
}

bool clipboard_handle(struct clipboard *clipboard, const XEvent *event,
	const char **text, size_t *length)
{
	char *fetched = NULL;
	int i;

	*text = NULL;
	if (handle_owner(clipboard, event))
		return true;
	if (event->type == SelectionRequest) {
		selection_offer_answer(
			&clipboard->offer, &event->xselectionrequest);
		return true;
	}
	if (event->type != SelectionNotify && event->type != PropertyNotify)
		return event->type == SelectionClear;
	for (i = 0; i < 2 && fetched == NULL; i++)
		fetched =
			event->type == SelectionNotify
				? selection_fetch_notify(&clipboard->fetches[i],
					  &event->xselection, length)
				: selection_fetch_property(
					  &clipboard->fetches[i],
					  &event->xproperty, length);
	if (fetched != NULL && is_news(clipboard, fetched, *length))
		*text = clipboard->told;
	return true;
}

void clipboard_copy(
	struct clipboard *clipboard, const char *utf8, size_t length)
{
	/* The same text copied again on the X side later is news again. */
	free(clipboard->told);
	clipboard->told = NULL;
	selection_offer_text(&clipboard->offer, utf8, length);
}
