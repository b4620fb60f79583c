#include "config.h"
#ifdef HAVE_XCOMPOSITE

#include "x11/composite.h"

#include <X11/extensions/Xcomposite.h>

#include "x11/x_error.h"

bool composite_redirect(
	struct display *display, Window window, const char **reason)
{
	int event_base, error_base, major = 0, minor = 2;
	struct x_error_trap trap;

	if (!XCompositeQueryExtension(display->x, &event_base, &error_base) ||
		!XCompositeQueryVersion(display->x, &major, &minor) ||
		(major == 0 && minor < 2)) {
		*reason = "the X server lacks XComposite";
		return false;
	}
	x_error_trap(&trap, display->x);
	XCompositeRedirectWindow(
		display->x, window, CompositeRedirectAutomatic);
	if (x_error_untrap(&trap) == 0)
		return true;
	*reason = "the X server does not redirect it";
	return false;
}

void composite_unredirect(struct display *display, Window window)
{
	struct x_error_trap trap;

	x_error_trap(&trap, display->x);
	XCompositeUnredirectWindow(
		display->x, window, CompositeRedirectAutomatic);
	x_error_untrap(&trap);
}

Pixmap composite_pixmap(struct display *display, Window window)
{
	struct x_error_trap trap;
	Pixmap pixmap;

	x_error_trap(&trap, display->x);
	pixmap = XCompositeNameWindowPixmap(display->x, window);
	return x_error_untrap(&trap) == 0 ? pixmap : None;
}

#endif
