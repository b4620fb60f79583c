#include "bench/scene_film.h"

#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "base/xmalloc.h"
#include "bench/photo.h"

enum {
	SCREEN_WIDTH = 1920,
	SCREEN_HEIGHT = 1080,
	SWING = 200, /* how far the camera goes */
	GRAINS = 4096,
};

struct film {
	Window window;
	XImage *image; /* all pictures, one below the other */
	struct timeline_reel *reel;
};

/* Each byte 0..4, so that a photograph's 16..235 cannot overflow. */
static void paint_grain(uint32_t *grain)
{
	for (uint32_t i = 0; i < GRAINS; i++) {
		uint32_t hash = photo_hash(i, 9, 1);
		grain[i] = hash % 5 << 16 | hash / 5 % 5 << 8 | hash / 25 % 5;
	}
}

/* Copies a part of a photograph with grain on it. */
static void paint_row(uint32_t *to, const uint32_t *from, int count,
	const uint32_t *grain, uint32_t start)
{
	for (int done = 0; done < count;) {
		int part = GRAINS - (int)(start % GRAINS);
		if (part > count - done)
			part = count - done;
		const uint32_t *row = grain + start % GRAINS;
		for (int i = 0; i < part; i++)
			to[done + i] = from[done + i] + row[i];
		done += part;
		start = 0;
	}
}

/* What is seen of a photograph at one moment. */
struct view {
	const uint32_t *photo;
	int stride, x, y;
};

static const uint32_t *view_row(struct view view, int x, int y)
{
	return view.photo + (size_t)(view.y + y) * (size_t)view.stride +
	       view.x + x;
}

static void paint_picture(uint32_t *pixels, const struct timeline_reel *reel,
	const uint32_t *photo, const uint32_t *grain, int number)
{
	double turn = 2 * M_PI * number / reel->count;
	int stride = reel->width + 2 * SWING;
	struct view scene = { photo, stride, SWING + (int)(180 * cos(turn)),
		SWING + (int)(120 * sin(turn)) };
	struct view actor = { photo, stride, SWING, SWING };
	int radius = reel->height / 4;
	int x0 = reel->width / 2 + (int)(reel->width / 4 * sin(turn));
	int y0 = reel->height / 2 + (int)(reel->height / 5 * cos(2 * turn));
	for (int y = 0; y < reel->height; y++) {
		uint32_t *row = pixels + (size_t)y * (size_t)reel->width;
		uint32_t start = photo_hash((uint32_t)y, (uint32_t)number, 2);
		paint_row(
			row, view_row(scene, 0, y), reel->width, grain, start);
		int dy = y - y0;
		if (abs(dy) >= radius)
			continue;
		int half = (int)sqrt(radius * radius - dy * dy);
		paint_row(row + x0 - half,
			view_row(actor, reel->width / 2 - half,
				reel->height / 2 + dy),
			2 * half, grain, start + 7);
	}
}

static void paint_reel(uint32_t *pixels, const struct timeline_reel *reel)
{
	int stride = reel->width + 2 * SWING;
	uint32_t grain[GRAINS];
	uint32_t *photo = photo_create(stride, reel->height + 2 * SWING, 42);
	paint_grain(grain);
	for (int i = 0; i < reel->count; i++)
		paint_picture(pixels + (size_t)i * (size_t)reel->width *
					       (size_t)reel->height,
			reel, photo, grain, i);
	free(photo);
}

static void paint_photos(uint32_t *pixels, const struct timeline_reel *reel)
{
	size_t count = (size_t)reel->width * (size_t)reel->height;
	for (int i = 0; i < reel->count; i++) {
		uint32_t *photo = photo_create(
			reel->width, reel->height, 300 + (uint32_t)i * 50);
		memcpy(pixels + (size_t)i * count, photo, count * 4);
		free(photo);
	}
}

/* The segment goes with the last process that has it. */
static XImage *create_image(struct easel *easel, XShmSegmentInfo *segment,
	const struct timeline_reel *reel)
{
	Display *display = easel->display;
	XImage *image = XShmCreateImage(display,
		DefaultVisual(display, DefaultScreen(display)), 24, ZPixmap,
		NULL, segment, (unsigned)reel->width,
		(unsigned)(reel->height * reel->count));
	segment->shmid = shmget(IPC_PRIVATE,
		(size_t)image->bytes_per_line * (size_t)image->height,
		IPC_CREAT | 0600);
	if (segment->shmid < 0) {
		perror("shmget");
		exit(1);
	}
	segment->shmaddr = shmat(segment->shmid, NULL, 0);
	image->data = segment->shmaddr;
	XShmAttach(display, segment);
	XSync(display, False);
	shmctl(segment->shmid, IPC_RMID, NULL);
	return image;
}

static struct film *open_film(struct easel *easel, struct timeline_reel reel,
	void (*paint)(uint32_t *pixels, const struct timeline_reel *reel))
{
	struct film *film = xcalloc(1, sizeof(*film));
	/* Xlib keeps the pointer as long as the image. */
	XShmSegmentInfo *segment = xcalloc(1, sizeof(*segment));
	film->window = easel_window(easel,
		(struct rect){ reel.x, reel.y, reel.width, reel.height }, 0);
	film->image = create_image(easel, segment, &reel);
	reel.segment = segment->shmid;
	paint((uint32_t *)(void *)film->image->data, &reel);
	easel->timeline->reel = reel;
	film->reel = &easel->timeline->reel;
	scene_film_draw(easel, film, 0);
	return film;
}

void *scene_film_open_720(struct easel *easel)
{
	struct timeline_reel reel = {
		.count = 30, .x = 300, .y = 150, .width = 1280, .height = 720
	};
	return open_film(easel, reel, paint_reel);
}

void *scene_film_open_full(struct easel *easel)
{
	struct timeline_reel reel = {
		.count = 24, .width = SCREEN_WIDTH, .height = SCREEN_HEIGHT
	};
	return open_film(easel, reel, paint_reel);
}

void *scene_film_open_photos(struct easel *easel)
{
	struct timeline_reel reel = {
		.count = 4, .width = SCREEN_WIDTH, .height = SCREEN_HEIGHT
	};
	return open_film(easel, reel, paint_photos);
}

void scene_film_draw(struct easel *easel, void *state, unsigned number)
{
	struct film *film = state;
	const struct timeline_reel *reel = film->reel;
	int part = (int)(number % (unsigned)reel->count);
	XShmPutImage(easel->display, film->window, easel->context, film->image,
		0, part * reel->height, 0, 0, (unsigned)reel->width,
		(unsigned)reel->height, False);
}
