/* input.h - everything that viewers do to the X server: keys, pointer, and how
 * the command line wants them.
 *
 * Owner:   whoever embeds it; input_finish() frees and gives back.
 * Threads: the loop thread alone.
 */
#ifndef X11_INPUT_H
#define X11_INPUT_H

#include "x11/desktop.h"
#include "x11/display.h"
#include "x11/keyboard.h"
#include "x11/pointer.h"
#include "x11/pointer_watch.h"

struct input {
	struct display *display;
	bool allowed; /* XTEST is there and wanted */
	struct keyboard keyboard;
	struct pointer pointer;
	struct pointer_watch watch;
};

/* Understands the texts among the options. False: *error gets a sentence, the
 * caller's to free. */
bool input_read_options(const struct desktop_input_options *options,
	struct keyboard_options *keyboard, struct pointer_options *pointer,
	char **error);

/* `display` is kept, the options are copied. */
void input_init(struct input *input, struct display *display, bool view_only,
	const struct keyboard_options *keyboard,
	const struct pointer_options *pointer);
void input_finish(struct input *input);

/* True when the event was ours. */
bool input_handle(struct input *input, XEvent *event);

#endif
