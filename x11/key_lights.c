#include "x11/key_lights.h"

#include "x11/x_error.h"

static const struct {
	const char *name;
	enum key_light light;
} named[] = {
	{ "Scroll Lock", KEY_LIGHT_SCROLL },
	{ "Num Lock", KEY_LIGHT_NUM },
	{ "Caps Lock", KEY_LIGHT_CAPS },
};

void key_lights_update(struct key_lights *lights, Display *display)
{
	struct x_error_trap trap;
	int i, on = 0;

	x_error_trap(&trap, display);
	for (i = 0; i < 3; i++) {
		Atom atom = XInternAtom(display, named[i].name, False);
		Bool is_on = False;

		if (XkbGetNamedIndicator(
			    display, atom, NULL, &is_on, NULL, NULL) &&
			is_on)
			on |= named[i].light;
	}
	x_error_untrap_replied(&trap);
	lights->changed |= on != lights->on;
	lights->on = on;
}
