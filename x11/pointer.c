#include "x11/pointer.h"

#include <X11/extensions/XTest.h>

/* RFB's bits 0..8 are the X buttons 1..9: left, middle, right, wheel up, down,
 * left, right, back, forward. The X server's XTEST pointer has ten. */
enum { MOST_BUTTONS = 9 };

void pointer_init(struct pointer *pointer, struct display *display)
{
	pointer->display = display;
	pointer->buttons = 0;
}

void pointer_move(struct pointer *pointer, int x, int y, unsigned buttons)
{
	unsigned differs = pointer->buttons ^ buttons;
	Display *display = pointer->display->x;
	unsigned i;

	XTestFakeMotionEvent(
		display, pointer->display->screen, x, y, CurrentTime);
	for (i = 0; i < MOST_BUTTONS; i++)
		if (differs >> i & 1)
			XTestFakeButtonEvent(display, i + 1,
				(buttons >> i & 1) != 0, CurrentTime);
	pointer->buttons = buttons;
	XFlush(display);
}

bool pointer_place(const struct pointer *pointer, int *x, int *y)
{
	Window root, child;
	int inner_x, inner_y;
	unsigned mask;

	return XQueryPointer(pointer->display->x, pointer->display->root, &root,
		&child, x, y, &inner_x, &inner_y, &mask);
}
