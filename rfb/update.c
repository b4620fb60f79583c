#include "rfb/update.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rfb/cursor.h"
#include "rfb/session.h"

/* Above this many areas the headers and the lost context cost more than the
 * pixels between them: then whole grid cells are sent. */
enum { MOST_AREAS = 128, CELL_WIDTH = 256, CELL_HEIGHT = 64 };

enum { MOST_RECTS = 65534 }; /* 65535 means LastRect */

void update_write_head(struct rect_writer *writer)
{
	buffer_append(&writer->bytes, "\0\0\0\0", 4);
}

void update_write_count(struct rect_writer *writer)
{
	assert(writer->count <= MOST_RECTS);
	buffer_put_u16(&writer->bytes, 2, (uint16_t)writer->count);
}

static void add_cells(struct region *cells, struct rect rect)
{
	int left = rect.x / CELL_WIDTH * CELL_WIDTH;
	int top = rect.y / CELL_HEIGHT * CELL_HEIGHT;
	int right = (rect.x + rect.width + CELL_WIDTH - 1) / CELL_WIDTH;
	int bottom = (rect.y + rect.height + CELL_HEIGHT - 1) / CELL_HEIGHT;

	region_add_rect(
		cells, (struct rect){ left, top, right * CELL_WIDTH - left,
			       bottom * CELL_HEIGHT - top });
}

void update_plan(
	struct region *areas, const struct region *wanted, struct rect picture)
{
	int i, count = region_count(wanted);

	if (count <= MOST_AREAS) {
		region_copy(areas, wanted);
		return;
	}
	region_clear(areas);
	for (i = 0; i < count; i++)
		add_cells(areas, region_rect(wanted, i));
	region_intersect_rect(areas, picture);
}

/* A picture of the viewer's size where the screen has become smaller: black
 * outside. Only `area` is valid. */
static struct frame *padded(const struct update *update, struct rect area)
{
	struct frame *to = frame_create(update->width, update->height);
	struct rect inside = rect_intersect(area, frame_rect(update->frame));
	int y;

	if (to == NULL)
		return NULL;
	for (y = inside.y; y < inside.y + inside.height; y++)
		memcpy((uint32_t *)frame_row(to, y) + inside.x,
			frame_row(update->frame, y) + inside.x,
			(size_t)inside.width * 4);
	return to;
}

static bool is_covered(struct rect area, struct rect by)
{
	return rect_equal(rect_intersect(area, by), area);
}

/* The pixels of `area` as this viewer shall see them: usually the shared
 * frame. One reference, or NULL when out of memory. */
static struct frame *picture_of(const struct update *update, struct rect area)
{
	struct frame *picture, *painted;
	struct rect pointer;

	picture = is_covered(area, frame_rect(update->frame))
			  ? frame_ref(update->frame)
			  : padded(update, area);
	if (update->cursor == NULL || picture == NULL)
		return picture;
	pointer =
		cursor_rect(update->cursor, update->cursor_x, update->cursor_y);
	if (rect_is_empty(rect_intersect(area, pointer)))
		return picture;
	painted = cursor_painted(picture, area, update->cursor,
		update->cursor_x, update->cursor_y);
	frame_unref(picture);
	return painted;
}

void update_encode(struct update *update)
{
	int i, count = region_count(&update->areas);

	for (i = 0; i < count && !update->writer.bytes.failed; i++) {
		struct rect area = region_rect(&update->areas, i);
		struct frame *picture = picture_of(update, area);

		if (picture == NULL) {
			update->writer.bytes.failed = true;
			return;
		}
		update->encoder->encode(update->state, &update->settings,
			picture, area, &update->writer);
		frame_unref(picture);
	}
	if (!update->writer.bytes.failed)
		update_write_count(&update->writer);
}

void update_destroy(struct update *update)
{
	frame_unref(update->frame);
	cursor_image_unref(update->cursor);
	region_finish(&update->areas);
	rect_writer_finish(&update->writer);
	free(update);
}
