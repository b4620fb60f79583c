/* rfb_decoder_parts.h - what the files of the tests' decoder share. */
#ifndef TEST_RFB_DECODER_PARTS_H
#define TEST_RFB_DECODER_PARTS_H

#include "base/rect.h"
#include "test/unit/rfb_decoder.h"

/* Notes the first reason; always false. */
bool decoder_fail(struct decoder *decoder, const char *why);

/* At most 4 bytes as a number. */
uint32_t decoder_bytes_value(
	const uint8_t *bytes, unsigned count, bool big_endian);

/* A PIXEL; 0 at the end. */
uint32_t decoder_pixel(const struct decoder *decoder, struct reader *in);

/* At most `size` bytes come out, *got says how many, and no data may be left;
 * else NULL. The caller frees. */
uint8_t *decoder_inflate(struct decoder *decoder, z_stream *stream,
	const uint8_t *bytes, size_t length, size_t size, size_t *got);

void canvas_put(
	struct canvas *canvas, int x, int y, uint32_t value, bool lossy);
void canvas_fill(struct canvas *canvas, struct rect rect, uint32_t value);

bool decoder_zrle(struct decoder *decoder, struct reader *in, struct rect rect,
	struct canvas *canvas);
bool decoder_trle(struct decoder *decoder, struct reader *in, struct rect rect,
	struct canvas *canvas);
/* The encoding 21. */
bool decoder_jpeg(struct decoder *decoder, struct reader *in, struct rect rect,
	struct canvas *canvas);
/* A whole file, which must have the rectangle's size. */
bool decoder_paint_jpeg(struct decoder *decoder, const uint8_t *bytes,
	size_t length, struct rect rect, struct canvas *canvas);
bool decoder_paint_png(struct decoder *decoder, const uint8_t *bytes,
	size_t length, struct rect rect, struct canvas *canvas);
/* Tight, or TightPNG. */
bool decoder_tight(struct decoder *decoder, struct reader *in, struct rect rect,
	bool is_png, struct canvas *canvas);

#endif
