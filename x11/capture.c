#include "x11/capture.h"

#include <string.h>

#include "base/clock.h"
#include "x11/band.h"
#include "x11/compare.h"

static struct rect whole(const struct capture *capture)
{
	return (struct rect){ 0, 0, capture->grab.area.width,
		capture->grab.area.height };
}

void capture_init(
	struct capture *capture, struct display *display, bool use_shm)
{
	int i;

	memset(capture, 0, sizeof(*capture));
	grab_init(&capture->grab, display, use_shm);
	region_init(&capture->wanted);
	capture->move_finder = move_finder_create();
	for (i = 0; i < CAPTURE_FRAMES; i++)
		region_init(&capture->slots[i].stale);
}

static void close_slots(struct capture *capture)
{
	int i;

	for (i = 0; i < CAPTURE_FRAMES; i++)
		grab_frame_close(&capture->grab, &capture->slots[i].grabbed);
	capture->last = NULL;
}

void capture_finish(struct capture *capture)
{
	int i;

	close_slots(capture);
	grab_finish(&capture->grab);
	region_finish(&capture->wanted);
	move_finder_destroy(capture->move_finder);
	for (i = 0; i < CAPTURE_FRAMES; i++)
		region_finish(&capture->slots[i].stale);
}

void capture_set_area(
	struct capture *capture, Drawable drawable, struct rect area)
{
	close_slots(capture);
	grab_set_area(&capture->grab, drawable, area);
	capture->grab_failed = false;
	capture_want_everything(capture);
}

void capture_want(struct capture *capture, const struct rect *rects, int count)
{
	region_add_rects(&capture->wanted, rects, count);
	region_intersect_rect(&capture->wanted, whole(capture));
}

void capture_want_everything(struct capture *capture)
{
	region_clear(&capture->wanted);
	region_add_rect(&capture->wanted, whole(capture));
	visual_refresh(&capture->grab.visual, capture->grab.display);
}

void capture_want_strip(struct capture *capture)
{
	struct rect strip = whole(capture);
	int top = strip.height * capture->strip / CAPTURE_STRIPS;
	int bottom = strip.height * (capture->strip + 1) / CAPTURE_STRIPS;

	/* A palette's change changes all of the screen. */
	if (capture->grab.visual.palette) {
		capture_want_everything(capture);
		return;
	}
	strip.y = top;
	strip.height = bottom - top;
	capture_want(capture, &strip, 1);
	capture->strip = (capture->strip + 1) % CAPTURE_STRIPS;
}

bool capture_is_warm(const struct capture *capture)
{
	int i, open = 0;

	for (i = 0; i < CAPTURE_FRAMES; i++)
		open += capture->slots[i].grabbed.frame != NULL;
	return open > 1 || capture->grab_failed;
}

static int stale_height(const struct capture_slot *slot)
{
	return region_extents(&slot->stale).height;
}

/* Frames are made when they are first needed: while every viewer keeps up, two
 * are enough. */
static struct capture_slot *open_slot(struct capture *capture)
{
	int i;

	for (i = 0; i < CAPTURE_FRAMES; i++) {
		struct capture_slot *slot = &capture->slots[i];

		if (slot->grabbed.frame != NULL)
			continue;
		if (!grab_frame_open(&capture->grab, &slot->grabbed)) {
			capture->grab_failed = true;
			return NULL;
		}
		region_clear(&slot->stale);
		region_add_rect(&slot->stale, whole(capture));
		return slot;
	}
	return NULL;
}

static struct capture_slot *choose_slot(struct capture *capture)
{
	struct capture_slot *best = NULL;
	int i;

	for (i = 0; i < CAPTURE_FRAMES; i++) {
		struct capture_slot *slot = &capture->slots[i];

		if (slot == capture->last || slot->grabbed.frame == NULL ||
			!frame_is_sole(slot->grabbed.frame))
			continue;
		if (best == NULL || stale_height(slot) < stale_height(best))
			best = slot;
	}
	return best != NULL ? best : open_slot(capture);
}

/* Reads what is stale or wanted. On failure the slot stays as stale as it is,
 * plus what may be half written. */
static bool fill_slot(struct capture *capture, struct capture_slot *slot)
{
	struct band band;
	int index = 0;

	region_add(&slot->stale, &capture->wanted);
	while (band_next(&slot->stale, &index, &band))
		if (!grab_rows(&capture->grab, &slot->grabbed, band.y,
			    band.height))
			return false;
	return true;
}

static void compare_slot(struct capture *capture,
	const struct capture_slot *slot, struct region *differs)
{
	struct band band;
	int index = 0;

	if (capture->last == NULL) {
		region_add_rect(differs, whole(capture));
		return;
	}
	while (band_next(&slot->stale, &index, &band))
		compare_rows(capture->last->grabbed.frame, slot->grabbed.frame,
			band.y, band.height, differs);
}

/* Every other frame lacks what the new one shows. */
static void make_last(struct capture *capture, struct capture_slot *slot,
	const struct region *differs)
{
	int i;

	for (i = 0; i < CAPTURE_FRAMES; i++)
		if (&capture->slots[i] != slot)
			region_add(&capture->slots[i].stale, differs);
	capture->last = slot;
}

static void find_moves(struct capture *capture, const struct capture_slot *slot,
	const struct region *differs, struct move_list *moves)
{
	if (moves == NULL || capture->last == NULL)
		return;
	move_finder_find(capture->move_finder, capture->last->grabbed.frame,
		slot->grabbed.frame, clock_us(), differs, moves);
}

struct frame *capture_take(struct capture *capture, struct region *changed,
	struct move_list *moves)
{
	struct capture_slot *slot;
	struct region differs;

	if (capture->last != NULL && region_is_empty(&capture->wanted))
		return frame_ref(capture->last->grabbed.frame);
	capture->grab_failed = false;
	slot = choose_slot(capture);
	if (slot == NULL)
		return NULL;
	if (!fill_slot(capture, slot)) {
		capture->grab_failed = true;
		return NULL;
	}
	region_init(&differs);
	compare_slot(capture, slot, &differs);
	region_clear(&slot->stale);
	region_clear(&capture->wanted);
	if (!region_is_empty(&differs)) {
		find_moves(capture, slot, &differs, moves);
		make_last(capture, slot, &differs);
		region_add(changed, &differs);
	}
	region_finish(&differs);
	return frame_ref(capture->last->grabbed.frame);
}
