#include "x11/selection_atoms.h"

#include <stdio.h>
#include <string.h>

/* In the order of `names`, behind which stand the targets. */
enum { CLIPBOARD, TARGETS, MULTIPLE, ATOM_PAIR, TIMESTAMP, INCR, FIRST_TARGET };

static const char *const names[FIRST_TARGET] = { "CLIPBOARD", "TARGETS",
	"MULTIPLE", "ATOM_PAIR", "TIMESTAMP", "INCR" };

static const struct {
	const char *name;
	enum clipboard_format format;
} targets[SELECTION_TARGETS] = {
	{ "UTF8_STRING", CLIPBOARD_TEXT },
	{ "text/plain;charset=utf-8", CLIPBOARD_TEXT }, /* GTK's, Qt's */
	{ "text/plain;charset=UTF-8", CLIPBOARD_TEXT },
	{ "TEXT", CLIPBOARD_TEXT },
	{ "STRING", CLIPBOARD_TEXT },
	{ "text/rtf", CLIPBOARD_RTF },
	{ "application/rtf", CLIPBOARD_RTF },
	{ "text/html", CLIPBOARD_HTML },
	{ "image/bmp", CLIPBOARD_BMP },
	{ "image/x-bmp", CLIPBOARD_BMP },
	{ "image/x-MS-bmp", CLIPBOARD_BMP },
};

void selection_atoms_init(struct selection_atoms *atoms, Display *display)
{
	enum {
		PROPERTIES = FIRST_TARGET + SELECTION_TARGETS,
		ALL = PROPERTIES + SELECTION_PROPERTIES
	};
	char own[SELECTION_PROPERTIES][24];
	const char *all[ALL];
	Atom found[ALL] = { None };
	int i;

	memcpy(all, names, sizeof(names));
	for (i = 0; i < SELECTION_TARGETS; i++)
		all[FIRST_TARGET + i] = targets[i].name;
	for (i = 0; i < SELECTION_PROPERTIES; i++) {
		snprintf(own[i], sizeof(own[i]), "X11WSVNC_SELECTION_%d", i);
		all[PROPERTIES + i] = own[i];
	}
	XInternAtoms(display, (char **)all, ALL, False, found);
	atoms->clipboard = found[CLIPBOARD];
	atoms->targets = found[TARGETS];
	atoms->multiple = found[MULTIPLE];
	atoms->atom_pair = found[ATOM_PAIR];
	atoms->timestamp = found[TIMESTAMP];
	atoms->incr = found[INCR];
	for (i = 0; i < SELECTION_TARGETS; i++)
		atoms->list[i] = (struct selection_target){
			.format = targets[i].format,
			.latin1 = strcmp(targets[i].name, "STRING") == 0,
			.atom = found[FIRST_TARGET + i],
			/* TEXT means: in an encoding of the owner's choice. */
			.type = strcmp(targets[i].name, "TEXT") == 0
					? found[FIRST_TARGET]
					: found[FIRST_TARGET + i],
		};
	for (i = 0; i < SELECTION_PROPERTIES; i++)
		atoms->properties[i] = found[PROPERTIES + i];
}

const struct selection_target *selection_atoms_find(
	const struct selection_atoms *atoms, Atom target)
{
	int i;

	for (i = 0; i < SELECTION_TARGETS; i++)
		if (atoms->list[i].atom == target)
			return &atoms->list[i];
	return NULL;
}
