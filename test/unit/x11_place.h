/* x11_place.h - a desktop on an X server of its own, and what its picture
 * should be. Every check that fails fails the cmocka test it is in. */
#ifndef TEST_UNIT_X11_PLACE_H
#define TEST_UNIT_X11_PLACE_H

#include "base/frame.h"
#include "base/region.h"
#include "test/unit/x11_server.h"
#include "x11/desktop.h"

struct x11_told {
	int damaged, resized, lost;
};

struct x11_place {
	struct x11_server *server;
	struct desktop *desktop;
	struct x11_told told;
	struct rect area; /* of the root window: what is shared */
	unsigned seed;    /* of what is drawn */
};

/* Counts into a struct x11_told. */
extern const struct desktop_host x11_place_host;

/* Arguments as x11_server_start()'s; `clip` may be NULL. */
struct x11_place *x11_place_open(
	const char *program, const char *arguments, const char *clip);
void x11_place_close(struct x11_place *place);

/* Rectangles anywhere, by the other client; done when it returns. */
void x11_place_draw(struct x11_place *place, int count);

/* Dispatches until *counter is at least that. */
void x11_place_wait(struct x11_place *place, const int *counter, int least);

/* desktop_capture() that must succeed. */
struct frame *x11_place_capture(struct x11_place *place,
	enum desktop_capture_what what, struct region *changed);

/* The frame shows what XGetImage gives the other client. */
void x11_place_assert_screen(
	struct x11_place *place, const struct frame *frame);

/* Every pixel that differs lies inside, and every rectangle has one. */
void x11_place_assert_changed(const struct frame *before,
	const struct frame *now, const struct region *changed);

struct frame *x11_place_copy_of(const struct frame *frame);
void x11_place_assert_same(const struct frame *a, const struct frame *b);

/* Draws and captures a number of times, beginning with a first picture. */
void x11_place_follow_drawing(struct x11_place *place);

#endif
