#include "x11/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "x11/desktop.h"

static bool init_window(struct source *source, const char *window,
	bool own_pixels, bool wait, char **error)
{
	source->kind = own_pixels ? SOURCE_WINDOW : SOURCE_WINDOW_PLACE;
	return shared_window_open(&source->window, source->display, window,
		own_pixels, wait, error);
}

bool source_check(const struct desktop_options *options, char **error)
{
	struct clip ignored;

	if (options->window != NULL)
		return shared_window_check(options->window, error);
	if (options->clip == NULL || !clip_is_geometry(options->clip) ||
		clip_parse(options->clip, &ignored))
		return true;
	*error = xasprintf(
		"-clip %s: not a geometry such as 800x600+10+20, with sides of "
		"1 to 65535",
		options->clip);
	return false;
}

bool source_init(struct source *source, struct display *display,
	const struct desktop_options *options, char **error)
{
	memset(source, 0, sizeof(*source));
	source->display = display;
	source->drawable = display->root;
	if (options->window != NULL)
		return init_window(source, options->window,
			!options->window_place, options->wait_mapped, error);
	if (options->clip == NULL)
		return true;
	source->kind = SOURCE_CLIP;
	if (clip_parse(options->clip, &source->clip))
		return true;
	source->kind = SOURCE_MONITOR;
	source->monitor = xstrndup(options->clip, strlen(options->clip));
	return true;
}

void source_finish(struct source *source)
{
	shared_window_close(&source->window);
	free(source->monitor);
	source->monitor = NULL;
}

/* Where the X server has no such monitor any more, it stays where it was. */
static struct rect place(const struct source *source,
	const struct monitors *monitors, struct rect screen)
{
	struct rect rect = source->area;

	switch (source->kind) {
	case SOURCE_SCREEN:
		return screen;
	case SOURCE_CLIP:
		return clip_place(&source->clip, screen);
	case SOURCE_MONITOR:
		monitors_find(monitors, source->monitor, &rect);
		return rect;
	case SOURCE_WINDOW:
	case SOURCE_WINDOW_PLACE:
		break;
	}
	return source->window.rect;
}

static char *explain_nothing(const struct source *source,
	const struct monitors *monitors, struct rect screen)
{
	const char *name = source->display->name;
	char *names, *text;

	if (rect_is_empty(screen))
		return xasprintf(
			"the display %s was lost while opening it", name);
	if (source->kind == SOURCE_WINDOW_PLACE)
		return xasprintf("the window 0x%lx is outside the screen of %s",
			source->window.id, name);
	if (source->kind == SOURCE_CLIP)
		return xasprintf(
			"-clip %dx%d lies outside the screen of %s, which is "
			"%dx%d pixels",
			source->clip.rect.width, source->clip.rect.height, name,
			screen.width, screen.height);
	names = monitors_names(monitors);
	text = xasprintf(
		"-clip %s: neither a geometry such as 800x600+10+20 "
		"nor a monitor of %s, which has %s",
		source->monitor, name, names);
	free(names);
	return text;
}

bool source_begin(
	struct source *source, const struct monitors *monitors, char **error)
{
	struct rect screen = display_root_rect(source->display);
	struct rect rect;

	shared_window_update(&source->window);
	rect = place(source, monitors, screen);
	if (source->kind != SOURCE_WINDOW)
		rect = rect_intersect(rect, screen);
	if (rect_is_empty(rect) || rect_is_empty(screen)) {
		*error = explain_nothing(source, monitors, screen);
		return false;
	}
	source_update(source, monitors);
	return true;
}

bool source_handle(struct source *source, const XEvent *event, bool *gone)
{
	return shared_window_handle(&source->window, event, gone);
}

bool source_update(struct source *source, const struct monitors *monitors)
{
	struct rect screen = display_root_rect(source->display);
	struct source before = *source;

	if (source->display->lost || rect_is_empty(screen))
		return false;
	if (!shared_window_update(&source->window))
		return false;
	source->area = place(source, monitors, screen);
	if (source->kind != SOURCE_WINDOW)
		source->area = clip_apply(source->area, screen);
	source->grab = source->area;
	if (source->kind == SOURCE_WINDOW) {
		source->drawable = source->window.pixmap;
		source->grab.x = source->grab.y = source->window.border;
	}
	return before.drawable != source->drawable ||
	       !rect_equal(before.area, source->area);
}

void source_origin(struct source *source, int *x, int *y)
{
	if (source->kind == SOURCE_WINDOW)
		shared_window_locate(&source->window);
	if (source->kind == SOURCE_WINDOW) {
		source->area.x = source->window.rect.x;
		source->area.y = source->window.rect.y;
	}
	*x = source->area.x;
	*y = source->area.y;
}

Window source_damaged(const struct source *source)
{
	return source->kind == SOURCE_WINDOW ? source->window.id
					     : source->display->root;
}

bool source_is_screen(const struct source *source)
{
	return source->kind == SOURCE_SCREEN;
}

bool source_has_monitors(const struct source *source)
{
	return source->kind != SOURCE_WINDOW;
}
