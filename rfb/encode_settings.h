/* encode_settings.h - how a viewer wants its pictures encoded.
 *
 * Owner:   a plain value: a job keeps its own copy.
 * Threads: any.
 */
#ifndef RFB_ENCODE_SETTINGS_H
#define RFB_ENCODE_SETTINGS_H

#include <stdbool.h>

#include "rfb/encoding_list.h"
#include "rfb/pixel_format.h"

struct encoder;

/* What of a viewer's wishes changes encoded bytes. */
struct encode_settings {
	struct pixel_format format; /* effective: always true colour */
	int jpeg_quality; /* 1..100 for libjpeg, 0: the viewer forbids JPEG */
	int jpeg_subsampling;      /* enum TJSAMP of TurboJPEG */
	int jpeg_soft_subsampling; /* where colours change softly */
	int compress_level; /* 0..9 as the viewer said, -1: nothing said */
	bool gradient;      /* Tight's filter, on which old noVNC throws */
	/* Pixels that the viewer wants as they lie in the frame may be lent to
	 * the message: see rect_writer_lend(). */
	bool lends;
	/* The bytes must depend on nothing encoded before: they serve others,
	 * too. Only for an encoder with ENCODER_ALONE. */
	bool alone;
	/* For an encoder with ENCODER_HAS_REST: what does the rest, and its
	 * state, lent for the same job. NULL: Raw. */
	const struct encoder *rest;
	void *rest_state;
};

/* In steps of the viewers' quality slider, 0..9: the one that its JPEG quality
 * reaches; what is not allowed JPEG is at 0. */
int encode_settings_step(const struct encode_settings *settings);
/* At most this step, and no finer colours than that has. Never allows what was
 * not allowed. */
void encode_settings_limit(struct encode_settings *settings, int most_step);

/* Whether a quality level is listed, in any of its forms: else the viewer takes
 * no JPEG (CLIENTS rule 24). */
bool encode_settings_allow_jpeg(const struct encoding_list *list);

/* From the viewer's pseudo-encodings and pixel format: quality -32..-23,
 * -512..-412 (fine), subsampling -768..-763, compress -256..-247. JPEG only
 * with a listed quality and bpp >= 16 (CLIENTS rule 24). */
struct encode_settings encode_settings_from(
	const struct encoding_list *list, const struct pixel_format *format);

/* Whether the same bytes can serve both; whatever does the rest. */
bool encode_settings_equal(
	const struct encode_settings *a, const struct encode_settings *b);

#endif
