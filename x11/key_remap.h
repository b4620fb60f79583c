/* key_remap.h - symbols that are to be taken for others (-remap).
 *
 * Owner:   whoever embeds it; a plain value, zeroed maps nothing.
 * Threads: any; pure but for the file.
 */
#ifndef X11_KEY_REMAP_H
#define X11_KEY_REMAP_H

#include <X11/X.h>
#include <stdbool.h>

enum { KEY_REMAP_MOST = 256 };

/* "Button1" to "Button9" stand where no keysym is. */
#define KEY_REMAP_BUTTON ((KeySym)0x7fffff00)

struct key_remap {
	int count;
	struct {
		KeySym from, to; /* to NoSymbol: not pressed at all */
	} pairs[KEY_REMAP_MOST];
};

/* By name, or as a number that begins with 0x; NoSymbol for none. */
KeySym key_remap_symbol(const char *name);

/* Understands what x11vnc does, `from-to,from-to` with names or numbers, and
 * DEAD (accents as characters of their own); the same a line with a blank in
 * between, from a file; and x0vncserver's `from->to,from<>to`. False: *error
 * gets a sentence, the caller's to free. */
bool key_remap_parse(struct key_remap *remap, const char *text, char **error);

bool key_remap_is_button(KeySym keysym);

/* What to take it for; itself where nothing is said about it. */
KeySym key_remap_apply(const struct key_remap *remap, KeySym keysym);

#endif
