/* cursor.h - the pointer's shape in the forms viewers understand.
 *
 * Adding a form is one file with one descriptor and one line in the table in
 * cursor.c. CLIENTS rule 34: -314, then VMware alpha, then -239, then -240;
 * never -239 where VMware alpha is listed (noVNC swaps red and blue in it).
 *
 * Threads: pure functions over borrowed images; any thread.
 */
#ifndef RFB_CURSOR_H
#define RFB_CURSOR_H

#include "base/cursor_image.h"
#include "base/frame.h"
#include "rfb/encoding_list.h"
#include "rfb/pixel_format.h"
#include "rfb/rect_writer.h"

struct cursor_form {
	int32_t number;
	/* The image is within CURSOR_MOST_SIDE. */
	void (*write)(const struct cursor_image *image,
		const struct pixel_format *format, struct rect_writer *to);
};

/* The best form the viewer listed, or NULL: then the pointer is painted into
 * its pictures. */
const struct cursor_form *cursor_form_choose(const struct encoding_list *list);

/* TigerVNC disconnects above. */
enum { CURSOR_MOST_SIDE = 256 };

/* Writes one pseudo-rectangle; an empty image hides the pointer. Of one that is
 * too large it shows what is around the hot spot. */
void cursor_write(const struct cursor_form *form,
	const struct cursor_image *image, const struct pixel_format *format,
	struct rect_writer *to);

/* For the forms: the head of the rectangle, which every one of them has. */
void cursor_begin(const struct cursor_image *image, int32_t number,
	struct rect_writer *to);

/* Where an image with its hot spot at x, y lies. */
struct rect cursor_rect(const struct cursor_image *image, int x, int y);

/* A new frame (one reference, the caller's) that holds only `area` of `frame`
 * valid, with the image blended over it; the hot spot is at x, y. NULL when
 * out of memory. */
struct frame *cursor_painted(const struct frame *frame, struct rect area,
	const struct cursor_image *image, int x, int y);

#endif
