#include "x11/segment.h"

#include <stdint.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "x11/x_error.h"

static bool map_memory(struct segment *segment, const char **reason)
{
	size_t size = (size_t)segment->image->bytes_per_line *
		      (size_t)segment->image->height;

	segment->info.shmid = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
	if (segment->info.shmid < 0) {
		*reason = "no shared memory segment to be had";
		return false;
	}
	segment->info.shmaddr = shmat(segment->info.shmid, NULL, 0);
	if (segment->info.shmaddr == (char *)-1) {
		shmctl(segment->info.shmid, IPC_RMID, NULL);
		segment->info.shmaddr = NULL;
		*reason = "the shared memory segment cannot be mapped";
		return false;
	}
	segment->info.readOnly = False;
	segment->image->data = segment->info.shmaddr;
	return true;
}

static bool attach_server(
	struct segment *segment, struct display *display, const char **reason)
{
	struct x_error_trap trap;
	bool attached;

	x_error_trap(&trap, display->x);
	attached = XShmAttach(display->x, &segment->info);
	if (x_error_untrap(&trap) != 0 || display->lost)
		attached = false;
	shmctl(segment->info.shmid, IPC_RMID, NULL);
	if (!attached)
		*reason =
			"the X server cannot attach our shared memory "
			"(another machine, container or user?)";
	return attached;
}

/* Two different fillings: a pixel can look like one of them by chance. */
static bool is_written_by_server(struct segment *segment,
	struct display *display, Drawable drawable, const char **reason)
{
	static const unsigned char fillings[] = { 0x5a, 0xa5 };
	size_t i;

	for (i = 0; i < sizeof(fillings); i++) {
		size_t length = (size_t)segment->image->bytes_per_line;
		unsigned char *row = (unsigned char *)segment->info.shmaddr;
		size_t at;

		memset(row, fillings[i], length);
		if (!segment_fetch(segment, display, drawable, 0, 0, 0, 1)) {
			*reason = NULL;
			return false;
		}
		for (at = 0; at < length; at++)
			if (row[at] != fillings[i])
				return true;
	}
	*reason =
		"the X server does not write into our shared memory "
		"(another machine or container?)";
	return false;
}

bool segment_open(struct segment *segment, struct display *display,
	Drawable drawable, const struct visual *visual, int width, int height,
	const char **reason)
{
	memset(segment, 0, sizeof(*segment));
	segment->image = XShmCreateImage(display->x, visual->x,
		(unsigned)visual->depth, ZPixmap, NULL, &segment->info,
		(unsigned)width, (unsigned)height);
	if (segment->image == NULL) {
		*reason = "no image header to be had";
		return false;
	}
	if (!map_memory(segment, reason)) {
		XDestroyImage(segment->image);
		segment->image = NULL;
		return false;
	}
	if (!attach_server(segment, display, reason)) {
		XDestroyImage(segment->image);
		segment->image = NULL;
		segment_free_memory(segment->info.shmaddr);
		return false;
	}
	if (!is_written_by_server(segment, display, drawable, reason)) {
		void *memory = segment->info.shmaddr;

		segment_close(segment, display);
		segment_free_memory(memory);
		return false;
	}
	return true;
}

void segment_close(struct segment *segment, struct display *display)
{
	if (segment->image == NULL)
		return;
	if (!display->lost)
		XShmDetach(display->x, &segment->info);
	XDestroyImage(segment->image);
	segment->image = NULL;
}

void segment_free_memory(void *memory)
{
	shmdt(memory);
}

bool segment_fetch(struct segment *segment, struct display *display,
	Drawable drawable, int from_x, int from_y, int y, int height)
{
	XImage *image = segment->image;
	int whole_height = image->height;
	struct x_error_trap trap;
	Bool done;

	/* Xlib sends the offset of `data` in the segment and the image's size:
	 * a moved and shortened header makes a band of the whole picture. */
	image->data = segment->info.shmaddr +
		      (size_t)y * (size_t)image->bytes_per_line;
	image->height = height;
	x_error_trap(&trap, display->x);
	done = XShmGetImage(
		display->x, drawable, image, from_x, from_y, AllPlanes);
	if (x_error_untrap_replied(&trap) != 0 || display->lost)
		done = False;
	image->data = segment->info.shmaddr;
	image->height = whole_height;
	return done;
}
