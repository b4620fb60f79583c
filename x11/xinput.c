#include "x11/xinput.h"

#include <X11/extensions/XInput.h>
#include <X11/extensions/XInput2.h>

int xinput_opcode(struct display *display, int least_minor)
{
	int opcode, event, error, major = 2, minor = 2;
	XExtensionVersion *first;
	Display *x = display->x;

	if (display->lost ||
		!XQueryExtension(x, INAME, &opcode, &event, &error))
		return 0;
	first = XGetExtensionVersion(x, INAME);
	if (first == NULL || first == (XExtensionVersion *)NoSuchExtension)
		return 0;
	XFree(first);
	if (XIQueryVersion(x, &major, &minor) != Success)
		return 0;
	return major > 2 || minor >= least_minor ? opcode : 0;
}
