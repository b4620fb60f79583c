/* view_cursor.h - the pointer's shape as a view shows it.
 *
 * Pure.
 */
#ifndef SERVER_VIEW_CURSOR_H
#define SERVER_VIEW_CURSOR_H

#include "base/cursor_image.h"
#include "server/view/view_scale.h"
#include "server/view/view_turn.h"

/* A new image, the caller's reference. */
struct cursor_image *view_cursor_image(const struct cursor_image *from,
	int width, int height, struct view_turn turn);

#endif
