/* keysym_twin.h - characters that have two keysyms: X11's own of old
 * (Cyrillic_a) and Unicode's (U0430). Keyboards have the one, viewers send the
 * other.
 *
 * Threads: any; pure.
 */
#ifndef X11_KEYSYM_TWIN_H
#define X11_KEYSYM_TWIN_H

#include <X11/X.h>

/* The other keysym of the same character; NoSymbol where there is none. */
KeySym keysym_twin(KeySym keysym);

#endif
