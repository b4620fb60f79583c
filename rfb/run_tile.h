/* run_tile.h - a tile in the cheapest of the forms that ZRLE and TRLE share:
 * pixels as they are, one colour, a packed palette, runs, runs of indices.
 *
 * Owner:   whoever embeds it, for any number of tiles; nothing to free.
 * Threads: one at a time.
 * Source:  RFC 6143 sections 7.7.5 and 7.7.6. Of TRLE's forms the two that
 *          reuse the palette of the tile before are not written.
 */
#ifndef RFB_RUN_TILE_H
#define RFB_RUN_TILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/frame.h"
#include "rfb/colour_palette.h"
#include "rfb/pixel_format.h"

enum {
	RUN_TILE_MOST_SIDE = 64,
	RUN_TILE_MOST_PIXELS = RUN_TILE_MOST_SIDE * RUN_TILE_MOST_SIDE,
	/* Pixels are compared so many at a time. */
	RUN_TILE_WORD = 64,
	RUN_TILE_MOST_WORDS = RUN_TILE_MOST_PIXELS / RUN_TILE_WORD,
};

enum run_tile_form {
	RUN_TILE_RAW,
	RUN_TILE_SOLID,
	RUN_TILE_PACKED,
	RUN_TILE_RUNS,
	RUN_TILE_INDEXED_RUNS,
};

/* What is to be small: the tile, or what zlib makes of it. */
enum run_tile_aim { RUN_TILE_FEWEST_BYTES, RUN_TILE_DEFLATED };

struct run {
	uint16_t length; /* 1..RUN_TILE_MOST_PIXELS */
	uint8_t index;   /* in the palette, where all colours fit it */
};

struct run_tile {
	enum run_tile_form form;
	int width, height, count; /* pixels */
	/* Reduced; the last word is filled up. */
	uint32_t pixels[RUN_TILE_MOST_PIXELS + RUN_TILE_WORD];
	/* A bit for each pixel, the lowest first: a run ends with it. */
	uint64_t ends[RUN_TILE_MOST_WORDS];
	struct colour_palette palette;
	bool has_palette;
	int run_count;
	int single_runs; /* of one pixel */
	int extra_bytes; /* of run lengths, beyond one a run */
	struct run runs[RUN_TILE_MOST_PIXELS];
};

/* Chooses the form of the tile at `place`, of at most RUN_TILE_MOST_SIDE each
 * way; */
void run_tile_look(struct run_tile *tile, enum run_tile_aim aim,
	const struct pixel_format *format, const struct frame *frame,
	struct rect place);
/* then, once, appends it. */
void run_tile_write(struct run_tile *tile, const struct pixel_format *format,
	struct buffer *to);

/* Appends the area as tiles of `side`, row by row from the top left, in the
 * fewest bytes. */
void run_tile_write_area(struct run_tile *tile,
	const struct pixel_format *format, const struct frame *frame,
	struct rect area, int side, struct buffer *to);

#endif
