#include "x11/resize.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "x11/randr_layout.h"
#include "x11/randr_mode.h"
#include "x11/x_error.h"

static const char monitor_prefix[] = "x11wsvnc-";

void resize_init(struct resize *resize, struct display *display, bool available)
{
	memset(resize, 0, sizeof(*resize));
	resize->display = display;
	resize->available = available;
}

/* ---- logical monitors ---- */

static bool is_ours(struct display *display, Atom name)
{
	char *text = XGetAtomName(display->x, name);
	bool ours = text != NULL && strncmp(text, monitor_prefix,
					    sizeof(monitor_prefix) - 1) == 0;

	XFree(text);
	return ours;
}

static void delete_monitors(struct display *display)
{
	int count = 0, i;
	XRRMonitorInfo *infos =
		XRRGetMonitors(display->x, display->root, False, &count);

	for (i = 0; infos != NULL && i < count && !display->lost; i++) {
		struct x_error_trap trap;

		if (infos[i].automatic || !is_ours(display, infos[i].name))
			continue;
		x_error_trap(&trap, display->x);
		XRRDeleteMonitor(display->x, display->root, infos[i].name);
		x_error_untrap(&trap);
	}
	if (infos != NULL)
		XRRFreeMonitors(infos);
}

static bool add_monitor(
	struct display *display, int number, struct rect rect, RROutput output)
{
	XRRMonitorInfo *info =
		XRRAllocateMonitor(display->x, output != None ? 1 : 0);
	struct x_error_trap trap;
	char *name;

	if (info == NULL)
		return false;
	name = xasprintf("%s%d", monitor_prefix, number);
	info->name = XInternAtom(display->x, name, False);
	free(name);
	info->primary = number == 1;
	info->x = rect.x;
	info->y = rect.y;
	info->width = rect.width;
	info->height = rect.height;
	info->mwidth = rect.width * 254 / 960;
	info->mheight = rect.height * 254 / 960;
	if (output != None)
		info->outputs[0] = output;
	x_error_trap(&trap, display->x);
	XRRSetMonitor(display->x, display->root, info);
	XRRFreeMonitors(info);
	return x_error_untrap(&trap) == 0;
}

/* The output goes with the first: else its own monitor, which is the whole
 * screen, stays beside them. */
static bool divide(struct display *display, RROutput output,
	const struct desktop_monitor *monitors, int count)
{
	int i;

	for (i = 0; i < count && !display->lost; i++)
		if (!add_monitor(display, i + 1, monitors[i].rect,
			    i == 0 ? output : None))
			return false;
	return true;
}

/* ---- outputs ---- */

/* A monitor's id is the atom of its name, which is its output's. */
static uint32_t output_id(
	struct display *display, XRRScreenResources *resources, RROutput output)
{
	XRROutputInfo *info = XRRGetOutputInfo(display->x, resources, output);
	uint32_t id = 0;

	if (info != NULL)
		id = (uint32_t)XInternAtom(display->x, info->name, True);
	XRRFreeOutputInfo(info);
	return id;
}

static void swap(struct randr_place *a, struct randr_place *b)
{
	struct randr_place other = *a;

	*a = *b;
	*b = other;
}

/* Puts outputs in the order of the monitors that name them; the others get
 * what is left, those in use first. */
static void order_outputs(struct resize *resize, XRRScreenResources *resources,
	struct randr_layout *layout, const struct desktop_monitor *monitors,
	int count)
{
	int i, other;

	for (i = 0; i < count && i < layout->count; i++)
		for (other = i; other < layout->count; other++) {
			struct randr_place *place = &layout->places[other];

			if (output_id(resize->display, resources,
				    place->output) != monitors[i].id)
				continue;
			swap(&layout->places[i], place);
			break;
		}
}

static bool fit_outputs(struct resize *resize, XRRScreenResources *resources,
	struct randr_layout *layout, const struct desktop_monitor *monitors,
	int count)
{
	int i;

	order_outputs(resize, resources, layout, monitors, count);
	for (i = 0; i < layout->count; i++) {
		struct randr_place *place = &layout->places[i];

		if (i >= count) {
			place->mode = None;
			place->x = place->y = 0;
			continue;
		}
		place->mode = randr_mode_exact(resize->display, resources,
			place->output, monitors[i].rect.width,
			monitors[i].rect.height);
		if (place->mode == None)
			return false;
		place->rotation = RR_Rotate_0;
		place->x = monitors[i].rect.x;
		place->y = monitors[i].rect.y;
	}
	return true;
}

/* One output shows everything, in its nearest mode where `exact` is not to be
 * had. */
static bool fit_one(struct resize *resize, XRRScreenResources *resources,
	struct randr_layout *layout, bool exact)
{
	const struct desktop_monitor all = {
		.rect = { 0, 0, layout->width, layout->height },
	};
	struct randr_place *place = &layout->places[0];

