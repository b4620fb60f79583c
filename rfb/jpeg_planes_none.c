/* jpeg_planes_none.c - for where configure found no libyuv. */
#include "rfb/jpeg_planes.h"

void jpeg_planes_finish(struct jpeg_planes *planes)
{
	(void)planes;
}

bool jpeg_planes_load(
	struct jpeg_planes *planes, const struct frame *frame, struct rect rect)
{
	(void)planes;
	(void)frame;
	(void)rect;
	return false;
}
