#include "base/cursor_image.h"

#include <stdlib.h>

#include "base/xmalloc.h"

static int limit_side(int side)
{
	if (side < 0)
		return 0;
	return side > CURSOR_IMAGE_MOST_SIDE ? CURSOR_IMAGE_MOST_SIDE : side;
}

struct cursor_image *cursor_image_create(int width, int height)
{
	struct cursor_image *image;

	width = limit_side(width);
	height = limit_side(height);
	image = xcalloc(1, sizeof(*image) + (size_t)width * (size_t)height * 4);
	image->width = width;
	image->height = height;
	atomic_init(&image->references, 1);
	return image;
}

struct cursor_image *cursor_image_ref(struct cursor_image *image)
{
	atomic_fetch_add_explicit(&image->references, 1, memory_order_relaxed);
	return image;
}

void cursor_image_unref(struct cursor_image *image)
{
	if (image == NULL)
		return;
	if (atomic_fetch_sub_explicit(
		    &image->references, 1, memory_order_acq_rel) == 1)
		free(image);
}