	if (exact)
		return fit_outputs(resize, resources, layout, &all, 1);
	place->mode = randr_mode_nearest(resize->display, resources,
		place->output, &layout->width, &layout->height);
	place->rotation = RR_Rotate_0;
	place->x = place->y = 0;
	return place->mode != None;
}

/* ---- the whole ---- */

static bool is_possible(struct resize *resize, int width, int height)
{
	int least_width, least_height, most_width, most_height;

	return XRRGetScreenSizeRange(resize->display->x, resize->display->root,
		       &least_width, &least_height, &most_width,
		       &most_height) != 0 &&
	       width >= least_width && height >= least_height &&
	       width <= most_width && height <= most_height;
}

static void remember(struct resize *resize, const struct randr_layout *layout)
{
	if (resize->before != NULL)
		return;
	resize->before = xmalloc(sizeof(*resize->before));
	*resize->before = *layout;
}

static bool set(struct resize *resize, XRRScreenResources *resources,
	const struct randr_layout *layout)
{
	if (!randr_layout_set(layout, resize->display, resources))
		return false;
	resize->width = layout->width;
	resize->height = layout->height;
	return true;
}

static bool set_monitors(struct resize *resize, XRRScreenResources *resources,
	struct randr_layout layout, const struct desktop_monitor *monitors,
	int count)
{
	if (count <= layout.count)
		return fit_outputs(
			       resize, resources, &layout, monitors, count) &&
		       set(resize, resources, &layout);
	return fit_one(resize, resources, &layout, true) &&
	       set(resize, resources, &layout) &&
	       divide(resize->display, layout.places[0].output, monitors,
		       count);
}

static bool shows_one(const struct randr_layout *layout)
{
	return layout->places[0].mode != None &&
	       (layout->count == 1 || layout->places[1].mode == None);
}

/* The nearest, if it is another size than the present one: noVNC asks again
 * and again for what it was told it got and did not get. */
static bool set_nearest(struct resize *resize, XRRScreenResources *resources,
	struct randr_layout layout, const struct randr_layout *now)
{
	if (!shows_one(now) || !fit_one(resize, resources, &layout, false) ||
		(layout.width == now->width && layout.height == now->height))
		return false;
	return set(resize, resources, &layout);
}

static enum desktop_resize_status apply(struct resize *resize,
	XRRScreenResources *resources, int width, int height,
	const struct desktop_monitor *monitors, int count)
{
	struct randr_layout now, layout;

	if (!randr_layout_read(&now, resize->display, resources) ||
		now.count == 0)
		return DESKTOP_RESIZE_IMPOSSIBLE;
	remember(resize, &now);
	delete_monitors(resize->display);
	layout = now;
	layout.width = width;
	layout.height = height;
	if (is_possible(resize, width, height) &&
		set_monitors(resize, resources, layout, monitors, count))
		return DESKTOP_RESIZED;
	if (count == 1 && !resize->display->lost &&
		set_nearest(resize, resources, layout, &now))
		return DESKTOP_RESIZED;
	if (!resize->display->lost)
		randr_layout_set(&now, resize->display, resources);
	return DESKTOP_RESIZE_IMPOSSIBLE;
}

enum desktop_resize_status resize_apply(struct resize *resize, int width,
	int height, const struct desktop_monitor *monitors, int count)
{
	struct display *display = resize->display;
	enum desktop_resize_status status;
	XRRScreenResources *resources;

	if (!resize->available)
		return DESKTOP_RESIZE_IMPOSSIBLE;
	resources = XRRGetScreenResourcesCurrent(display->x, display->root);
	if (resources == NULL)
		return DESKTOP_RESIZE_IMPOSSIBLE;
	status = apply(resize, resources, width, height, monitors, count);
	XRRFreeScreenResources(resources);
	if (!display->lost)
		randr_mode_sweep(display);
	return status;
}

static void put_back(struct resize *resize)
{
	struct display *display = resize->display;
	struct rect now = display_root_rect(display);
	XRRScreenResources *resources;

	if (now.width != resize->width || now.height != resize->height)
		return;
	resources = XRRGetScreenResourcesCurrent(display->x, display->root);
	if (resources == NULL)
		return;
	if (!randr_layout_set(resize->before, display, resources))
		log_warning("the screen cannot be given its former size again");
	XRRFreeScreenResources(resources);
}

void resize_finish(struct resize *resize)
{
	if (resize->before != NULL && !resize->display->lost) {
		delete_monitors(resize->display);
		put_back(resize);
	}
	if (resize->before != NULL && !resize->display->lost)
		randr_mode_sweep(resize->display);
	free(resize->before);
	resize->before = NULL;
}
