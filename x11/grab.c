#include "x11/grab.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "x11/x_error.h"

void grab_init(struct grab *grab, struct display *display, bool use_shm)
{
	memset(grab, 0, sizeof(*grab));
	grab->display = display;
	visual_init(&grab->visual, display);
	grab->shm = use_shm && XShmQueryExtension(display->x);
	if (use_shm && !grab->shm)
		log_warning(
			"the X server lacks MIT-SHM: pictures come through "
			"its socket, which is slower");
}

void grab_finish(struct grab *grab)
{
	grab_set_area(grab, None, (struct rect){ 0, 0, 0, 0 });
	visual_finish(&grab->visual);
}

void grab_set_area(struct grab *grab, Drawable drawable, struct rect area)
{
	if (grab->scratch.image != NULL) {
		void *memory = grab->scratch.info.shmaddr;

		segment_close(&grab->scratch, grab->display);
		segment_free_memory(memory);
	}
	grab->drawable = drawable;
	grab->area = area;
}

static void give_up_shm(struct grab *grab, const char *reason)
{
	if (grab->display->lost || reason == NULL)
		return;
	grab->shm = false;
	log_warning(
		"no MIT-SHM, %s: pictures come through the X server's "
		"socket, which is slower",
		reason);
}

static void release_shared(struct frame *frame)
{
	segment_free_memory(frame->pixels);
	free(frame);
}

static struct frame *frame_over(const struct segment *segment)
{
	struct frame *frame = xcalloc(1, sizeof(*frame));

	frame->pixels = (uint8_t *)segment->info.shmaddr;
	frame->width = segment->image->width;
	frame->height = segment->image->height;
	frame->stride = (size_t)segment->image->bytes_per_line;
	frame->release = release_shared;
	atomic_init(&frame->references, 1);
	return frame;
}

static bool open_direct(struct grab *grab, struct grab_frame *into)
{
	const char *reason = "";

	if (!segment_open(&into->segment, grab->display, grab->drawable,
		    &grab->visual, grab->area.width, grab->area.height,
		    &reason)) {
		give_up_shm(grab, reason);
		return false;
	}
	into->frame = frame_over(&into->segment);
	return true;
}

static void open_scratch(struct grab *grab)
{
	const char *reason = "";

	if (!segment_open(&grab->scratch, grab->display, grab->drawable,
		    &grab->visual, grab->area.width, grab->area.height,
		    &reason))
		give_up_shm(grab, reason);
}

bool grab_frame_open(struct grab *grab, struct grab_frame *into)
{
	memset(into, 0, sizeof(*into));
	if (grab->shm && grab->visual.direct && open_direct(grab, into))
		return true;
	if (grab->shm && !grab->visual.direct && grab->scratch.image == NULL)
		open_scratch(grab);
	if (grab->display->lost || (grab->shm && grab->scratch.image == NULL))
		return false; /* the screen has just shrunk */
	into->frame = frame_create(grab->area.width, grab->area.height);
	if (into->frame == NULL && !grab->told_memory)
		log_error("out of memory for a picture of %dx%d pixels",
			grab->area.width, grab->area.height);
	grab->told_memory = into->frame == NULL;
	return into->frame != NULL;
}

void grab_frame_close(struct grab *grab, struct grab_frame *frame)
{
	segment_close(&frame->segment, grab->display);
	frame_unref(frame->frame); /* others may read on */
	frame->frame = NULL;
}

static uint32_t *writable_row(struct frame *frame, int y)
{
	return (uint32_t *)(frame->pixels + (size_t)y * frame->stride);
}

/* Image rows from `from` on into frame rows from `y` on. */
static void store_rows(struct grab *grab, XImage *image, int from,
	struct frame *frame, int y, int height)
{
	int row;

	for (row = 0; row < height; row++) {
		uint32_t *to = writable_row(frame, y + row);
		const char *bytes =
			image->data +
			(size_t)(from + row) * (size_t)image->bytes_per_line;

		if (grab->visual.direct)
			memcpy(to, bytes, (size_t)frame->width * 4);
		else
			visual_convert(&grab->visual, image, from + row, to,
				frame->width);
	}
}

static bool grab_through_socket(
	struct grab *grab, struct frame *frame, int y, int height)
{
	struct x_error_trap trap;
	XImage *image;

	x_error_trap(&trap, grab->display->x);
	image = XGetImage(grab->display->x, grab->drawable, grab->area.x,
		grab->area.y + y, (unsigned)frame->width, (unsigned)height,
		AllPlanes, ZPixmap);
	x_error_untrap_replied(&trap);
	if (image == NULL)
		return false;
	store_rows(grab, image, 0, frame, y, height);
	XDestroyImage(image);
	return true;
}

bool grab_rows(struct grab *grab, struct grab_frame *into, int y, int height)
{
	int from_x = grab->area.x, from_y = grab->area.y + y;

	if (into->segment.image != NULL)
		return segment_fetch(&into->segment, grab->display,
			grab->drawable, from_x, from_y, y, height);
	if (grab->scratch.image == NULL)
		return grab_through_socket(grab, into->frame, y, height);
	if (!segment_fetch(&grab->scratch, grab->display, grab->drawable,
		    from_x, from_y, y, height))
		return false;
	store_rows(grab, grab->scratch.image, y, into->frame, y, height);
	return true;
}
