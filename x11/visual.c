#include "x11/visual.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"

enum { TABLE_BITS = 16, MOST_PALETTE = 256 };

static const unsigned long our_masks[3] = { 0xff0000, 0xff00, 0xff };

static void channel_init(struct visual_channel *channel, unsigned long mask)
{
	unsigned long most;
	int bits = 0, i;

	memset(channel, 0, sizeof(*channel));
	channel->mask = mask;
	if (mask == 0)
		return;
	while ((mask >> channel->shift & 1) == 0)
		channel->shift++;
	most = mask >> channel->shift;
	while (most >> bits != 0)
		bits++;
	if (bits > 8) {
		channel->narrow = bits - 8;
		most >>= channel->narrow;
	}
	for (i = 0; i < 256; i++)
		channel->scaled[i] =
			(unsigned long)i >= most
				? 255
				: (uint8_t)(((unsigned long)i * 255 +
						    most / 2) /
					    most);
}

static uint32_t channel_value(
	const struct visual_channel *channel, unsigned long pixel)
{
	return channel->scaled[(pixel & channel->mask) >> channel->shift >>
				       channel->narrow &
			       0xff];
}

static uint32_t masked_colour(const struct visual *visual, unsigned long pixel)
{
	return channel_value(&visual->channels[0], pixel) << 16 |
	       channel_value(&visual->channels[1], pixel) << 8 |
	       channel_value(&visual->channels[2], pixel);
}

/* The table is looked up by the bytes as they lie in memory. */
static unsigned swap16(unsigned value)
{
	return (value >> 8 | value << 8) & 0xffff;
}

static void fill_table(struct visual *visual)
{
	bool swap = visual->swapped && visual->bits_per_pixel == 16;
	unsigned i;

	for (i = 0; i < 1u << TABLE_BITS; i++)
		visual->table[swap ? swap16(i) : i] = masked_colour(visual, i);
}

static void describe(const struct visual *visual)
{
	if (visual->direct)
		return;
	if (visual->palette)
		log_info("the screen has a palette (depth %d): converting",
			visual->depth);
	else
		log_info(
			"the screen has depth %d, %d bits a pixel, masks "
			"%lx/%lx/%lx: converting",
			visual->depth, visual->bits_per_pixel,
			visual->channels[0].mask, visual->channels[1].mask,
			visual->channels[2].mask);
}

static void make_table(struct visual *visual)
{
	visual->table = xcalloc(1u << TABLE_BITS, 4);
	fill_table(visual);
}

void visual_set_layout(struct visual *visual, int bits_per_pixel, int depth,
	bool swapped, unsigned long red, unsigned long green,
	unsigned long blue)
{
	unsigned long masks[3] = { red, green, blue };
	int i;

	memset(visual, 0, sizeof(*visual));
	visual->bits_per_pixel = bits_per_pixel;
	visual->depth = depth;
	visual->swapped = swapped;
	for (i = 0; i < 3; i++)
		channel_init(&visual->channels[i], masks[i]);
	visual->direct = bits_per_pixel == 32 && !swapped &&
			 memcmp(masks, our_masks, sizeof(masks)) == 0;
	if (bits_per_pixel <= TABLE_BITS)
		make_table(visual);
}

/* The shortest way to learn how many bits a pixel takes. */
static int ask_bits_per_pixel(Display *x, Visual *visual, int depth)
{
	XImage *image = XCreateImage(
		x, visual, (unsigned)depth, ZPixmap, 0, NULL, 1, 1, 32, 0);
	int bits;

	if (image == NULL)
		return 32;
	bits = image->bits_per_pixel;
	XDestroyImage(image);
	return bits;
}

void visual_init(struct visual *visual, struct display *display)
{
	Visual *x = DefaultVisual(display->x, display->screen);
	int depth = DefaultDepth(display->x, display->screen);
	bool swapped = ImageByteOrder(display->x) !=
		       (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? LSBFirst
								  : MSBFirst);

	visual_set_layout(visual, ask_bits_per_pixel(display->x, x, depth),
		depth, swapped, x->red_mask, x->green_mask, x->blue_mask);
	visual->x = x;
	visual->colormap = DefaultColormap(display->x, display->screen);
	visual->palette = x->class != TrueColor && x->class != DirectColor;
	if (visual->palette) {
		visual->direct = false;
		if (visual->table == NULL)
			make_table(visual);
		visual_refresh(visual, display);
	}
	describe(visual);
}

void visual_finish(struct visual *visual)
{
	free(visual->table);
	visual->table = NULL;
}

void visual_refresh(struct visual *visual, struct display *display)
{
	XColor colors[MOST_PALETTE];
	int count, i;

	if (!visual->palette)
		return;
	count = visual->x->map_entries;
	if (count > MOST_PALETTE)
		count = MOST_PALETTE;
	memset(colors, 0, sizeof(colors));
	for (i = 0; i < count; i++)
		colors[i].pixel = (unsigned long)i;
	XQueryColors(display->x, visual->colormap, colors, count);
	for (i = 0; i < count; i++)
		visual->table[i] = (uint32_t)(colors[i].red >> 8) << 16 |
				   (uint32_t)(colors[i].green >> 8) << 8 |
				   (uint32_t)(colors[i].blue >> 8);
}

static void convert_16(const struct visual *visual, const uint8_t *from,
	uint32_t *to, int width)
{
	int x;

	for (x = 0; x < width; x++) {
		uint16_t pixel;

		memcpy(&pixel, from + (size_t)x * 2, 2);
		to[x] = visual->table[pixel];
	}
}

static void convert_32(const struct visual *visual, const uint8_t *from,
	uint32_t *to, int width)
{
	int x;

	for (x = 0; x < width; x++) {
		uint32_t pixel;

		memcpy(&pixel, from + (size_t)x * 4, 4);
		if (visual->swapped)
			pixel = __builtin_bswap32(pixel);
		to[x] = masked_colour(visual, pixel);
	}
}

/* 1, 4 and packed 24 bits: rare enough for Xlib's slow way. */
static void convert_odd(const struct visual *visual, XImage *image, int y,
	uint32_t *to, int width)
{
	int x;

	for (x = 0; x < width; x++) {
		unsigned long pixel = XGetPixel(image, x, y);

		to[x] = visual->table != NULL ? visual->table[pixel & 0xffff]
					      : masked_colour(visual, pixel);
	}
}

void visual_convert(const struct visual *visual, XImage *image, int y,
	uint32_t *to, int width)
{
	const uint8_t *from = (const uint8_t *)image->data +
			      (size_t)y * (size_t)image->bytes_per_line;
	int x;

	if (visual->bits_per_pixel == 32 && visual->table == NULL) {
		convert_32(visual, from, to, width);
	} else if (visual->bits_per_pixel == 16) {
		convert_16(visual, from, to, width);
	} else if (visual->bits_per_pixel == 8) {
		for (x = 0; x < width; x++)
			to[x] = visual->table[from[x]];
	} else {
		convert_odd(visual, image, y, to, width);
	}
}
