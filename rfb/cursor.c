#include "rfb/cursor.h"

#include <string.h>

extern const struct cursor_form cursor_form_with_alpha;
extern const struct cursor_form cursor_form_vmware;
extern const struct cursor_form cursor_form_pixels;
extern const struct cursor_form cursor_form_two_colours;

/* Best first. VMware's stands before -239, which noVNC paints with red and
 * blue swapped. */
static const struct cursor_form *const forms[] = {
	&cursor_form_with_alpha,
	&cursor_form_vmware,
	&cursor_form_pixels,
	&cursor_form_two_colours,
};

const struct cursor_form *cursor_form_choose(const struct encoding_list *list)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (encoding_list_has(list, forms[i]->number))
			return forms[i];
	return NULL;
}

/* Where a window of CURSOR_MOST_SIDE pixels begins on a side of `length`, so
 * that it shows as much as it can around `hot`. */
static int cut_start(int length, int hot)
{
	int start = hot - CURSOR_MOST_SIDE / 2;

	if (start > length - CURSOR_MOST_SIDE)
		start = length - CURSOR_MOST_SIDE;
	return start > 0 ? start : 0;
}

static int cut_length(int length)
{
	return length < CURSOR_MOST_SIDE ? length : CURSOR_MOST_SIDE;
}

/* A new image within the limit. */
static struct cursor_image *cut(const struct cursor_image *image)
{
	int x = cut_start(image->width, image->hot_x);
	int y = cut_start(image->height, image->hot_y);
	int width = cut_length(image->width);
	int height = cut_length(image->height);
	struct cursor_image *part = cursor_image_create(width, height);

	part->hot_x = image->hot_x - x;
	part->hot_y = image->hot_y - y;
	for (int row = 0; row < height; row++)
		memcpy(part->pixels + (size_t)row * (size_t)width,
			image->pixels +
				(size_t)(y + row) * (size_t)image->width + x,
			(size_t)width * 4);
	return part;
}

void cursor_write(const struct cursor_form *form,
	const struct cursor_image *image, const struct pixel_format *format,
	struct rect_writer *to)
{
	struct cursor_image *part = NULL;

	if (image->width > CURSOR_MOST_SIDE || image->height > CURSOR_MOST_SIDE)
		part = cut(image);
	form->write(part != NULL ? part : image, format, to);
	cursor_image_unref(part);
}

void cursor_begin(const struct cursor_image *image, int32_t number,
	struct rect_writer *to)
{
	rect_writer_begin(to,
		(struct rect){ image->hot_x, image->hot_y, image->width,
			image->height },
		number);
}

struct rect cursor_rect(const struct cursor_image *image, int x, int y)
{
	return (struct rect){ x - image->hot_x, y - image->hot_y, image->width,
		image->height };
}

/* Premultiplied `over` on top of an opaque pixel. */
static uint32_t blend(uint32_t over, uint32_t under)
{
	uint32_t rest = 255 - (over >> 24);
	uint32_t result = 0;

	for (unsigned shift = 0; shift < 24; shift += 8) {
		uint32_t below = (under >> shift & 255) * rest + 128;
		uint32_t sum =
			(over >> shift & 255) + ((below + (below >> 8)) >> 8);

		/* Above 255 only where an image is not premultiplied. */
		result |= (sum < 255 ? sum : 255) << shift;
	}
	return result;
}

static void paint(struct frame *frame, struct rect area,
	const struct cursor_image *image, struct rect place)
{
	struct rect shown = rect_intersect(area, place);

	for (int y = shown.y; y < shown.y + shown.height; y++) {
		uint32_t *to =
			(uint32_t *)(frame->pixels + (size_t)y * frame->stride);
		const uint32_t *from =
			image->pixels +
			(size_t)(y - place.y) * (size_t)image->width;

		for (int x = shown.x; x < shown.x + shown.width; x++)
			to[x] = blend(from[x - place.x], to[x]);
	}
}

struct frame *cursor_painted(const struct frame *frame, struct rect area,
	const struct cursor_image *image, int x, int y)
{
	struct frame *painted = frame_create(frame->width, frame->height);

	if (painted == NULL)
		return NULL;
	area = rect_intersect(area, frame_rect(frame));
	for (int row = area.y; row < area.y + area.height; row++)
		memcpy(painted->pixels + (size_t)row * painted->stride +
				(size_t)area.x * 4,
			frame_row(frame, row) + area.x, (size_t)area.width * 4);
	paint(painted, area, image, cursor_rect(image, x, y));
	return painted;
}
