/* composite.h - a window's own pixmap, where XComposite can be had.
 *
 * Threads: the loop thread alone.
 */
#ifndef X11_COMPOSITE_H
#define X11_COMPOSITE_H

#include <stdbool.h>

#include "x11/display.h"

/* From now on the window is drawn into a pixmap. False, with *reason a constant
 * text, where that cannot be had. */
bool composite_redirect(
	struct display *display, Window window, const char **reason);
void composite_unredirect(struct display *display, Window window);

/* The pixmap of the window as it is now, the caller's to free; it keeps its
 * size when the window gets another. None where it has none, being unmapped. */
Pixmap composite_pixmap(struct display *display, Window window);

#endif
