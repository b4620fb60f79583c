#include "x11/cursor.h"

#include <X11/extensions/Xfixes.h>
#include <string.h>

#include "base/log.h"
#include "x11/cursor_arrow.h"

/* X servers count pointers from 1 on; those that are animated have no number,
 * their pictures have. */
enum { UNKNOWN = 0 };

static bool query(struct cursor *cursor)
{
	Display *x = cursor->display->x;
	int error_base, major = 2, minor = 0;

	if (XFixesQueryExtension(x, &cursor->event_base, &error_base) &&
		XFixesQueryVersion(x, &major, &minor))
		return true;
	log_warning(
		"the X server lacks XFIXES: viewers see their own pointer "
		"shape");
	return false;
}

void cursor_init(struct cursor *cursor, struct display *display, bool use)
{
	memset(cursor, 0, sizeof(*cursor));
	cursor->display = display;
	if (!use || !query(cursor))
		return;
	cursor->available = true;
	cursor->arrow = cursor_arrow_create();
	cursor->image = cursor->arrow;
}

void cursor_watch(struct cursor *cursor, bool on)
{
	if (!cursor->available)
		return;
	XFixesSelectCursorInput(cursor->display->x, cursor->display->root,
		on ? XFixesDisplayCursorNotifyMask : 0);
	if (!on)
		return;
	cursor->serial = UNKNOWN;
	cursor->changed = true;
	cursor_update(cursor);
}

void cursor_finish(struct cursor *cursor)
{
	int i;

	for (i = 0; i < CURSOR_KEPT; i++)
		cursor_image_unref(cursor->kept[i].image);
	cursor_image_unref(cursor->arrow);
	cursor->arrow = cursor->image = NULL;
}

bool cursor_handle(struct cursor *cursor, const XEvent *event)
{
	const XFixesCursorNotifyEvent *notify = (const void *)event;

	if (!cursor->available ||
		event->type != cursor->event_base + XFixesCursorNotify)
		return false;
	cursor->serial = notify->cursor_serial;
	cursor->changed = true;
	return true;
}

static struct cursor_kept *find_kept(
	struct cursor *cursor, unsigned long serial)
{
	int i;

	for (i = 0; i < CURSOR_KEPT; i++)
		if (cursor->kept[i].image != NULL &&
			cursor->kept[i].serial == serial)
			return &cursor->kept[i];
	return NULL;
}

static struct cursor_kept *oldest_kept(struct cursor *cursor)
{
	struct cursor_kept *oldest = NULL;
	int i;

	for (i = 0; i < CURSOR_KEPT; i++) {
		struct cursor_kept *kept = &cursor->kept[i];

		/* The one shown now must stay, if it is known at all. */
		if (kept->image != NULL && kept->image == cursor->image)
			continue;
		if (oldest == NULL || kept->used < oldest->used)
			oldest = kept;
	}
	return oldest;
}

static int keep_inside(int hot, int side)
{
	if (hot >= side)
		hot = side - 1;
	return hot < 0 ? 0 : hot;
}

/* XFixes hands out a pixel in each unsigned long, whatever its size. */
static struct cursor_image *image_of(const XFixesCursorImage *from)
{
	struct cursor_image *image =
		cursor_image_create(from->width, from->height);
	int x, y;

	for (y = 0; y < image->height; y++)
		for (x = 0; x < image->width; x++)
			image->pixels[(size_t)y * (size_t)image->width +
				      (size_t)x] =
				(uint32_t)from->pixels[(size_t)y * from->width +
						       (size_t)x];
	image->hot_x = keep_inside(from->xhot, image->width);
	image->hot_y = keep_inside(from->yhot, image->height);
	return image;
}

static struct cursor_image *keep(
	struct cursor *cursor, const XFixesCursorImage *from)
{
	struct cursor_kept *kept = find_kept(cursor, from->cursor_serial);

	if (kept == NULL) {
		kept = oldest_kept(cursor);
		cursor_image_unref(kept->image);
		kept->image = image_of(from);
		kept->serial = from->cursor_serial;
	}
	kept->used = ++cursor->uses;
	return kept->image;
}

/* Xorg, Xvfb and Xtigervnc refuse to tell of a pointer whose client is gone
 * (BadAccess, which Xlib keeps to itself), as of one that xsetroot made. The
 * one before it would be wrong for as long as it is there. Of an animated one
 * they first tell a transparent pixel: the next event brings a picture of it.
 */
static struct cursor_image *fetch(struct cursor *cursor)
{
	XFixesCursorImage *from = XFixesGetCursorImage(cursor->display->x);
	struct cursor_image *image = cursor->image;

	if (from == NULL)
		return cursor->arrow;
	if (from->cursor_serial != UNKNOWN)
		image = keep(cursor, from);
	XFree(from);
	return image;
}

static bool looks_same(
	const struct cursor_image *a, const struct cursor_image *b)
{
	return a != NULL && a->width == b->width && a->height == b->height &&
	       a->hot_x == b->hot_x && a->hot_y == b->hot_y &&
	       memcmp(a->pixels, b->pixels,
		       (size_t)a->width * (size_t)a->height * 4) == 0;
}

bool cursor_update(struct cursor *cursor)
{
	struct cursor_image *before = cursor->image;
	struct cursor_kept *kept;

	if (!cursor->changed)
		return false;
	cursor->changed = false;
	kept = cursor->serial != UNKNOWN ? find_kept(cursor, cursor->serial)
					 : NULL;
	if (kept != NULL) {
		kept->used = ++cursor->uses;
		cursor->image = kept->image;
	} else {
		cursor->image = fetch(cursor);
	}
	return before != cursor->image && !looks_same(before, cursor->image);
}
