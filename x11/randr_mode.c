#include "x11/randr_mode.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "x11/x_error.h"

static const char prefix[] = "x11wsvnc-";

static const XRRModeInfo *find_mode(
	const XRRScreenResources *resources, RRMode mode)
{
	int i;

	for (i = 0; i < resources->nmode; i++)
		if (resources->modes[i].id == mode)
			return &resources->modes[i];
	return NULL;
}

static bool is_ours(const XRRModeInfo *mode)
{
	return mode->name != NULL &&
	       strncmp(mode->name, prefix, sizeof(prefix) - 1) == 0;
}

/* Blanking as VESA's CVT has it for flat panels, 60 pictures a second. */
static RRMode create(struct display *display, int width, int height)
{
	struct x_error_trap trap;
	XRRModeInfo mode = { 0 };
	char name[64];
	RRMode made;

	mode.width = (unsigned)width;
	mode.height = (unsigned)height;
	mode.hSyncStart = mode.width + 48;
	mode.hSyncEnd = mode.hSyncStart + 32;
	mode.hTotal = mode.width + 160;
	mode.vSyncStart = mode.height + 3;
	mode.vSyncEnd = mode.vSyncStart + 10;
	mode.vTotal = mode.height + 31;
	mode.dotClock = (unsigned long)mode.hTotal * mode.vTotal * 60;
	mode.modeFlags = RR_HSyncPositive | RR_VSyncNegative;
	snprintf(name, sizeof(name), "%s%dx%d", prefix, width, height);
	mode.name = name;
	mode.nameLength = (unsigned)strlen(name);
	x_error_trap(&trap, display->x);
	made = XRRCreateMode(display->x, display->root, &mode);
	return x_error_untrap_replied(&trap) == 0 ? made : None;
}

static RRMode find_ours(
	const XRRScreenResources *resources, int width, int height)
{
	int i;

	for (i = 0; i < resources->nmode; i++) {
		const XRRModeInfo *mode = &resources->modes[i];

		if (is_ours(mode) && (int)mode->width == width &&
			(int)mode->height == height)
			return mode->id;
	}
	return None;
}

static RRMode make(struct display *display, XRRScreenResources *resources,
	RROutput output, int width, int height)
{
	RRMode mode = find_ours(resources, width, height);
	struct x_error_trap trap;

	if (mode == None)
		mode = create(display, width, height);
	if (mode == None || display->lost)
		return None;
	x_error_trap(&trap, display->x);
	XRRAddOutputMode(display->x, output, mode);
	return x_error_untrap(&trap) == 0 ? mode : None;
}

RRMode randr_mode_exact(struct display *display, XRRScreenResources *resources,
	RROutput output, int width, int height)
{
	XRROutputInfo *info = XRRGetOutputInfo(display->x, resources, output);
	RRMode found = None;
	int i;

	for (i = 0; info != NULL && i < info->nmode && found == None; i++) {
		const XRRModeInfo *mode = find_mode(resources, info->modes[i]);

		if (mode != NULL && (int)mode->width == width &&
			(int)mode->height == height)
			found = mode->id;
	}
	XRRFreeOutputInfo(info);
	if (found != None || display->lost)
		return found;
	return make(display, resources, output, width, height);
}

/* Higher is nearer: what fits, by what it shows; then what does not, by how
 * much is too large. */
static long score(const XRRModeInfo *mode, int width, int height)
{
	long pixels = (long)mode->width * (long)mode->height;

	if ((int)mode->width <= width && (int)mode->height <= height)
		return pixels;
	return -pixels;
}

RRMode randr_mode_nearest(struct display *display,
	XRRScreenResources *resources, RROutput output, int *width, int *height)
{
	XRROutputInfo *info = XRRGetOutputInfo(display->x, resources, output);
	const XRRModeInfo *best = NULL;
	long best_score = LONG_MIN;
	int i;

	for (i = 0; info != NULL && i < info->nmode; i++) {
		const XRRModeInfo *mode = find_mode(resources, info->modes[i]);

		if (mode == NULL || score(mode, *width, *height) <= best_score)
			continue;
		best = mode;
		best_score = score(mode, *width, *height);
	}
	XRRFreeOutputInfo(info);
	if (best == NULL)
		return None;
	*width = (int)best->width;
	*height = (int)best->height;
	return best->id;
}

static bool is_shown(
	struct display *display, XRRScreenResources *resources, RRMode mode)
{
	bool shown = false;
	int i;

	for (i = 0; i < resources->ncrtc && !display->lost; i++) {
		XRRCrtcInfo *crtc = XRRGetCrtcInfo(
			display->x, resources, resources->crtcs[i]);

		shown |= crtc == NULL || crtc->mode == mode;
		if (crtc != NULL)
			XRRFreeCrtcInfo(crtc);
	}
	return shown;
}

static void destroy(
	struct display *display, XRRScreenResources *resources, RRMode mode)
{
	struct x_error_trap trap;
	int i;

	/* Outputs that do not have it say so with an error each. */
	x_error_trap(&trap, display->x);
	for (i = 0; i < resources->noutput; i++)
		XRRDeleteOutputMode(display->x, resources->outputs[i], mode);
	XRRDestroyMode(display->x, mode);
	x_error_untrap(&trap);
}

void randr_mode_sweep(struct display *display)
{
	XRRScreenResources *resources =
		XRRGetScreenResourcesCurrent(display->x, display->root);
	int i;

	if (resources == NULL)
		return;
	for (i = 0; i < resources->nmode && !display->lost; i++) {
		const XRRModeInfo *mode = &resources->modes[i];

		if (is_ours(mode) && !is_shown(display, resources, mode->id) &&
			!display->lost)
			destroy(display, resources, mode->id);
	}
	XRRFreeScreenResources(resources);
}
