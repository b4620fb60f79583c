#include "server/view/view_cursor.h"

#include <string.h>

#include "base/frame.h"
#include "server/view/view_map.h"
#include "server/view/view_painter.h"

static struct frame *frame_of(const struct cursor_image *image)
{
	struct frame *frame = frame_create(image->width, image->height);
	int y;

	for (y = 0; frame != NULL && y < image->height; y++)
		memcpy(frame->pixels + (size_t)y * frame->stride,
			image->pixels + (size_t)y * (size_t)image->width,
			(size_t)image->width * 4);
	return frame;
}

/* Premultiplied colours and alpha are mixed alike. */
struct cursor_image *view_cursor_image(const struct cursor_image *from,
	int width, int height, struct view_turn turn)
{
	struct view_scale scale = view_scale_none();
	struct frame *before = frame_of(from), *after;
	struct cursor_image *image;
	struct view_map map;
	int y;

	if (before == NULL)
		return cursor_image_create(0, 0);
	scale.width = width;
	scale.height = height;
	view_map_init(&map, frame_rect(before), &scale, turn, 0, 0);
	image = cursor_image_create(map.width, map.height);
	after = frame_create(map.width, map.height);
	if (after != NULL)
		view_painter_paint(&map, before, after, frame_rect(after));
	for (y = 0; after != NULL && y < image->height; y++)
		memcpy(image->pixels + (size_t)y * (size_t)image->width,
			frame_row(after, y), (size_t)image->width * 4);
	image->hot_x = from->hot_x;
	image->hot_y = from->hot_y;
	view_map_point(&map, &image->hot_x, &image->hot_y);
	view_map_finish(&map);
	frame_unref(before);
	frame_unref(after);
	return image;
}
