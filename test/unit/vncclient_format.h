/* vncclient_format.h - for tests: has libvncclient ask for a pixel format. */
#ifndef TEST_UNIT_VNCCLIENT_FORMAT_H
#define TEST_UNIT_VNCCLIENT_FORMAT_H

#include <rfb/rfbclient.h>

#include "rfb/pixel_format.h"

static inline void vncclient_format_set(
	rfbClient *client, const struct pixel_format *format)
{
	client->format.bitsPerPixel = format->bits_per_pixel;
	client->format.depth = format->depth;
	client->format.bigEndian = format->big_endian;
	client->format.trueColour = TRUE;
	client->format.redMax = format->red_max;
	client->format.greenMax = format->green_max;
	client->format.blueMax = format->blue_max;
	client->format.redShift = format->red_shift;
	client->format.greenShift = format->green_shift;
	client->format.blueShift = format->blue_shift;
}

#endif
