/* view_turn.h - a picture mirrored or turned by quarters, as -rotate says it.
 *
 * Pure.
 *
 * Units: pixels.
 */
#ifndef SERVER_VIEW_TURN_H
#define SERVER_VIEW_TURN_H

#include <stdbool.h>

#include "base/rect.h"

/* Done in this order: rows become columns, then left and right change places,
 * then top and bottom. */
struct view_turn {
	bool swaps, mirrors, flips;
};

/* x11vnc's words: 0, 90, 180, 270, a sign, x and y for mirrored, alone or
 * behind a number: "+90", "-90x", "xy". */
bool view_turn_parse(const char *text, struct view_turn *turn);

bool view_turn_is_none(struct view_turn turn);

/* From a picture of width x height to the turned one. */
struct rect view_turn_rect(
	struct view_turn turn, int width, int height, struct rect rect);
/* And back; width and height are those of the picture before it was turned. */
struct rect view_turn_back(
	struct view_turn turn, int width, int height, struct rect rect);

#endif
