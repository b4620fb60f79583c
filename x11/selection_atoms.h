/* selection_atoms.h - the names that copy and paste are made of, and by which
 * targets a form of base/clipboard_format.h is asked for.
 */
#ifndef X11_SELECTION_ATOMS_H
#define X11_SELECTION_ATOMS_H

#include <X11/Xlib.h>
#include <stdbool.h>

#include "base/clipboard_format.h"

struct selection_target {
	enum clipboard_format format;
	bool latin1; /* STRING: else text is UTF-8 */
	Atom atom;
	Atom type; /* of what we give for it */
};

enum { SELECTION_TARGETS = 11, SELECTION_PROPERTIES = 8 };

struct selection_atoms {
	Atom clipboard;
	Atom targets;
	Atom multiple;
	Atom atom_pair;
	Atom timestamp;
	Atom incr;
	/* The best of each form first. */
	struct selection_target list[SELECTION_TARGETS];
	/* Of our window, where answers are put: one after the other, so that
	 * a late one does not fall between two others. */
	Atom properties[SELECTION_PROPERTIES];
};

/* A round trip. */
void selection_atoms_init(struct selection_atoms *atoms, Display *display);

/* NULL where it is none of ours. */
const struct selection_target *selection_atoms_find(
	const struct selection_atoms *atoms, Atom target);

#endif
