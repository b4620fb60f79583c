#include "x11/pointer.h"

#include <X11/extensions/XTest.h>

/* RFB's bits 0..8 are the X buttons 1..9: left, middle, right, wheel up, down,
 * left, right, back, forward. The X server's XTEST pointer has ten. */
enum { MOST_BUTTONS = BUTTON_MAP_BUTTONS };

void pointer_init(struct pointer *pointer, struct display *display,
	struct keyboard *keyboard, const struct pointer_options *options)
{
	pointer->display = display;
	pointer->keyboard = keyboard;
	pointer->options = *options;
	pointer->buttons = 0;
}

static void act(struct pointer *pointer, const struct button_action *action,
	unsigned button, bool down)
{
	int i;

	if (action->mapped)
		button = action->button;
	if (button != 0)
		XTestFakeButtonEvent(
			pointer->display->x, button, down, CurrentTime);
	for (i = 0; i < action->key_count && down; i++)
		keyboard_tap(pointer->keyboard, action->keys[i]);
}

static void press(struct pointer *pointer, unsigned buttons)
{
	unsigned differs = pointer->buttons ^ buttons, i;

	for (i = 0; i < MOST_BUTTONS; i++)
		if (differs >> i & 1)
			act(pointer, &pointer->options.map.actions[i], i + 1,
				(buttons >> i & 1) != 0);
	pointer->buttons = buttons;
	XFlush(pointer->display->x);
}

void pointer_move(struct pointer *pointer, int x, int y, unsigned buttons)
{
	const struct display *display = pointer->display;

	if (pointer->options.warp)
		XWarpPointer(display->x, None, display->root, 0, 0, 0, 0, x, y);
	else
		XTestFakeMotionEvent(
			display->x, display->screen, x, y, CurrentTime);
	press(pointer, buttons);
}

void pointer_nudge(struct pointer *pointer, int dx, int dy, unsigned buttons)
{
	if (dx != 0 || dy != 0)
		XTestFakeRelativeMotionEvent(
			pointer->display->x, dx, dy, CurrentTime);
	press(pointer, buttons);
}

bool pointer_place(const struct pointer *pointer, int *x, int *y)
{
	Window root, child;
	int inner_x, inner_y;
	unsigned mask;

	return XQueryPointer(pointer->display->x, pointer->display->root, &root,
		&child, x, y, &inner_x, &inner_y, &mask);
}
