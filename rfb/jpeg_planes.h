/* jpeg_planes.h - pixels as JPEG wants them: brightness, and both colours at a
 * quarter of the resolution.
 *
 * TurboJPEG does that, too, but in three passes over memory, a quarter of the
 * time of a JPEG; libyuv does it in one. It has no such thing for finer
 * colours, and is optional: jpeg_planes_libyuv.c or jpeg_planes_none.c is
 * built.
 *
 * Owner:   whoever embeds it, zeroed; jpeg_planes_finish() frees the planes.
 * Threads: one at a time.
 * Source:  JFIF 1.02, "Conversion to and from RGB".
 */
#ifndef RFB_JPEG_PLANES_H
#define RFB_JPEG_PLANES_H

#include "base/buffer.h"
#include "base/frame.h"

struct jpeg_planes {
	struct buffer memory; /* kept: the same pages again and again */
	const unsigned char *starts[3]; /* Y, Cb, Cr */
	int strides[3];                 /* bytes */
};

void jpeg_planes_finish(struct jpeg_planes *planes);

/* False where it cannot be done here: without libyuv, at an odd width or
 * height, or when memory ran out. */
bool jpeg_planes_load(struct jpeg_planes *planes, const struct frame *frame,
	struct rect rect);

#endif
