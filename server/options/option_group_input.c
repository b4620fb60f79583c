/* Keys and mice of viewers, and what of them is heard. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	OWN_TEXT(input, "LETTERS", "input",
		"what viewers may do: K keys, M mouse motion, B buttons, C "
		"clipboard; after a comma the same for those who only watch"),
	OWN_FLAG(key_events, false, "nokeyevents", "AcceptKeyEvents keyevents",
		"viewers may not type"),
	OWN_FLAG(pointer_events, false, "nopointerevents",
		"AcceptPointerEvents pointerevents",
		"viewers may not use the mouse"),
	OWN_FLAG(raw_keyboard, true, "rawkeyboard", "norawkeyboard",
		"go by the place of a key where the viewer tells it, whatever "
		"its symbol there"),
	OWN_TEXT(remap, "A-B,...", "remap RemapKeys",
		"take key A for B: symbols by name or number, a file with a "
		"pair a line, or DEAD"),
	OWN_FLAG(skip_lock_keys, true, "skip_lockkeys", "noskip_lockkeys",
		"leave Caps Lock and its like alone"),
	OWN_FLAG(add_keysyms, false, "noadd_keysyms", "add_keysyms",
		"do not put symbols that the keyboard lacks on spare keys"),
	OWN_TEXT(skip_keycodes, "N,...", "skip_keycodes",
		"never press these keycodes"),
	OWN_FLAG(clear_modifiers, true, "clear_mods", NULL,
		"let go of held modifiers at the start and at the end"),
	OWN_FLAG(clear_keys, true, "clear_keys", NULL,
		"let go of all held keys at the start and at the end"),
	OWN_FLAG(clear_all, true, "clear_all", NULL,
		"the same, and switch Caps Lock and its like off"),
	OWN_TEXT(button_map, "123-321", "buttonmap",
		"take mouse buttons for others, or for keys: 45-:Prior::Next:"),
	OWN_FLAG(warp_pointer, true, "xwarppointer", "noxwarppointer",
		"let the pointer jump instead of moving it as a mouse does"),
	OWN_FLAG(relative_pointer, true, "relative", "norelative",
		"ask viewers that can for motion instead of places: for "
		"games that catch the mouse"),
	OWN_FLAG(pointer_place, false, "nocursorpos", "cursorpos",
		"do not tell viewers where somebody else moves the pointer"),
};

const struct option_group option_group_input =
	OPTION_GROUP("Keyboard and mouse", entries);
