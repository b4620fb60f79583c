/* composite_none.c - for where configure found no libXcomposite. */
#include "config.h"
#ifndef HAVE_XCOMPOSITE

#include "x11/composite.h"

bool composite_redirect(
	struct display *display, Window window, const char **reason)
{
	(void)display;
	(void)window;
	*reason = "this program was built without XComposite";
	return false;
}

void composite_unredirect(struct display *display, Window window)
{
	(void)display;
	(void)window;
}

Pixmap composite_pixmap(struct display *display, Window window)
{
	(void)display;
	(void)window;
	return None;
}

#endif
