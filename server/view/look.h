/* look.h - which part of the desktop a viewer looks at, and how: all viewers
 * that want the same share one.
 *
 * Owner:   share->looks; each lives as long as viewers have it.
 * Threads: the loop thread alone.
 * Units:   pixels, of the picture where nothing else is said.
 */
#ifndef SERVER_LOOK_H
#define SERVER_LOOK_H

#include <stdbool.h>

#include "base/cursor_image.h"
#include "rfb/session.h"
#include "server/view/view_rules.h"

struct options;
struct share;
struct view;

/* What of the desktop somebody sees. */
struct look_wish {
	const char *monitor; /* a number from 1 on or a name; NULL: all */
	/* Nothing else is ever shown, be it there or not. Without that,
	 * everything is while it is not there. */
	bool nothing_else;
	int divisor; /* of its size, that the viewer asked for; 1 */
};

struct look {
	struct look *next;
	int viewers;
	struct look_wish wish; /* its monitor is ours, or NULL */
	struct rect from;      /* what of the shared area it shows */
	struct view *view;     /* NULL: the shared area as it is */
	struct session_layout layout;
	bool all_new; /* every pixel, though the size may be the same */
	/* Between looks_begin() and looks_end(): */
	struct frame *area, *picture;
	const struct region *area_changed;
	const struct move_list *area_moves;
	struct region changed;
	struct move_list moves;
};

struct looks {
	struct view_rules rules;
	struct region black; /* in the shared area */
	struct look *first;
};

/* False: an error was logged. looks_finish() in either case. */
bool looks_init(struct looks *looks, const struct options *options);
void looks_finish(struct looks *looks);
/* The shared area, or its monitors, are others. */
void looks_refresh(struct share *share);

/* A capture, borrowed until looks_end(): what changed in the area. */
void looks_begin(struct share *share, struct frame *area,
	const struct region *changed, const struct move_list *moves);
void looks_end(struct share *share);

/* Borrows the monitor's name. */
struct look *look_take(struct share *share, struct look_wish wish);
void look_release(struct share *share, struct look *look);

/* In a capture. The picture is borrowed; NULL: none can be made now. */
const struct region *look_changed(const struct look *look);
const struct move_list *look_moves(const struct look *look);
struct frame *look_picture(struct look *look);

/* Borrowed until the next call. */
struct cursor_image *look_cursor(
	const struct look *look, struct cursor_image *cursor);
/* From the shared area into the picture, and back. */
void look_point(const struct look *look, int *x, int *y);
void look_point_back(const struct look *look, int *x, int *y);
/* Whether the pointer may not go there (of the shared area). */
bool looks_stop_pointer(const struct looks *looks, int x, int y);
/* Whether the picture's size is the shared area's. */
bool look_is_whole(const struct look *look, const struct share *share);

#endif
