/* cursor_image.h - the shape of the mouse pointer.
 *
 * Owner:   reference counted like a frame; never written after it was made.
 * Threads: ref, unref and reading are safe anywhere.
 * Units:   pixels. A pixel is 0xAARRGGBB with colours premultiplied by alpha,
 *          as XFixes delivers it. width or height may be 0: a hidden pointer.
 */
#ifndef BASE_CURSOR_IMAGE_H
#define BASE_CURSOR_IMAGE_H

#include <stdatomic.h>
#include <stdint.h>

struct cursor_image {
	int width, height;
	int hot_x, hot_y; /* inside the image, or 0 for an empty one */
	atomic_uint references;
	uint32_t pixels[]; /* width * height, rows from the top */
};

enum { CURSOR_IMAGE_MOST_SIDE = 1024 }; /* libvncclient's limit */

/* Zeroed (transparent), one reference. Sides are cut to the limit. */
struct cursor_image *cursor_image_create(int width, int height);
struct cursor_image *cursor_image_ref(struct cursor_image *image);
void cursor_image_unref(struct cursor_image *image);

#endif
