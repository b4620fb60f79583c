#include "base/frame.h"

#include <stdlib.h>

#include "base/xmalloc.h"

enum { MOST_PIXELS_A_SIDE = 65535 }; /* RFB counts in 16 bits */

static void release_plain(struct frame *frame)
{
	free(frame->pixels);
	free(frame);
}

struct frame *frame_create(int width, int height)
{
	struct frame *frame;

	if (width < 1 || height < 1 || width > MOST_PIXELS_A_SIDE ||
		height > MOST_PIXELS_A_SIDE)
		return NULL;
	frame = xcalloc(1, sizeof(*frame));
	frame->width = width;
	frame->height = height;
	frame->stride = (size_t)width * 4;
	frame->pixels = calloc((size_t)height, frame->stride);
	frame->release = release_plain;
	atomic_init(&frame->references, 1);
	if (frame->pixels == NULL) {
		free(frame);
		return NULL;
	}
	return frame;
}

struct frame *frame_ref(struct frame *frame)
{
	atomic_fetch_add_explicit(&frame->references, 1, memory_order_relaxed);
	return frame;
}

void frame_unref(struct frame *frame)
{
	if (frame == NULL)
		return;
	if (atomic_fetch_sub_explicit(
		    &frame->references, 1, memory_order_acq_rel) == 1)
		frame->release(frame);
}

bool frame_is_sole(const struct frame *frame)
{
	return atomic_load_explicit(&frame->references, memory_order_acquire) ==
	       1;
}
