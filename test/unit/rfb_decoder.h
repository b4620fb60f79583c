/* rfb_decoder.h - a viewer's half of the encodings, for tests: strict where
 * viewers are lenient, and slow.
 *
 * It was written from RFC 6143 section 7.7 and rfbproto's "Tight Encoding"
 * and shares no code with rfb/ but the formats' description.
 *
 * Owner:   the test; decoder_finish() and canvas_finish() free.
 */
#ifndef TEST_RFB_DECODER_H
#define TEST_RFB_DECODER_H

#include <stdbool.h>
#include <stdint.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/reader.h"
#include "rfb/pixel_format.h"

struct canvas {
	int width, height;
	uint32_t *values; /* as the viewer sees pixels, before byte order */
	uint8_t *painted; /* how often, up to 255 */
	uint8_t *lossy;   /* last painted by a JPEG */
};

void canvas_init(struct canvas *canvas, int width, int height);
void canvas_finish(struct canvas *canvas);
void canvas_forget_painted(struct canvas *canvas);

enum { DECODER_TIGHT_STREAMS = 4 };

/* What was met, for tests that want to see a form used. */
enum decoder_form {
	DECODED_RAW,
	DECODED_HEXTILE_RAW,
	DECODED_HEXTILE_SOLID,
	DECODED_HEXTILE_MONO,
	DECODED_HEXTILE_COLOURED,
	DECODED_ZRLE_RAW,
	DECODED_ZRLE_SOLID,
	DECODED_ZRLE_PACKED,
	DECODED_ZRLE_RUNS,
	DECODED_ZRLE_INDEXED_RUNS,
	DECODED_TRLE_RAW, /* in the same order as ZRLE's */
	DECODED_TRLE_SOLID,
	DECODED_TRLE_PACKED,
	DECODED_TRLE_RUNS,
	DECODED_TRLE_INDEXED_RUNS,
	DECODED_ZLIB,
	DECODED_RRE,
	DECODED_CORRE,
	DECODED_TIGHT_FILL,
	DECODED_TIGHT_JPEG,
	DECODED_TIGHT_MONO,
	DECODED_TIGHT_INDEXED,
	DECODED_TIGHT_COPY,
	DECODED_TIGHT_GRADIENT,
	DECODED_PNG_RGB,
	DECODED_PNG_PALETTE,
	DECODED_JPEG,
	DECODED_JPEG_REUSED, /* tables of one kind */
	DECODED_FORMS,
};

struct decoder {
	struct pixel_format format; /* effective */
	z_stream zrle;
	z_stream zlib;
	z_stream tight[DECODER_TIGHT_STREAMS];
	bool tight_began_anew[DECODER_TIGHT_STREAMS];
	struct buffer tables[2]; /* of JPEG: quantization, Huffman */
	unsigned forms[DECODED_FORMS];
	const char *why; /* the first thing that was wrong, or NULL */
};

void decoder_init(struct decoder *decoder, const struct pixel_format *format);
void decoder_finish(struct decoder *decoder);

/* The next rectangle. False: see `why`. */
bool decoder_rect(
	struct decoder *decoder, struct reader *in, struct canvas *canvas);

/* `count` rectangles that are exactly `length` bytes. False: see `why`. */
bool decoder_rects(struct decoder *decoder, const uint8_t *bytes, size_t length,
	unsigned count, struct canvas *canvas);

#endif
