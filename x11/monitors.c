#include "x11/monitors.h"

#include <X11/extensions/Xrandr.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"

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

static void add(
	struct desktop_monitor *list, int *count, uint32_t id, struct rect rect)
{
	struct desktop_monitor *monitor;

	if (rect_is_empty(rect) || *count == DESKTOP_MOST_MONITORS)
		return;
	monitor = &list[(*count)++];
	memset(monitor, 0, sizeof(*monitor));
	monitor->id = id;
	monitor->rect = rect;
}

void monitors_ask(struct monitors *monitors)
{
	XRRMonitorInfo *infos;
	int count = 0, i;

	monitors->whole_count = 0;
	if (!monitors->available || monitors->display->lost)
		return;
	infos = XRRGetMonitors(
		monitors->display->x, monitors->display->root, True, &count);
	for (i = 0; infos != NULL && i < count; i++)
		add(monitors->whole, &monitors->whole_count,
			(uint32_t)infos[i].name,
			(struct rect){ infos[i].x, infos[i].y, infos[i].width,
				infos[i].height });
	if (infos != NULL)
		XRRFreeMonitors(infos);
}

static void add_part(struct monitors *monitors,
	const struct desktop_monitor *monitor, struct rect area)
{
	struct rect rect = rect_intersect(monitor->rect, area);

	rect.x -= area.x;
	rect.y -= area.y;
	add(monitors->list, &monitors->count, monitor->id, rect);
}

bool monitors_update(
	struct monitors *monitors, struct rect area, bool meaningless)
{
	struct monitors before = *monitors;
	int i;

	monitors->count = 0;
	memset(monitors->list, 0, sizeof(monitors->list));
	for (i = 0; i < monitors->whole_count && !meaningless; i++)
		add_part(monitors, &monitors->whole[i], area);
	if (monitors->count == 0)
		add(monitors->list, &monitors->count, WHOLE_AREA_ID,
			(struct rect){ 0, 0, area.width, area.height });
	return before.count != monitors->count ||
	       memcmp(before.list, monitors->list, sizeof(before.list)) != 0;
}

static const struct desktop_monitor *find(
	const struct monitors *monitors, const char *name)
{
	static const char by_number[] = "xinerama";
	size_t length = sizeof(by_number) - 1;
	Atom atom;
	int i;

	if (strncmp(name, by_number, length) == 0 && name[length] >= '0' &&
		name[length] <= '9' && strlen(name + length) < 3) {
		i = atoi(name + length);
		return i < monitors->whole_count ? &monitors->whole[i] : NULL;
	}
	atom = XInternAtom(monitors->display->x, name, True);
	for (i = 0; i < monitors->whole_count; i++)
		if (monitors->whole[i].id == atom)
			return &monitors->whole[i];
	return NULL;
}

bool monitors_find(
	const struct monitors *monitors, const char *name, struct rect *rect)
{
	const struct desktop_monitor *monitor = find(monitors, name);

	if (monitor == NULL)
		return false;
	*rect = monitor->rect;
	return true;
}

char *monitors_names(const struct monitors *monitors)
{
	char *names = xstrndup("", 0), *longer;
	int i;

	for (i = 0; i < monitors->whole_count; i++) {
		char *name = XGetAtomName(
			monitors->display->x, monitors->whole[i].id);

		longer = xasprintf("%s%s%s", names, i > 0 ? ", " : "",
			name != NULL ? name : "?");
		free(names);
		names = longer;
		if (name != NULL)
			XFree(name);
	}
	if (names[0] != '\0')
		return names;
	free(names);
	return xstrndup("none", 4);
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
	if (monitors->whole_count == 0)
		return false;
	name = XGetAtomName(x, monitors->whole[0].id);
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
