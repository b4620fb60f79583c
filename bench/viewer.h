/* viewer.h - a viewer that decodes with libvncclient and counts.
 *
 * Somebody else's decoder: what it shows is what the server really sent.
 *
 * Owner:   viewer_open() gives, viewer_close() frees.
 * Threads: one at a time (WebSocket adds a relay thread of its own).
 * Errors:  said on stderr; a lost connection is sticky, viewer_wait() returns
 *          false from then on.
 */
#ifndef BENCH_VIEWER_H
#define BENCH_VIEWER_H

#include <stdbool.h>
#include <stdint.h>

struct viewer_options {
	const char *host, *port;
	bool websocket;
	const char *password;  /* NULL: none */
	const char *encodings; /* as libvncclient names them */
	int quality;           /* of JPEG, 0..9; negative: none */
	int compression;       /* 0..9 */
};

struct viewer;

/* Connects and logs in; no pixel has been asked for yet. NULL on failure. */
struct viewer *viewer_open(const struct viewer_options *options);
void viewer_close(struct viewer *viewer);

int viewer_width(const struct viewer *viewer);
int viewer_height(const struct viewer *viewer);

/* Handles what arrives, for up to `us` or until an update was decoded. */
bool viewer_wait(struct viewer *viewer, uint64_t us);

/* Asks for the whole picture; viewer_is_covered() once all of it came. */
bool viewer_request_all(struct viewer *viewer);
bool viewer_is_covered(const struct viewer *viewer);

/* 0xRRGGBB of a decoded pixel. */
uint32_t viewer_pixel(const struct viewer *viewer, int x, int y);
/* Whether it is that colour but for what JPEG does to it. */
bool viewer_shows(const struct viewer *viewer, int x, int y, uint32_t colour);

/* Reads a stamp whose corner is there; false when none is. */
bool viewer_stamp(const struct viewer *viewer, int x, int y, unsigned *number);

/* Presses and releases a key. */
bool viewer_key(struct viewer *viewer, uint32_t keysym);

/* Bytes the server has sent on its TCP connection. */
uint64_t viewer_bytes(const struct viewer *viewer);
unsigned viewer_updates(const struct viewer *viewer);

#endif
