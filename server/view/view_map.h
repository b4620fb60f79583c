/* view_map.h - from the shared area to what one viewer sees of it, and back.
 *
 * Cut, then scaled, then turned, then padded on the right and below.
 *
 * Owner:   whoever embeds it; view_map_finish() frees. Zeroed is none.
 * Threads: the loop thread alone.
 * Units:   pixels.
 */
#ifndef SERVER_VIEW_MAP_H
#define SERVER_VIEW_MAP_H

#include <stdbool.h>

#include "base/rect.h"
#include "server/view/view_axis.h"
#include "server/view/view_scale.h"
#include "server/view/view_turn.h"

struct view_map {
	struct rect from; /* of the shared area */
	struct view_turn turn;
	int scaled_width, scaled_height;   /* before it is turned */
	int content_width, content_height; /* after */
	int width, height;                 /* of the picture, padding and all */
	bool scales;
	struct view_axis across, down; /* where it scales */
};

/* `least` sides, or 0: smaller pictures are padded. */
void view_map_init(struct view_map *map, struct rect from,
	const struct view_scale *scale, struct view_turn turn, int least_width,
	int least_height);
void view_map_finish(struct view_map *map);

/* Whether a picture of this area is the area itself. */
bool view_map_is_plain(const struct view_map *map, int width, int height);
/* Whether pixels are only moved, all alike: what moves in the area moves by as
 * much in the picture. */
bool view_map_keeps_moves(const struct view_map *map);

/* Every pixel of the picture that the rectangle has a part in. */
struct rect view_map_rect(const struct view_map *map, struct rect rect);
/* The scaled pixels that a rectangle of the picture shows. */
struct rect view_map_scaled(const struct view_map *map, struct rect rect);

/* A point's place in the picture, perhaps outside; and back, always inside. */
void view_map_point(const struct view_map *map, int *x, int *y);
void view_map_point_back(const struct view_map *map, int *x, int *y);

#endif
