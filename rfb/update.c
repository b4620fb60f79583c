#include "rfb/update.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rfb/cursor.h"
#include "rfb/session.h"

/* Above this many areas the headers and the lost context cost more than the
 * pixels between them: then whole grid cells are sent. */
enum { MOST_AREAS = 128, CELL_WIDTH = 256, CELL_HEIGHT = 64 };

/* A worker takes a few milliseconds for so many. Each part is dealt out in
 * turns: a photograph below text takes six times as long where it must be
 * lossless, and so no part has all of it. */
enum { LEAST_PART_PIXELS = 128 << 10, TURNS = 2 };

/* Some letters, a caret, a button: less than 0.1 ms by any encoder. */
enum { MOST_SLIGHT_PIXELS = 8192 };

void update_write_head(struct rect_writer *writer)
{
	buffer_append(&writer->bytes, "\0\0\0\0", 4);
}

void update_write_count(struct rect_writer *writer)
{
	assert(writer->count <= RECT_WRITER_MOST);
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

/* Gives `rect` to the part whose turn it is, and what is over to the next: cut
 * between rows of cells, where the encoders cut too. */
static void deal_out(
	struct update *update, struct rect rect, int64_t share, int64_t *filled)
{
	int turns = update->part_count > 1 ? TURNS * update->part_count : 1;

	while (!rect_is_empty(rect)) {
		int turn = (int)(*filled / share);
		int64_t room = share * (turn + 1) - *filled;
		int64_t rows =
			(room / rect.width / CELL_HEIGHT + 1) * CELL_HEIGHT;
		struct rect piece = rect;

		if (turn >= turns - 1) {
			turn = turns - 1;
			rows = rect.height;
		}
		if (rows < piece.height)
			piece.height = (int)rows;
		region_add_rect(
			&update->parts[turn % update->part_count].areas, piece);
		*filled += (int64_t)piece.width * piece.height;
		rect.y += piece.height;
		rect.height -= piece.height;
	}
}

void update_split(struct update *update, int most)
{
	int64_t pixels = region_pixels(&update->areas), filled = 0, share;
	int i, count = region_count(&update->areas);

	if (most > UPDATE_MOST_PARTS)
		most = UPDATE_MOST_PARTS;
	update->part_count = 1;
	while (update->part_count < most &&
		pixels / (update->part_count + 1) >= LEAST_PART_PIXELS)
		update->part_count++;
	for (i = 0; i < update->part_count; i++)
		region_init(&update->parts[i].areas);
	share = pixels / (TURNS * update->part_count) + 1;
	for (i = 0; i < count; i++)
		deal_out(
			update, region_rect(&update->areas, i), share, &filled);
	/* The first part writes right behind the head: no copy. */
	update->head_bytes = buffer_length(&update->writer.bytes);
	update->head_count = update->writer.count;
	update->parts[0].writer = update->writer;
	update->writer = (struct rect_writer){ 0 };
}

static bool is_shareable(const struct encoder *encoder)
{
	if (encoder->traits & ENCODER_HAS_REST)
		return false; /* it uses another's memory too */
	return encoder->state_create == NULL ||
	       (encoder->traits & ENCODER_ALONE);
}

/* Painted into both pictures at the same place, or into neither. */
static bool cursors_alike(
	const struct update *update, const struct update *lead)
{
	return update->cursor == lead->cursor &&
	       (update->cursor == NULL ||
		       (update->cursor_x == lead->cursor_x &&
			       update->cursor_y == lead->cursor_y));
}

static bool moves_alike(const struct update *update, const struct update *lead)
{
	return region_equal(&update->moving, &lead->moving) &&
	       (region_is_empty(&update->moving) ||
		       encode_settings_equal(&update->moving_settings,
			       &lead->moving_settings));
}

static bool states_alike(const struct update *update, const struct update *lead)
{
	const struct encoder *encoder = update->encoder;

	return encoder->state_is_like == NULL ||
	       encoder->state_is_like(
		       update->parts[0].state, lead->parts[0].state);
}

bool update_is_like(const struct update *update, const struct update *lead)
{
	return update->encoder == lead->encoder &&
	       is_shareable(update->encoder) && update->frame == lead->frame &&
	       cursors_alike(update, lead) && update->width == lead->width &&
	       update->height == lead->height &&
	       update->part_count == lead->part_count &&
	       region_equal(&update->areas, &lead->areas) &&
	       encode_settings_equal(&update->settings, &lead->settings) &&
	       moves_alike(update, lead) && states_alike(update, lead);
}

/* What either has in its streams stays as it is, or is referred to no more. */
void update_follow(struct update *update, struct update *lead)
{
	int i;

	lead->settings.alone = lead->moving_settings.alone = true;
	if (update->encoder->state_skip != NULL)
		update->encoder->state_skip(update->parts[0].state);
	update->writer = update->parts[0].writer;
	update->parts[0].writer = (struct rect_writer){ 0 };
	for (i = 0; i < update->part_count; i++)
		region_finish(&update->parts[i].areas);
	update->part_count = 0;
}

void update_copy_parts(struct update *update, const struct update *lead)
{
	int i;

	for (i = 0; i < lead->part_count; i++)
		rect_writer_append(&update->writer, &lead->parts[i].writer,
			i == 0 ? lead->head_bytes : 0,
			i == 0 ? lead->head_count : 0);
}

int update_parts(const struct update *update)
{
	return update->part_count;
}

/* Pixels as they lie in the frame are hardly touched: see encoder_raw.c. */
static bool is_lent(const struct update *update)
{
	return update->encoder->number == ENCODING_RAW &&
	       update->settings.lends &&
	       pixel_format_is_frames(&update->settings.format) &&
	       update->cursor == NULL &&
	       is_covered(region_extents(&update->areas),
		       frame_rect(update->frame));
}

bool update_is_slight(const struct update *update)
{
	return region_pixels(&update->areas) <= MOST_SLIGHT_PIXELS ||
	       is_lent(update);
}

void update_encode(struct update *update, int index)
{
	struct update_part *part = &update->parts[index];
	int i, count = region_count(&part->areas);

	for (i = 0; i < count && !part->writer.bytes.failed; i++) {
		struct rect area = region_rect(&part->areas, i);
		struct frame *picture = picture_of(update, area);
		const struct encode_settings *settings =
			region_overlaps(&update->moving, area)
				? &update->moving_settings
				: &update->settings;

		if (picture == NULL) {
			part->writer.bytes.failed = true;
			return;
		}
		update->encoder->encode(
			part->state, settings, picture, area, &part->writer);
		frame_unref(picture);
	}
}

void update_join(struct update *update)
{
	int i;

	if (update->part_count > 0) {
		update->writer = update->parts[0].writer;
		update->parts[0].writer = (struct rect_writer){ 0 };
	}
	for (i = 1; i < update->part_count; i++)
		rect_writer_append(
			&update->writer, &update->parts[i].writer, 0, 0);
	if (!update->writer.bytes.failed)
		update_write_count(&update->writer);
}

void update_destroy(struct update *update)
{
	int i;

	for (i = 0; i < update->part_count; i++) {
		region_finish(&update->parts[i].areas);
		rect_writer_finish(&update->parts[i].writer);
	}
	frame_unref(update->frame);
	cursor_image_unref(update->cursor);
	region_finish(&update->areas);
	region_finish(&update->moving);
	rect_writer_finish(&update->writer);
	free(update);
}
