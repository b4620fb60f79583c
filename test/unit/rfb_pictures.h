/* rfb_pictures.h - what screens show, drawn for tests; and the pixel formats
 * that viewers ask for.
 *
 * Everything is the same in every run. The top byte of a pixel is filled with
 * noise, since it means nothing.
 */
#ifndef TEST_RFB_PICTURES_H
#define TEST_RFB_PICTURES_H

#include <stdint.h>

#include "base/frame.h"
#include "rfb/pixel_format.h"

enum picture {
	PICTURE_SOLID,
	PICTURE_TEXT,      /* black on white */
	PICTURE_SOFT_TEXT, /* with grey edges */
	PICTURE_PHOTO,
	PICTURE_GRADIENT, /* straight from left to right */
	PICTURE_NOISE,
	PICTURE_FEW,   /* 3..200 colours, more from left to right */
	PICTURE_MIXED, /* a page: text, a photograph, solid margins */
	PICTURE_COUNT,
};

extern const char *const picture_names[PICTURE_COUNT];

/* Repeatable noise. */
uint32_t picture_random(uint32_t *seed);

void picture_draw(struct frame *frame, enum picture picture, uint32_t seed);

/* A new frame; never NULL. */
struct frame *picture_frame(
	int width, int height, enum picture picture, uint32_t seed);

/* Where PICTURE_MIXED has its text and its photograph. */
struct rect picture_mixed_text(const struct frame *frame);
struct rect picture_mixed_photo(const struct frame *frame);

struct picture_format {
	const char *name;
	struct pixel_format format;
};

enum { PICTURE_FORMATS = 9 };
extern const struct picture_format picture_formats[PICTURE_FORMATS];

#endif
