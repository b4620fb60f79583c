#include "x11/key_repeat.h"

#include <X11/XKBlib.h>
#include <X11/extensions/XInput2.h>
#include <string.h>

#include "x11/x_error.h"
#include "x11/xinput.h"

/* The slave keyboard whose name has, or lacks, "XTEST". */
static int find_keyboard(struct display *display, bool xtest)
{
	int count, i, found = 0;
	XIDeviceInfo *devices;

	if (xinput_opcode(display, 0) == 0)
		return 0;
	devices = XIQueryDevice(display->x, XIAllDevices, &count);
	if (devices == NULL)
		return 0;
	for (i = 0; i < count && found == 0; i++)
		if (devices[i].use == XISlaveKeyboard &&
			(strstr(devices[i].name, "XTEST") != NULL) == xtest)
			found = devices[i].deviceid;
	XIFreeDeviceInfo(devices);
	return found;
}

static bool repeats(Display *x, int device)
{
	XkbDescPtr xkb = XkbAllocKeyboard();
	struct x_error_trap trap;
	bool is = false;

	if (xkb == NULL)
		return false;
	xkb->device_spec = (unsigned short)device;
	x_error_trap(&trap, x);
	if (XkbGetControls(x, XkbAllControlsMask, xkb) == Success)
		is = (xkb->ctrls->enabled_ctrls & XkbRepeatKeysMask) != 0;
	x_error_untrap_replied(&trap);
	XkbFreeKeyboard(xkb, 0, True);
	return is;
}

static void set(Display *x, int device, bool on)
{
	struct x_error_trap trap;

	x_error_trap(&trap, x);
	XkbChangeEnabledControls(x, (unsigned)device, XkbRepeatKeysMask,
		on ? XkbRepeatKeysMask : 0);
	x_error_untrap(&trap);
}

void key_repeat_init(
	struct key_repeat *repeat, struct display *display, bool was_off)
{
	Display *x = display->x;

	*repeat = (struct key_repeat){ .display = display };
	if (display->lost)
		return;
	repeat->device = find_keyboard(display, true);
	if (repeat->device == 0)
		return;
	repeat->is_off = was_off;
	if (!repeats(x, repeat->device))
		return;
	repeat->is_off = true;
	set(x, repeat->device, false);
}

/* What all programs see as "the keyboard" has the settings of whichever was
 * typed on last: ours, perhaps. */
void key_repeat_finish(struct key_repeat *repeat)
{
	Display *x = repeat->display->x;
	int real;

	if (repeat->display->lost || !repeat->is_off)
		return;
	real = find_keyboard(repeat->display, false);
	if (real != 0 && !repeats(x, real))
		return;
	set(x, repeat->device, true);
	if (!repeats(x, XkbUseCoreKbd))
		set(x, XkbUseCoreKbd, true);
}
