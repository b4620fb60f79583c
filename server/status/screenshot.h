/* screenshot.h - what is shared, as one picture, for who asks by HTTP.
 *
 * The next capture is made for it if none is due anyway; a worker encodes. For
 * a second everybody gets the same file: who asks often costs no more than
 * that. Blackened parts are black in it.
 *
 * Owner:   embedded in struct share; screenshot_finish() after the last job,
 *          or at the end of a program that waits for that no longer.
 * Threads: the loop thread; a worker encodes.
 */
#ifndef SERVER_STATUS_SCREENSHOT_H
#define SERVER_STATUS_SCREENSHOT_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/buffer.h"

struct frame;
struct look;
struct share;
struct status_visit;

enum screenshot_form { SCREENSHOT_PNG, SCREENSHOT_JPEG, SCREENSHOT_FORMS };

struct screenshot_job {
	struct share *share;
	uv_work_t work;
	enum screenshot_form form;
	struct frame *frame; /* while it is with the worker */
	struct buffer file;  /* the last one */
	uint64_t made_ms;    /* 0: none */
	bool wanted;         /* from the next capture */
};

struct screenshot {
	struct look *look; /* what is seen in it, while one is wanted */
	struct status_visit *waiting;
	struct screenshot_job jobs[SCREENSHOT_FORMS];
};

void screenshot_init(struct screenshot *screenshot, struct share *share);
void screenshot_finish(struct screenshot *screenshot);

/* A file of at most a second ago, borrowed for the moment. NULL: there will be
 * one, and the visit is told. */
const struct buffer *screenshot_get(struct screenshot *screenshot,
	enum screenshot_form form, struct status_visit *visit);
/* The visit is over. */
void screenshot_forget(
	struct screenshot *screenshot, struct status_visit *visit);

/* Whether a capture is to be made for it; and here it is, between
 * looks_begin() and looks_end(). */
bool screenshot_is_wanted(const struct screenshot *screenshot);
void screenshot_captured(struct screenshot *screenshot);

#endif
