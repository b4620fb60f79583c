/* cursor_alpha.c - the forms that keep the pointer's soft edges. */
#include "rfb/cursor.h"
#include "rfb/cursor_pixel.h"

enum { VMWARE_TYPE_ALPHA = 1 };

static void write_rgba(struct buffer *to, uint32_t pixel)
{
	buffer_u32(to, pixel << 8 | pixel >> 24);
}

static size_t image_size(const struct cursor_image *image)
{
	return (size_t)image->width * (size_t)image->height;
}

/* rfbproto, "Cursor With Alpha Pseudo-encoding". Whether an encoding number
 * follows an empty rectangle is nowhere said, so a hidden pointer goes as one
 * transparent pixel. */
static void write_with_alpha(const struct cursor_image *image,
	const struct pixel_format *format, struct rect_writer *to)
{
	(void)format;
	if (image_size(image) == 0) {
		rect_writer_begin(to, (struct rect){ 0, 0, 1, 1 },
			ENCODING_CURSOR_WITH_ALPHA);
		buffer_s32(&to->bytes, ENCODING_RAW);
		buffer_u32(&to->bytes, 0);
		return;
	}
	cursor_begin(image, ENCODING_CURSOR_WITH_ALPHA, to);
	buffer_s32(&to->bytes, ENCODING_RAW);
	for (size_t i = 0; i < image_size(image); i++)
		write_rgba(&to->bytes, image->pixels[i]);
}

/* The type and its padding follow even an empty rectangle: noVNC and TigerVNC
 * read them before they look at the size. */
static void write_vmware(const struct cursor_image *image,
	const struct pixel_format *format, struct rect_writer *to)
{
	(void)format;
	cursor_begin(image, ENCODING_VMWARE_CURSOR, to);
	buffer_u8(&to->bytes, VMWARE_TYPE_ALPHA);
	buffer_u8(&to->bytes, 0);
	for (size_t i = 0; i < image_size(image); i++) {
		uint32_t pixel = image->pixels[i];

		write_rgba(&to->bytes,
			(pixel & 0xff000000) | cursor_pixel_straight(pixel));
	}
}

const struct cursor_form cursor_form_with_alpha = {
	.number = ENCODING_CURSOR_WITH_ALPHA,
	.write = write_with_alpha,
};

const struct cursor_form cursor_form_vmware = {
	.number = ENCODING_VMWARE_CURSOR,
	.write = write_vmware,
};
