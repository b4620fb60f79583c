/* Copy and paste, and the bell. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	OWN_FLAG(selections, false, "nosel", "sel", "no copy and paste at all"),
	{ .kind = OPTION_CHOICE,
		.field = AT(selection_way, char *),
		.scope = OPTION_OF_ONE,
		.flag = OPTION_NO_FIELD,
		.names = "seldir",
		.argument = "send|recv",
		.sentence = "only tell viewers what is copied on the screen, "
			    "or only take what they copy" },
	OWN_FLAG(clipboard_out, false, "noclipboardsend",
		"clipboardsend SendCutText",
		"do not tell viewers what is copied"),
	OWN_FLAG(clipboard_in, false, "noclipboardrecv",
		"clipboardrecv AcceptCutText", "do not take what viewers copy"),
	OWN_FLAG(primary, false, "noprimary", "primary SendPrimary",
		"do not tell viewers what is only marked (PRIMARY)"),
	OWN_FLAG(clipboard, false, "noclipboard", "clipboard",
		"do not tell viewers what is copied to CLIPBOARD"),
	OWN_FLAG(set_primary, false, "nosetprimary", "SetPrimary",
		"what viewers copy does not become PRIMARY"),
	OWN_FLAG(set_clipboard, false, "nosetclipboard", "setclipboard",
		"what viewers copy does not become CLIPBOARD"),
	OWN_NUMBER(most_clipboard_bytes, 1, 16 << 20, 1 << 20,
		"maxcuttext MaxCutText",
		"bytes of one copy in one form; more is not passed on"),
	OWN_NUMBER(most_clipboard_out_bytes, 0, 16 << 20, 0,
		"clipsendmax DLP_ClipSendMax",
		"the same for copies to viewers alone; 0 means -maxcuttext"),
	OWN_NUMBER(most_clipboard_in_bytes, 0, 16 << 20, 0,
		"clipacceptmax DLP_ClipAcceptMax",
		"the same for copies from viewers alone; 0 means -maxcuttext"),
	OWN_FLAG(bell, false, "nobell", "bell", "do not pass on the bell"),
};

const struct option_group option_group_clipboard =
	OPTION_GROUP("Clipboard and bell", entries);
