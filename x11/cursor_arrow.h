/* cursor_arrow.h - a pointer of our own, for one that the X server does not
 * show us.
 *
 * Owner:   cursor_arrow_create() gives one reference.
 * Threads: any.
 */
#ifndef X11_CURSOR_ARROW_H
#define X11_CURSOR_ARROW_H

#include "base/cursor_image.h"

/* White with a black edge, its tip at 0,0. */
struct cursor_image *cursor_arrow_create(void);

#endif
