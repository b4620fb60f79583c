/* raw_pixels.h - an area's pixels as they are, in the viewer's format.
 *
 * Threads: any.
 */
#ifndef RFB_RAW_PIXELS_H
#define RFB_RAW_PIXELS_H

#include "base/buffer.h"
#include "base/frame.h"
#include "rfb/pixel_format.h"

/* Appends PIXELs row by row. The caller bounds the area: all of it is
 * reserved at once. */
void raw_pixels_append(const struct pixel_format *format,
	const struct frame *frame, struct rect area, struct buffer *to);

/* How many rows of `width` pixels are at most `bytes`; at least one. */
int raw_pixels_rows(const struct pixel_format *format, int width, size_t bytes);

#endif
