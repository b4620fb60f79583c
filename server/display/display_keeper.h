/* display_keeper.h - which display is shared, and what happens while there is
 * none (-reopen, -waitdisplay, -display WAIT:): viewers stay, see a notice, and
 * it is opened as soon as it is there. With -find it is the display of whoever
 * sits at the screen, also when that changes.
 *
 * Whether it is back finds out a job of the broker, with growing pauses: there
 * alone it can be waited for an X server that hangs, and there alone can files
 * of whoever's display it will be be read. The server itself opens only what
 * has just answered.
 *
 * Until then share->desktop is the one that was lost: its calls do nothing.
 *
 * Owner:   embedded in struct share.
 * Threads: the loop thread; display_keeper_plan() before the fork.
 */
#ifndef SERVER_DISPLAY_DISPLAY_KEEPER_H
#define SERVER_DISPLAY_DISPLAY_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/region.h"
#include "server/broker/broker_plan.h"
#include "server/display/display_report.h"
#include "server/display/display_search.h"

struct frame;
struct share;

struct display_keeper {
	struct share *share;
	struct display_search search;
	struct display_report report;
	struct display_target target; /* what is shared, or was */
	uv_timer_t timer;
	unsigned desktop;        /* the broker's number for it */
	bool searches;           /* the broker has a job for us */
	bool keeps;              /* -reopen */
	bool follows;            /* -find */
	bool away;               /* there is no display now */
	bool was_there;          /* ever */
	bool is_following;       /* it waits for another to sit at the screen */
	bool is_asked;           /* it looks for a display, */
	bool is_outdated;        /* and what it says may be old: once more */
	bool opening;            /* and this one is being opened: */
	bool died;               /* it went away meanwhile */
	enum display_found told; /* why not, in the log */
	unsigned pause_ms;       /* before the next search, or look */
	uint64_t lost_ms;        /* clock_ms() */
	struct frame *notice;
	bool is_shown; /* to whoever captured since it was lost */
};

/* What the broker is to do for us, who are its desktop of that number. False:
 * an error was logged. */
bool display_keeper_plan(struct display_keeper *keeper,
	const struct options *options, struct broker_plan *plan,
	unsigned desktop);
void display_keeper_init(struct display_keeper *keeper, struct share *share);
/* The display to begin with; there are no other threads yet. False: *error gets
 * a sentence, or stays NULL where the start does not wait for it. */
bool display_keeper_begin(struct display_keeper *keeper, char **error);
/* It is open. */
void display_keeper_ready(struct display_keeper *keeper);
/* Runs the loop until it is there, or -waitdisplay's time is over: false. */
bool display_keeper_wait(struct display_keeper *keeper);
void display_keeper_finish(struct display_keeper *keeper);

/* The desktop was lost; may come from inside of any call of desktop.h. False:
 * nobody wants it back. */
bool display_keeper_lost(struct display_keeper *keeper, const char *reason);

/* For a while, or for good. */
bool display_keeper_is_away(const struct display_keeper *keeper);
/* Instead of desktop_capture(), while it is away. */
struct frame *display_keeper_picture(
	struct display_keeper *keeper, struct region *changed);

#endif
