#include "x11/screen_power.h"

#include <X11/Xlib.h>
#include <X11/extensions/dpms.h>
#include <string.h>

#include "base/clock.h"
#include "x11/x_error.h"

enum { WAKE_US = 1000000 };

void screen_power_init(struct screen_power *power, struct display *display,
	enum desktop_power policy)
{
	int opcode, event_base, error_base;

	memset(power, 0, sizeof(*power));
	power->display = display;
	power->policy = policy;
	power->has_dpms = XQueryExtension(display->x, "DPMS", &opcode,
				  &event_base, &error_base) &&
			  DPMSCapable(display->x);
}

/* The level can only be forced where DPMS is enabled. */
static void set_level(struct screen_power *power, CARD16 wanted)
{
	struct x_error_trap trap;
	BOOL enabled = False;
	CARD16 level = wanted;

	if (!power->has_dpms || power->display->lost)
		return;
	x_error_trap(&trap, power->display->x);
	if (DPMSInfo(power->display->x, &level, &enabled) && enabled &&
		level != wanted)
		DPMSForceLevel(power->display->x, wanted);
	x_error_untrap(&trap);
}

void screen_power_wake(struct screen_power *power)
{
	uint64_t now = clock_us();

	if (now - power->woken_us < WAKE_US)
		return;
	power->woken_us = now;
	XResetScreenSaver(power->display->x);
	if (power->policy != DESKTOP_POWER_OFF)
		set_level(power, DPMSModeOn);
}

void screen_power_tend(struct screen_power *power)
{
	if (power->policy == DESKTOP_POWER_ON) {
		XResetScreenSaver(power->display->x);
		set_level(power, DPMSModeOn);
	} else if (power->policy == DESKTOP_POWER_OFF) {
		set_level(power, DPMSModeOff);
	}
}
