/* encoder_tight.h - what the files of the Tight encoder share, and the two
 * encoders that cut an area as it does: TightPNG and JPEG.
 *
 * encoder_tight.c cuts an area into rectangles of one kind, by the kinds that
 * encoder_tight_cell.c finds; encoder_tight_rect.c and encoder_tight_jpeg.c
 * write one rectangle each.
 *
 * Owner:   a struct tight is the state of each of them.
 * Source:  rfbproto, "Tight Encoding", "TightPNG Encoding".
 */
#ifndef RFB_ENCODER_TIGHT_H
#define RFB_ENCODER_TIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "rfb/colour_palette.h"
#include "rfb/deflater.h"
#include "rfb/encoder.h"
#include "rfb/jpeg_planes.h"
#include "rfb/jpeg_tables.h"
#include "rfb/whole_deflater.h"

enum {
	TIGHT_MOST_WIDTH = 2048, /* TigerVNC refuses more */
	/* One lossless rectangle: what the scratch memory below holds, small
	 * enough for a core's own cache. */
	TIGHT_MOST_PIXELS = 65536,
	TIGHT_MOST_JPEG_PIXELS = 4 * TIGHT_MOST_PIXELS,
	/* A cell is what is looked at to tell one kind of content from
	 * another, and the smallest cut: 8192x8192 pixels are at most 32 768
	 * of them, and a message counts up to 65 535. Wide, as text is. */
	TIGHT_CELL_WIDTH = 64,
	TIGHT_CELL_HEIGHT = 32,
	/* Where a photograph begins within a cell, the cell is cut to so many
	 * columns, or rows. */
	TIGHT_LEAST_CUT = 16,
	TIGHT_MOST_PIXEL_BYTES = 4,
};

/* A viewer has four zlib streams. An update may be encoded in two parts at
 * once, so each part has two: one that remembers, for what is small, and one
 * that begins anew with each rectangle. They are never mixed: noVNC's zlib
 * cannot look back once a stream began anew. */
enum tight_stream {
	TIGHT_STREAM_MEMORY,
	TIGHT_STREAM_WHOLE,
	TIGHT_STREAM_COUNT,
};

enum { TIGHT_PARTS = 2 };

/* The state of a part. */
struct tight {
	int first_stream; /* as the viewer numbers them */
	struct deflater memory;
	struct whole_deflater whole;
	void *jpeg; /* tjhandle; NULL until there is something for it */
	/* TurboJPEG wants room for far more than comes; here the same pages are
	 * used again and again. */
	struct buffer jpeg_bytes;
	struct jpeg_planes planes;
	struct jpeg_tables tables; /* of encoder_jpeg.c alone */
	struct colour_palette palette;
	uint32_t pixels[TIGHT_MOST_PIXELS]; /* reduced */
	uint8_t bytes[TIGHT_MOST_PIXELS * TIGHT_MOST_PIXEL_BYTES];
};

struct tight_job;

/* How an encoder writes a rectangle of each kind. Rectangles are within the
 * limits above. */
struct tight_forms {
	int32_t encoding;
	/* NULL: as if it were flat. */
	void (*solid)(
		const struct tight_job *job, struct rect rect, uint32_t colour);
	void (*flat)(const struct tight_job *job, struct rect rect);
	/* A photograph whose JPEG is not allowed. */
	void (*full)(const struct tight_job *job, struct rect rect);
	/* False, with nothing written, where it could not be done. */
	bool (*jpeg)(
		const struct tight_job *job, struct rect rect, int subsampling);
};

struct tight_job {
	struct tight *tight;
	const struct tight_forms *forms;
	const struct encode_settings *settings;
	const struct frame *frame;
	struct rect_writer *to;
	size_t pixel_bytes; /* of a TPIXEL */
	int level;          /* zlib's */
};

enum tight_kind {
	TIGHT_SOLID,
	TIGHT_FLAT, /* text, drawings: few colours or many equal pixels */
	TIGHT_PHOTO,
};

struct tight_cell {
	enum tight_kind kind;
	bool is_mixed;   /* flat, but a part of it may be a photograph */
	uint32_t colour; /* reduced, of a solid one */
	/* Of a photograph: how much its colours differ from place to place, as
	 * the sum of so many squares. */
	int64_t roughness;
	int pairs;
};

/* A struct tight, for the descriptors. */
void *tight_state_create(void);
void tight_state_destroy(void *state);

/* Cuts the area and hands the pieces to the forms. */
void tight_encode_area(struct tight *tight, const struct tight_forms *forms,
	const struct encode_settings *settings, const struct frame *frame,
	struct rect area, struct rect_writer *to);

/* `place` is at most a cell large. */
struct tight_cell tight_cell_look(
	const struct tight_job *job, struct rect place);

/* One rectangle of one colour, of any height. */
void tight_rect_fill(
	const struct tight_job *job, struct rect rect, uint32_t colour);

/* Lossless, as one or more rectangles; at most TIGHT_MOST_PIXELS. */
void tight_rect_flat(const struct tight_job *job, struct rect rect);

/* Lossless without a palette; at most TIGHT_MOST_PIXELS. */
void tight_rect_full(const struct tight_job *job, struct rect rect);

/* Of `pixels`, which have three samples of a byte each. */
void tight_gradient_filter(
	uint8_t *to, const uint8_t *pixels, int width, int height);

/* The reduced pixels, to tight->pixels. */
void tight_rect_load(const struct tight_job *job, struct rect rect);
/* Of zlib, for the indices of a palette. */
int tight_index_level(const struct tight_job *job);
/* How many colours of a palette may pay for so many pixels. */
int tight_rect_most_colours(int pixels);

/* At most TIGHT_MOST_JPEG_PIXELS; false, with nothing written, where it could
 * not be done. */
bool tight_jpeg_write(
	const struct tight_job *job, struct rect rect, int subsampling);

/* Appends the JPEG alone and gives its length; 0 where it could not be done,
 * with nothing appended. */
size_t tight_jpeg_append(
	const struct tight_job *job, struct rect rect, int subsampling);

/* Puts the length in 7-bit groups before the bytes that begin at `offset` of
 * `to`, where TIGHT_LENGTH_ROOM bytes were left for it. */
void tight_length_insert(struct buffer *to, size_t offset);
enum { TIGHT_LENGTH_ROOM = 3 };

#endif
