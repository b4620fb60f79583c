/* selection_atoms.h - the names that copy and paste are made of. */
#ifndef X11_SELECTION_ATOMS_H
#define X11_SELECTION_ATOMS_H

#include <X11/Xlib.h>

struct selection_atoms {
	Atom clipboard;
	Atom utf8_string;
	Atom text;
	Atom plain_utf8; /* text/plain;charset=utf-8, GTK's and Qt's */
	Atom targets;
	Atom incr;
};

/* A round trip. */
void selection_atoms_init(struct selection_atoms *atoms, Display *display);

#endif
