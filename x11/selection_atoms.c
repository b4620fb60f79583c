#include "x11/selection_atoms.h"

void selection_atoms_init(struct selection_atoms *atoms, Display *display)
{
	static const char *const names[] = { "CLIPBOARD", "UTF8_STRING", "TEXT",
		"text/plain;charset=utf-8", "TARGETS", "INCR" };
	Atom found[6] = { None };

	XInternAtoms(display, (char **)names, 6, False, found);
	atoms->clipboard = found[0];
	atoms->utf8_string = found[1];
	atoms->text = found[2];
	atoms->plain_utf8 = found[3];
	atoms->targets = found[4];
	atoms->incr = found[5];
}
