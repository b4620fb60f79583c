#include "x11/damage.h"

#include <X11/extensions/Xfixes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"

/* Damage is fetched as an XFixes region: both are needed. */
static bool query(struct damage *damage)
{
	Display *x = damage->display->x;
	int error_base, major = 2, minor = 0;

	if (!XFixesQueryExtension(x, &damage->event_base, &error_base) ||
		!XFixesQueryVersion(x, &major, &minor) || major < 2) {
		log_warning(
			"the X server lacks XFIXES 2, without which its "
			"DAMAGE is of no use: comparing the whole screen "
			"instead");
		return false;
	}
	major = 1;
	minor = 1;
	if (!XDamageQueryExtension(x, &damage->event_base, &error_base) ||
		!XDamageQueryVersion(x, &major, &minor)) {
		log_warning(
			"the X server lacks DAMAGE: comparing the whole "
			"screen instead, which costs more");
		return false;
	}
	return true;
}

void damage_init(
	struct damage *damage, struct display *display, Window window, bool use)
{
	memset(damage, 0, sizeof(*damage));
	damage->display = display;
	if (!use || !query(damage))
		return;
	damage->handle =
		XDamageCreate(display->x, window, XDamageReportNonEmpty);
	damage->of_window = window != display->root;
	damage->parts = XFixesCreateRegion(display->x, NULL, 0);
	damage->available = true;
}

void damage_finish(struct damage *damage)
{
	if (!damage->available || damage->display->lost)
		return;
	XDamageDestroy(damage->display->x, damage->handle);
	XFixesDestroyRegion(damage->display->x, damage->parts);
	damage->available = false;
}

bool damage_handle(struct damage *damage, const XEvent *event)
{
	if (!damage->available ||
		event->type != damage->event_base + XDamageNotify)
		return false;
	/* What was drawn before the latest fetch is fetched already. */
	if ((long)(event->xany.serial - damage->fetch_serial) >= 0)
		damage->told = true;
	return true;
}

bool damage_take_told(struct damage *damage)
{
	bool told = damage->told;

	damage->told = false;
	return told;
}

static void subtract(struct damage *damage, XserverRegion parts)
{
	damage->fetch_serial = NextRequest(damage->display->x);
	damage->told = false;
	XDamageSubtract(damage->display->x, damage->handle, None, parts);
}

void damage_fetch(struct damage *damage, struct capture *capture)
{
	struct rect area = capture->grab.area;
	struct rect *wanted;
	XRectangle *rects;
	int count = 0, i;

	if (damage->of_window)
		area.x = area.y = 0;
	subtract(damage, damage->parts);
	rects = XFixesFetchRegion(damage->display->x, damage->parts, &count);
	if (rects == NULL)
		return;
	wanted = xcalloc((size_t)count, sizeof(*wanted));
	for (i = 0; i < count; i++)
		wanted[i] = (struct rect){ rects[i].x - area.x,
			rects[i].y - area.y, rects[i].width, rects[i].height };
	capture_want(capture, wanted, count);
	free(wanted);
	XFree(rects);
}

void damage_forget(struct damage *damage)
{
	if (damage->available)
		subtract(damage, None);
}
