#include "x11/input.h"

#include <X11/extensions/XTest.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"

static bool read_skipped(
	struct keymap_skipped *skipped, const char *text, char **error)
{
	while (*text != '\0') {
		char *end;
		long key = strtol(text, &end, 10);

		if (end == text || key < 8 || key > 255 ||
			(*end != ',' && *end != '\0')) {
			*error = xasprintf(
				"-skip_keycodes: '%s' is no list of "
				"keycodes (8 to 255)",
				text);
			return false;
		}
		skipped->bits[key / 8] |= (unsigned char)(1 << key % 8);
		text = *end == ',' ? end + 1 : end;
	}
	return true;
}

static enum keyboard_clear read_clear(
	const struct desktop_input_options *options)
{
	if (options->clear_all)
		return KEYBOARD_CLEAR_LOCKS;
	if (options->clear_keys)
		return KEYBOARD_CLEAR_KEYS;
	return options->clear_modifiers ? KEYBOARD_CLEAR_MODIFIERS
					: KEYBOARD_CLEAR_NOTHING;
}

bool input_read_options(const struct desktop_input_options *options,
	struct keyboard_options *keyboard, struct pointer_options *pointer,
	char **error)
{
	memset(keyboard, 0, sizeof(*keyboard));
	memset(pointer, 0, sizeof(*pointer));
	keyboard->by_place = options->by_place;
	keyboard->skip_lock_keys = options->skip_lock_keys;
	keyboard->no_spare_keys = options->no_spare_keys;
	keyboard->clear = read_clear(options);
	pointer->warp = options->warp;
	return (options->remap == NULL || key_remap_parse(&keyboard->remap,
						  options->remap, error)) &&
	       (options->skip_keycodes == NULL ||
		       read_skipped(&keyboard->skipped, options->skip_keycodes,
			       error)) &&
	       (options->button_map == NULL ||
		       button_map_parse(
			       &pointer->map, options->button_map, error));
}

static bool has_xtest(Display *x)
{
	int event_base, error_base, major, minor;

	if (!XTestQueryExtension(x, &event_base, &error_base, &major, &minor)) {
		log_warning(
			"the X server lacks XTEST: viewers can look but "
			"not type or click");
		return false;
	}
	/* Others' server grabs (menus, screen lockers) do not stop us. */
	XTestGrabControl(x, True);
	return true;
}

void input_init(struct input *input, struct display *display, bool view_only,
	const struct keyboard_options *keyboard,
	const struct pointer_options *pointer)
{
	input->display = display;
	input->allowed = !view_only && has_xtest(display->x);
	keyboard_init(&input->keyboard, display, keyboard, input->allowed);
	pointer_init(&input->pointer, display, &input->keyboard, pointer);
	pointer_watch_init(&input->watch, display);
}

void input_finish(struct input *input)
{
	keyboard_finish(&input->keyboard);
}

bool input_handle(struct input *input, XEvent *event)
{
	return pointer_watch_handle(&input->watch, event) ||
	       keyboard_handle(&input->keyboard, event);
}
