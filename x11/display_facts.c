#include "x11/display_facts.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/xmalloc.h"
#include "x11/display.h"
#include "x11/segment.h"
#include "x11/visual.h"
#include "x11/x_error.h"

enum { TRIES = 5 };

static void on_lost(void *context, const char *reason)
{
	(void)context;
	(void)reason; /* display->lost says it */
}

static bool has_extension(struct display *display, const char *name)
{
	int opcode, event_base, error_base;

	return XQueryExtension(
		display->x, name, &opcode, &event_base, &error_base);
}

static bool has_compositor(struct display *display)
{
	char name[32];
	Atom selection;

	snprintf(name, sizeof(name), "_NET_WM_CM_S%d", display->screen);
	selection = XInternAtom(display->x, name, True);
	return selection != None &&
	       XGetSelectionOwner(display->x, selection) != None;
}

static bool is_local(const struct display *display)
{
	struct sockaddr_storage name;
	socklen_t length = sizeof(name);

	return getsockname(ConnectionNumber(display->x),
		       (struct sockaddr *)&name, &length) == 0 &&
	       name.ss_family == AF_UNIX;
}

static bool has_font(struct display *display)
{
	XFontStruct *font = XLoadQueryFont(display->x, "fixed");

	if (font != NULL)
		XFreeFont(display->x, font);
	return font != NULL;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return a == 0 || b < a ? b : a;
}

static void time_segment(struct display *display, const struct visual *visual,
	struct display_facts *facts)
{
	struct segment segment = { 0 };
	uint64_t began_us;
	void *memory;
	int i;

	if (!segment_open(&segment, display, display->root, visual,
		    facts->width, facts->height, &facts->no_shm))
		return;
	for (i = 0; i < TRIES; i++) {
		began_us = clock_us();
		if (segment_fetch(&segment, display, display->root, 0, 0, 0,
			    facts->height))
			facts->capture_us = sooner(
				facts->capture_us, clock_us() - began_us);
	}
	memory = segment.info.shmaddr;
	segment_close(&segment, display);
	segment_free_memory(memory);
}

static void time_socket(struct display *display, struct display_facts *facts)
{
	struct x_error_trap trap;
	uint64_t began_us;
	XImage *image;
	int i;

	for (i = 0; i < TRIES && !display->lost; i++) {
		began_us = clock_us();
		x_error_trap(&trap, display->x);
		image = XGetImage(display->x, display->root, 0, 0,
			(unsigned)facts->width, (unsigned)facts->height,
			AllPlanes, ZPixmap);
		x_error_untrap_replied(&trap);
		if (image == NULL)
			return;
		XDestroyImage(image);
		facts->capture_us =
			sooner(facts->capture_us, clock_us() - began_us);
	}
}

static void look(struct display *display, struct display_facts *facts)
{
	struct rect root = display_root_rect(display);
	struct visual visual;

	facts->width = root.width;
	facts->height = root.height;
	facts->depth = DefaultDepth(display->x, display->screen);
	facts->shm = has_extension(display, "MIT-SHM");
	facts->damage = has_extension(display, "DAMAGE");
	facts->fixes = has_extension(display, "XFIXES");
	facts->test = has_extension(display, "XTEST");
	facts->resizes = has_extension(display, "RANDR");
	facts->motion = has_extension(display, "XInputExtension");
	facts->wayland = has_extension(display, "XWAYLAND");
	facts->composited = has_compositor(display);
	facts->local = is_local(display);
	facts->font = has_font(display);
	visual_init(&visual, display);
	facts->usual_pixels = visual.direct;
	if (facts->shm)
		time_segment(display, &visual, facts);
	if (facts->capture_us == 0)
		time_socket(display, facts);
	visual_finish(&visual);
}

bool display_facts_read(const char *display, const char *authority,
	struct display_facts *facts, char **error)
{
	struct display open;
	bool good;

	memset(facts, 0, sizeof(*facts));
	if (!display_open(&open, display, authority, on_lost, NULL, error))
		return false;
	look(&open, facts);
	good = !open.lost;
	if (!good)
		*error = xasprintf(
			"the X server %s went away meanwhile", open.name);
	display_close(&open);
	return good;
}
