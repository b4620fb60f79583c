/* encoder.h - one way to turn an area of a frame into rectangles on the wire.
 *
 * Adding an encoder is one file with one descriptor, and one line in the table
 * in encoder.c. Which one a viewer gets is decided by encoder_choose() alone,
 * from the viewer's list and the descriptors' traits.
 *
 * Owner:   the session owns one state per encoder that keeps any (zlib
 *          streams); it is lent to one job at a time, in order.
 * Threads: encode() runs on a worker and touches only its arguments.
 */
#ifndef RFB_ENCODER_H
#define RFB_ENCODER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/frame.h"
#include "rfb/encode_settings.h"
#include "rfb/encoding_list.h"
#include "rfb/rect_writer.h"

struct encoder {
	const char *name; /* for the log */
	int32_t number;   /* as in SetEncodings */
	/* Preferred by us before what the viewer's order says; see
	 * encoder_choose(). */
	unsigned traits;
	/* Both NULL for an encoder without memory. What is created is NULL
	 * where there is none to be had for it: it may be large. */
	void *(*state_create)(void);
	void (*state_destroy)(void *state);
	/* Into how many parts one update may be split, for as many workers:
	 * part 0 to this - 1 of a state share no memory. 0 means 1, or any
	 * number for an encoder without memory. */
	int state_parts;
	/* The part of a state that encode() is given; NULL: the state itself.
	 */
	void *(*state_part)(void *state, int part);
	/* For ENCODER_ALONE in a stream that goes on; both NULL: there is none.
	 * Whether both viewers have its beginning, or neither; */
	bool (*state_is_like)(const void *state, const void *other);
	/* the viewer got what another's state made alone. */
	void (*state_skip)(void *state);
	/* Writes one or more whole rectangles that together cover `area`
	 * exactly (never empty, inside the frame), and notes in `to` which of
	 * them are lossy. An area of 8192x8192 is at most 32 768 rectangles. */
	void (*encode)(void *state, const struct encode_settings *settings,
		const struct frame *frame, struct rect area,
		struct rect_writer *to);
};

enum encoder_trait {
	/* Raw: only when nothing else is listed, or when listed before all
	 * others. */
	ENCODER_LAST_RESORT = 1 << 0,
	/* Can be lossy when the viewer allows it. */
	ENCODER_JPEG = 1 << 1,
	/* Not where Tight is listed, which decodes faster in every viewer that
	 * knows both. */
	ENCODER_BEHIND_TIGHT = 1 << 2,
	/* JPEG: for photographs alone, so not without a quality level, nor
	 * where an encoder that has JPEG inside is listed, nor beside one with
	 * the next trait. */
	ENCODER_HAS_REST = 1 << 3,
	/* Sends pixels as they are, which noVNC up to 1.7 takes from the wrong
	 * place while an image before them is being decoded. */
	ENCODER_PLAIN = 1 << 4,
	/* Has memory, and can do without: see encode_settings.alone. */
	ENCODER_ALONE = 1 << 5,
};

/* The one the viewer listed first among those we have and whose traits let it,
 * except: Raw loses to any other listed encoder unless the viewer put it first
 * (same machine, CLIENTS rule 22) and does not list Tight (noVNC <= 1.3 decodes
 * Raw wrongly, CLIENTS 2.9; noVNC lists Tight before Raw). Never NULL: Raw is
 * always allowed (RFC 6143 section 7.7.1). */
const struct encoder *encoder_choose(const struct encoding_list *list);

/* What an encoder with ENCODER_HAS_REST leaves to another: the choice without
 * such encoders. */
const struct encoder *encoder_choose_rest(const struct encoding_list *list);

/* All encoders, ended by NULL; the index is the index of the session's state
 * array. */
extern const struct encoder *const encoder_table[];
enum { ENCODER_COUNT = 10 };

/* Index in encoder_table. */
int encoder_index(const struct encoder *encoder);

#endif
