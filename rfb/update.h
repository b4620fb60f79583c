/* update.h - one FramebufferUpdate on its way: planned on the loop, encoded on
 * a worker, sent from the loop.
 *
 * Owner:   session_begin_update() gives; session_end_update() takes.
 * Threads: between these two the workers alone, each with a part.
 */
#ifndef RFB_UPDATE_H
#define RFB_UPDATE_H

#include "base/cursor_image.h"
#include "base/frame.h"
#include "base/region.h"
#include "rfb/encoder.h"
#include "rfb/rect_writer.h"

enum { UPDATE_MOST_PARTS = 8 };

/* What one worker does of it. */
struct update_part {
	struct region areas;
	void *state; /* lent by the session */
	struct rect_writer writer;
};

struct update {
	struct frame *frame; /* shared */
	int width, height;   /* of the viewer's picture */
	struct region areas;
	struct encode_settings settings;
	bool moves; /* part of it changes what was lossy already */
	/* Areas that touch this are encoded with settings of their own. */
	struct region moving;
	struct encode_settings moving_settings;
	const struct encoder *encoder;
	struct cursor_image *cursor; /* to be painted in; shared, or NULL */
	int cursor_x, cursor_y;
	struct rect_writer writer; /* the message, from its first byte */
	size_t head_bytes;   /* of the first part: what was there before it */
	unsigned head_count; /* in rectangles */
	int part_count;
	struct update_part parts[UPDATE_MOST_PARTS];
};

/* The message's 4 bytes, with the count of rectangles still open. */
void update_write_head(struct rect_writer *writer);
/* The exact count; we never need LastRect (CLIENTS rule 29). */
void update_write_count(struct rect_writer *writer);

/* Takes what must go into few enough rectangles out of `dirty`: `areas` is a
 * superset of `wanted` within `picture`. */
void update_plan(
	struct region *areas, const struct region *wanted, struct rect picture);

/* Divides `areas` into parts of about the same size, each from several places,
 * at most `most`, and none so small that a worker is not worth it. What
 * `writer` has already becomes the first part's. */
void update_split(struct update *update, int most);

/* Makes one message of the parts, in order. */
void update_join(struct update *update);

void update_destroy(struct update *update);

#endif
