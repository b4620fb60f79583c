#include "x11/pointer_watch.h"

#include <X11/extensions/XInput2.h>

#include "x11/xinput.h"

/* Before 2.1 raw events are not told while another client has a grab: a menu
 * is open, a window is dragged. */
enum { LEAST_MINOR = 1 };

void pointer_watch_init(struct pointer_watch *watch, struct display *display)
{
	*watch = (struct pointer_watch){ .display = display };
	watch->opcode = xinput_opcode(display, LEAST_MINOR);
}

void pointer_watch_set(struct pointer_watch *watch, bool on)
{
	unsigned char bits[XIMaskLen(XI_LASTEVENT)] = { 0 };
	XIEventMask mask = { XIAllMasterDevices, sizeof(bits), bits };

	if (watch->opcode == 0 || watch->on == on)
		return;
	watch->on = on;
	if (on) {
		XISetMask(bits, XI_RawMotion);
		XISetMask(bits, XI_RawTouchUpdate);
	}
	XISelectEvents(watch->display->x, watch->display->root, &mask, 1);
	XFlush(watch->display->x);
}

bool pointer_watch_handle(struct pointer_watch *watch, XEvent *event)
{
	if (watch->opcode == 0 || event->type != GenericEvent ||
		event->xcookie.extension != watch->opcode)
		return false;
	watch->moved = true;
	return true;
}

bool pointer_watch_take(struct pointer_watch *watch)
{
	bool moved = watch->moved;

	watch->moved = false;
	return moved;
}
