/* onlooker.h - a viewer that can be asked for its pixels: one decodes with
 * libvncclient, the other with the decoder of our tests.
 *
 * Owner:   onlooker_open() gives, onlooker_close() frees.
 * Threads: one at a time.
 * Errors:  onlooker_pump() returns false and says why on stderr.
 */
#ifndef TEST_SEQUENCE_ONLOOKER_H
#define TEST_SEQUENCE_ONLOOKER_H

#include <stdbool.h>
#include <stdint.h>

#include "rfb/pixel_format.h"

struct onlooker_wish {
	const char *encoding; /* as libvncclient names it */
	bool copies;          /* CopyRect, too */
	int quality;          /* of JPEG, 0..9; -1: none */
	bool pushed;          /* ContinuousUpdates; not with libvncclient */
	struct pixel_format format;
};

struct onlooker;

struct onlooker_kind {
	const char *name;
	struct onlooker *(*open)(int port, const struct onlooker_wish *wish);
	void (*close)(struct onlooker *onlooker);
	/* Reads what has come, waiting for it no longer than that. */
	bool (*pump)(struct onlooker *onlooker, unsigned wait_us);
	/* How often the picture changed. */
	unsigned (*updates)(const struct onlooker *onlooker);
	/* A pixel as a number in the format asked for; the bits that are no
	 * colour may be anything. */
	uint32_t (*value)(const struct onlooker *onlooker, int x, int y);
};

extern const struct onlooker_kind onlooker_ours;
extern const struct onlooker_kind onlooker_vncclient;

#endif
