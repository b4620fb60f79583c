/* jpeg_planes_libyuv.c - JPEG's planes by libyuv. */
#include "rfb/jpeg_planes.h"

#include <libyuv/convert_from_argb.h>

void jpeg_planes_finish(struct jpeg_planes *planes)
{
	buffer_finish(&planes->memory);
}

/* A pixel is a number to us, and four bytes in this order to libyuv. */
static bool is_host_known(void)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
}

bool jpeg_planes_load(
	struct jpeg_planes *planes, const struct frame *frame, struct rect rect)
{
	size_t pixels = (size_t)rect.width * (size_t)rect.height;
	const uint8_t *from =
		(const uint8_t *)(frame_row(frame, rect.y) + rect.x);
	uint8_t *y, *u, *v;

	if (!is_host_known() || (rect.width | rect.height) % 2 != 0)
		return false;
	y = buffer_reserve(&planes->memory, pixels / 2 * 3);
	if (y == NULL)
		return false;
	u = y + pixels;
	v = u + pixels / 4;
	planes->starts[0] = y;
	planes->starts[1] = u;
	planes->starts[2] = v;
	planes->strides[0] = rect.width;
	planes->strides[1] = planes->strides[2] = rect.width / 2;
	return ARGBToJ420(from, (int)frame->stride, y, planes->strides[0], u,
		       planes->strides[1], v, planes->strides[2], rect.width,
		       rect.height) == 0;
}
