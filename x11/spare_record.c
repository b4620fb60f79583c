#include "x11/spare_record.h"

#include <X11/Xatom.h>
#include <stdio.h>

/* A word of flags, then a key and its symbols at a time. */
enum {
	WORDS_A_KEY = 1 + SPARE_RECORD_LEVELS,
	MOST_WORDS = 1 + SPARE_RECORD_KEYS * WORDS_A_KEY,
	REPEAT_IS_OFF = 1,
};

static Atom name_of(Display *x, int number)
{
	char name[32];

	snprintf(name, sizeof(name), "_X11WSVNC_KEYS_%d", number);
	return XInternAtom(x, name, False);
}

/* Another client may have written anything. */
static void parse(const unsigned long *words, unsigned long count,
	struct spare_record_list *list)
{
	unsigned long i;
	int level;

	list->count = 0;
	list->repeat_is_off = count > 0 && (words[0] & REPEAT_IS_OFF) != 0;
	for (i = 1; i + WORDS_A_KEY <= count; i += WORDS_A_KEY) {
		struct spare_record_key *key = &list->keys[list->count];

		if (list->count == SPARE_RECORD_KEYS)
			return;
		if (words[i] < 8 || words[i] > 255)
			continue;
		key->key = (KeyCode)words[i];
		for (level = 0; level < SPARE_RECORD_LEVELS; level++)
			key->keysyms[level] =
				words[i + 1 + (unsigned)level] & 0xffffffff;
		list->count++;
	}
}

static bool read_left(
	struct display *display, Atom atom, struct spare_record_list *list)
{
	unsigned long count, after;
	unsigned char *bytes = NULL;
	Atom type;
	int format;

	if (XGetWindowProperty(display->x, display->root, atom, 0, MOST_WORDS,
		    True, XA_CARDINAL, &type, &format, &count, &after,
		    &bytes) != Success)
		return false;
	if (type == XA_CARDINAL && format == 32)
		parse((const unsigned long *)(void *)bytes, count, list);
	else
		count = 0;
	if (bytes != NULL)
		XFree(bytes);
	return count > 0;
}

void spare_record_init(struct spare_record *record, struct display *display,
	void (*found)(void *context, const struct spare_record_list *list),
	void *context)
{
	struct spare_record_list list;
	Display *x = display->x;
	int i;

	record->display = display;
	record->atom = None;
	record->window =
		XCreateSimpleWindow(x, display->root, -1, -1, 1, 1, 0, 0, 0);
	for (i = 0; i < SPARE_RECORD_PROGRAMS && !display->lost; i++) {
		Atom atom = name_of(x, i);

		if (XGetSelectionOwner(x, atom) != None)
			continue;
		if (record->atom == None) {
			XSetSelectionOwner(
				x, atom, record->window, CurrentTime);
			record->atom = atom;
		}
		if (read_left(display, atom, &list))
			found(context, &list);
	}
}

void spare_record_finish(struct spare_record *record)
{
	if (record->display->lost)
		return;
	if (record->atom != None)
		XDeleteProperty(record->display->x, record->display->root,
			record->atom);
	XDestroyWindow(record->display->x, record->window);
	record->atom = None;
}

void spare_record_write(
	struct spare_record *record, const struct spare_record_list *list)
{
	long words[MOST_WORDS];
	int i, level, count = 1;

	if (record->atom == None)
		return;
	words[0] = list->repeat_is_off ? REPEAT_IS_OFF : 0;
	for (i = 0; i < list->count; i++) {
		words[count++] = list->keys[i].key;
		for (level = 0; level < SPARE_RECORD_LEVELS; level++)
			words[count++] = (long)list->keys[i].keysyms[level];
	}
	XChangeProperty(record->display->x, record->display->root, record->atom,
		XA_CARDINAL, 32, PropModeReplace, (const unsigned char *)words,
		count);
}
