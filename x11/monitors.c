#include "x11/monitors.h"

#include <X11/extensions/Xrandr.h>
#include <string.h>

#include "base/log.h"

/* Of a monitor we made up: RandR's are atoms of names, and atom 1 is always
 * the name PRIMARY. Not 0: noVNC up to 1.3 asks for screen 0 when it means
 * the first one. */
enum { WHOLE_AREA_ID = 1 };

/* Asked of Xlib first: libXrandr leaks where there is no RANDR. */
static bool query(struct monitors *monitors, int *major, int *minor)
{
	Display *x = monitors->display->x;
	int opcode, event_base, error_base;

	return XQueryExtension(x, "RANDR", &opcode, &event_base, &error_base) &&
	       XRRQueryExtension(x, &monitors->event_base, &error_base) &&
	       XRRQueryVersion(x, major, minor);
}

void monitors_init(struct monitors *monitors, struct display *display)
{
	int major = 1, minor = 5;

	memset(monitors, 0, sizeof(*monitors));
	monitors->display = display;
	if (!query(monitors, &major, &minor)) {
		monitors->event_base = -1;
		log_warning(
			"the X server lacks RANDR: viewers see one "
			"monitor");
		return;
	}
	monitors->available = major > 1 || minor >= 5;
	if (!monitors->available)
		log_warning(
			"the X server's RANDR is older than 1.5: viewers "
			"see one monitor");
	XRRSelectInput(display->x, display->root,
		RRScreenChangeNotifyMask | RRCrtcChangeNotifyMask |
			RROutputChangeNotifyMask);
}

bool monitors_handle(struct monitors *monitors, XEvent *event)
{
	int type = event->type - monitors->event_base;

	if (monitors->event_base < 0 ||
		(type != RRScreenChangeNotify && type != RRNotify))
		return false;
	XRRUpdateConfiguration(event);
	return true;
}

static void add(struct monitors *monitors, uint32_t id, struct rect rect)
{
	struct desktop_monitor *monitor;

	if (rect_is_empty(rect) || monitors->count == DESKTOP_MOST_MONITORS)
		return;
	monitor = &monitors->list[monitors->count++];
	memset(monitor, 0, sizeof(*monitor));
	monitor->id = id;
	monitor->rect = rect;
}

static void ask(struct monitors *monitors, struct rect area)
{
	XRRMonitorInfo *infos;
	int count = 0, i;

	infos = XRRGetMonitors(
		monitors->display->x, monitors->display->root, True, &count);
	for (i = 0; infos != NULL && i < count; i++) {
		struct rect rect = { infos[i].x, infos[i].y, infos[i].width,
			infos[i].height };

		rect = rect_intersect(rect, area);
		rect.x -= area.x;
		rect.y -= area.y;
		add(monitors, (uint32_t)infos[i].name, rect);
	}
	if (infos != NULL)
		XRRFreeMonitors(infos);
}

bool monitors_update(struct monitors *monitors, struct rect area)
{
	struct monitors before = *monitors;

	monitors->count = 0;
	memset(monitors->list, 0, sizeof(monitors->list));
	if (monitors->available)
		ask(monitors, area);
	if (monitors->count == 0)
		add(monitors, WHOLE_AREA_ID,
			(struct rect){ 0, 0, area.width, area.height });
	return before.count != monitors->count ||
	       memcmp(before.list, monitors->list, sizeof(before.list)) != 0;
}

/* Newer ones have the extension, older ones only name their outputs so. */
static bool is_xwayland(const struct monitors *monitors)
{
	Display *x = monitors->display->x;
	int opcode, event_base, error_base;
	bool found = false;
	char *name;

	if (XQueryExtension(x, "XWAYLAND", &opcode, &event_base, &error_base))
		return true;
	if (!monitors->available || monitors->count == 0)
		return false;
	name = XGetAtomName(x, monitors->list[0].id);
	if (name != NULL) {
		found = strncmp(name, "XWAYLAND", 8) == 0;
		XFree(name);
	}
	return found;
}

void monitors_warn_xwayland(const struct monitors *monitors)
{
	if (is_xwayland(monitors))
		log_warning(
			"this is XWayland, the X server inside a Wayland "
			"desktop: expect a black picture; log in to an "
			"X11 session, or share a display of your own "
			"(Xvfb, Xvnc)");
}
