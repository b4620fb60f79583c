/* frame.h - one picture of the screen, read-only while others hold it.
 *
 * A pixel is a native 32-bit number 0x??RRGGBB, whatever the X visual is; the
 * top byte is undefined (the X server leaves what it likes there), so compare
 * colours only through frame_colour().
 *
 * Owner:   every holder owns one reference; the last frame_unref() frees
 *          through `release`.
 * Threads: ref, unref and reading are safe anywhere. Only the loop thread
 *          writes, and only while frame_is_sole().
 * Units:   width and height in pixels; stride in bytes, >= width * 4.
 */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rect.h"

struct frame {
	uint8_t *pixels; /* aligned to 4 bytes */
	int width, height;
	size_t stride;
	atomic_uint references;
	/* Frees the pixels and the frame. Runs on the thread of the last
	 * unref. */
	void (*release)(struct frame *frame);
};

/* A frame in plain memory, zeroed, with one reference. NULL when out of
 * memory or when a side is not in 1..65535. */
struct frame *frame_create(int width, int height);

struct frame *frame_ref(struct frame *frame);
void frame_unref(struct frame *frame);
bool frame_is_sole(const struct frame *frame);

static inline const uint32_t *frame_row(const struct frame *frame, int y)
{
	return (const uint32_t *)(frame->pixels + (size_t)y * frame->stride);
}

static inline uint32_t frame_colour(uint32_t pixel)
{
	return pixel & 0xffffff;
}

static inline struct rect frame_rect(const struct frame *frame)
{
	return (struct rect){ 0, 0, frame->width, frame->height };
}

#endif
