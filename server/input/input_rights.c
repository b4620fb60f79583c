#include "server/input/input_rights.h"

#include <ctype.h>
#include <string.h>

#include "rfb/session.h"

enum { CLIPBOARD = 0x100, FILES = 0x200 };

static unsigned meaning(char letter)
{
	switch (toupper((unsigned char)letter)) {
	case 'K':
		return SESSION_KEYS;
	case 'M':
		return SESSION_MOTION;
	case 'B':
		return SESSION_BUTTONS;
	case 'C':
		return CLIPBOARD;
	case 'F':
		return FILES;
	default:
		return 0;
	}
}

bool input_rights_parse(const char *letters, struct input_rights *rights)
{
	const unsigned input = SESSION_KEYS | SESSION_MOTION | SESSION_BUTTONS;
	unsigned said[2] = { 0, 0 };
	int which = 0;

	for (; *letters != '\0'; letters++) {
		if (*letters == ',' && which == 0)
			which = 1;
		else if (meaning(*letters) != 0)
			said[which] |= meaning(*letters);
		else
			return false;
	}
	rights->all = said[0] & input;
	rights->clipboard = (said[0] & CLIPBOARD) != 0;
	rights->watchers = said[1] & input;
	return true;
}
