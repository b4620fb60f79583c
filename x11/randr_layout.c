#include "x11/randr_layout.h"

#include <string.h>

#include "x11/x_error.h"

static bool is_taken(const struct randr_layout *layout, RRCrtc crtc)
{
	int i;

	for (i = 0; i < layout->count; i++)
		if (layout->places[i].crtc == crtc)
			return true;
	return false;
}

static void add(struct randr_layout *layout, struct randr_place place)
{
	if (layout->count < RANDR_LAYOUT_MOST)
		layout->places[layout->count++] = place;
}

/* Outputs that mirror another one share its CRTC; the first stands for them.
 */
static void add_used(struct randr_layout *layout, struct display *display,
	XRRScreenResources *resources, RROutput output,
	const XRROutputInfo *info)
{
	XRRCrtcInfo *crtc;

	if (info->crtc == None || is_taken(layout, info->crtc))
		return;
	crtc = XRRGetCrtcInfo(display->x, resources, info->crtc);
	if (crtc == NULL)
		return;
	add(layout, (struct randr_place){ .output = output,
			    .crtc = info->crtc,
			    .mode = crtc->mode,
			    .rotation = crtc->rotation,
			    .x = crtc->x,
			    .y = crtc->y });
	XRRFreeCrtcInfo(crtc);
}

static void add_free(
	struct randr_layout *layout, RROutput output, const XRROutputInfo *info)
{
	int i;

	if (info->crtc != None || info->connection == RR_Disconnected)
		return;
	for (i = 0; i < info->ncrtc; i++) {
		if (is_taken(layout, info->crtcs[i]))
			continue;
		add(layout, (struct randr_place){ .output = output,
				    .crtc = info->crtcs[i],
				    .rotation = RR_Rotate_0 });
		return;
	}
}

bool randr_layout_read(struct randr_layout *layout, struct display *display,
	XRRScreenResources *resources)
{
	struct rect screen = display_root_rect(display);
	int pass, i;

	memset(layout, 0, sizeof(*layout));
	layout->width = screen.width;
	layout->height = screen.height;
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < resources->noutput && !display->lost; i++) {
			RROutput output = resources->outputs[i];
			XRROutputInfo *info =
				XRRGetOutputInfo(display->x, resources, output);

			if (info == NULL)
				continue;
			if (pass == 0)
				add_used(layout, display, resources, output,
					info);
			else
				add_free(layout, output, info);
			XRRFreeOutputInfo(info);
		}
	return !display->lost && !rect_is_empty(screen);
}

/* At 96 pixels an inch, what Xvfb and TigerVNC say too. */
static int millimetres(int pixels)
{
	return pixels * 254 / 960;
}

static bool set_size(struct display *display, int width, int height)
{
	struct rect now = display_root_rect(display);
	struct x_error_trap trap;

	if (now.width == width && now.height == height)
		return true;
	x_error_trap(&trap, display->x);
	XRRSetScreenSize(display->x, display->root, width, height,
		millimetres(width), millimetres(height));
	return x_error_untrap(&trap) == 0;
}

static bool set_place(const struct randr_place *place, struct display *display,
	XRRScreenResources *resources)
{
	bool shows = place->mode != None;
	RROutput output = place->output;
	struct x_error_trap trap;
	Status status;

	x_error_trap(&trap, display->x);
	status = XRRSetCrtcConfig(display->x, resources, place->crtc,
		CurrentTime, place->x, place->y, place->mode, place->rotation,
		shows ? &output : NULL, shows ? 1 : 0);
	return x_error_untrap_replied(&trap) == 0 &&
	       status == RRSetConfigSuccess;
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* The screen must hold the outputs both before and after; those that go are
 * put out first. */
bool randr_layout_set(const struct randr_layout *layout,
	struct display *display, XRRScreenResources *resources)
{
	struct rect now = display_root_rect(display);
	int shows, i;

	if (!set_size(display, larger(now.width, layout->width),
		    larger(now.height, layout->height)))
		return false;
	for (shows = 0; shows < 2; shows++)
		for (i = 0; i < layout->count && !display->lost; i++) {
			const struct randr_place *place = &layout->places[i];

			if ((place->mode != None) == (shows != 0) &&
				!set_place(place, display, resources))
				return false;
		}
	return !display->lost &&
	       set_size(display, layout->width, layout->height);
}
