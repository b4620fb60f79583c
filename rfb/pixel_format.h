/* pixel_format.h - how a viewer wants its pixels (RFC 6143 section 7.4).
 *
 * The source is always a frame's 0x??RRGGBB; this file knows how to turn rows
 * of it into any format that pixel_format_is_sane() lets through.
 *
 * Threads: any; everything here is a pure function.
 */
#ifndef RFB_PIXEL_FORMAT_H
#define RFB_PIXEL_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/reader.h"

struct pixel_format {
	uint8_t bits_per_pixel; /* 8, 16 or 32 */
	uint8_t depth;
	bool big_endian;
	/* false: a colour map. We send BGR233 as the map, and then treat the
	 * viewer as 8 bpp true colour 7,7,3 shifts 0,3,6. */
	bool true_colour;
	uint16_t red_max, green_max, blue_max;
	uint8_t red_shift, green_shift, blue_shift;
};

enum { PIXEL_FORMAT_BYTES = 16 };

/* 32 bpp, depth 24, little endian, shifts 16, 8, 0 (CLIENTS rule 21). */
struct pixel_format pixel_format_default(void);

/* Reads the 16 bytes as they come; any non-zero flag byte is true (rule 20). */
struct pixel_format pixel_format_read(struct reader *reader);
void pixel_format_write(const struct pixel_format *format, struct buffer *to);

bool pixel_format_equal(
	const struct pixel_format *a, const struct pixel_format *b);

/* Whether we can serve it: bpp 8/16/32, each max 2^n - 1 and non-zero, all
 * colour bits inside the pixel and not overlapping; a colour map only with
 * 8 bpp. False: *why gets a static sentence for the log. */
bool pixel_format_is_sane(const struct pixel_format *format, const char **why);

/* The format pixels are really written in: itself for true colour, BGR233
 * for a colour map. */
struct pixel_format pixel_format_effective(const struct pixel_format *format);

/* The SetColourMapEntries message for a colour map viewer: 256 entries. */
void pixel_format_write_colour_map(struct buffer *to);

/* One colour as the number the viewer sees, before byte order. */
uint32_t pixel_format_value(const struct pixel_format *format, uint32_t colour);

/* `count` frame pixels as the viewer's PIXELs at `to` (count * bpp/8 bytes).
 * Fast paths for the formats of CLIENTS rules 19-21. */
void pixel_format_convert(const struct pixel_format *format, uint8_t *to,
	const uint32_t *from, size_t count);

/* Whether a frame's pixels are the viewer's PIXELs already, whatever is in the
 * byte that its depth leaves unused. */
bool pixel_format_is_frames(const struct pixel_format *format);

/* `count` frame pixels as 0x00RRGGBB rounded to what the format can tell apart:
 * two results are equal exactly when the viewer would see one colour, and
 * converting a result gives what converting its source gives. Encoders look
 * for runs and palettes in these. */
void pixel_format_reduce(const struct pixel_format *format,
	uint32_t *restrict to, const uint32_t *restrict from, size_t count);

/* Whether reducing only clears the top byte. */
bool pixel_format_keeps_colours(const struct pixel_format *format);

/* ZRLE's CPIXEL and Tight's TPIXEL: their size, and the same conversion.
 * CPIXEL is 3 bytes iff true colour, 32 bpp, depth <= 24 and the colour bits
 * fit the low or the high 3 bytes of the value; TPIXEL is R,G,B iff 32 bpp,
 * depth 24 and every max is 255. */
size_t pixel_format_cpixel_size(const struct pixel_format *format);
void pixel_format_convert_cpixel(const struct pixel_format *format, uint8_t *to,
	const uint32_t *from, size_t count);
size_t pixel_format_tpixel_size(const struct pixel_format *format);
void pixel_format_convert_tpixel(const struct pixel_format *format, uint8_t *to,
	const uint32_t *from, size_t count);

#endif
