/* skim.h - a viewer that reads updates and throws them away.
 *
 * It finds the ends of rectangles without decoding them, so that a server can
 * be asked for more than a decoder could bear. It asks again when an update
 * begins, as TigerVNC's viewer does.
 *
 * Owner:   skim_open() gives, skim_close() frees.
 * Threads: one at a time, but skim_counts() is for any thread (the
 *          parts may be a rectangle off then).
 * Errors:  said on stderr; then skim_update() returns false.
 * Source:  RFC 6143; rfbproto (Tight).
 */
#ifndef BENCH_SKIM_H
#define BENCH_SKIM_H

#include <stdbool.h>
#include <stdint.h>

struct skim;

struct skim_options {
	const char *host, *port;
	const char *encodings; /* of raw copyrect tight zrle, with spaces */
	int quality;           /* of JPEG, 0..9; negative: none */
	int compression;
	bool incremental; /* what it asks for, after the first picture */
};

/* What rectangles were: encodings, and the kinds within Tight. */
enum skim_kind {
	SKIM_RAW,
	SKIM_COPYRECT,
	SKIM_ZRLE,
	SKIM_FILL,
	SKIM_JPEG,
	SKIM_PALETTE,
	SKIM_TRUE, /* Tight, zlib over true colours */
	SKIM_KINDS,
};

struct skim_part {
	uint64_t rectangles, pixels, bytes;
};

struct skim_counts {
	uint64_t bytes, pixels;
	unsigned updates;
	struct skim_part parts[SKIM_KINDS];
};

const char *skim_kind_name(enum skim_kind kind);

struct skim *skim_open(const struct skim_options *options);
void skim_close(struct skim *skim);

/* Reads one update, and whatever comes before it. */
bool skim_update(struct skim *skim);

/* Asks for many updates and reads none: its skim_update() ends, or never
 * returns. From any thread. */
bool skim_stall(struct skim *skim);

struct skim_counts skim_counts(const struct skim *skim);
/* Pixels of the screen. */
uint64_t skim_area(const struct skim *skim);

#endif
