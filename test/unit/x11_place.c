#include "test/unit/x11_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <X11/Xutil.h>
#include <poll.h>
#include <string.h>

#include "base/xmalloc.h"

enum { ROUNDS = 12, HANG_MS = 60000 };

static void on_damaged(void *context)
{
	((struct x11_told *)context)->damaged++;
}

static void on_resized(void *context)
{
	((struct x11_told *)context)->resized++;
}

static void on_lost(void *context, const char *reason)
{
	assert_non_null(strstr(reason, "gone"));
	((struct x11_told *)context)->lost++;
}

const struct desktop_host x11_place_host = {
	.damaged = on_damaged,
	.resized = on_resized,
	.lost = on_lost,
};

struct x11_place *x11_place_open(
	const char *program, const char *arguments, const char *clip)
{
	struct x11_place *place = xcalloc(1, sizeof(*place));
	struct desktop_options options = {
		.use_shm = true,
		.use_damage = true,
		.use_cursor = true,
		.clip = clip,
	};
	char *error = NULL;

	place->server = x11_server_start(program, arguments);
	options.display = place->server->display;
	place->desktop =
		desktop_open(&options, &x11_place_host, &place->told, &error);
	if (place->desktop == NULL)
		fail_msg("%s", error);
	place->area = (struct rect){ 0, 0, desktop_width(place->desktop),
		desktop_height(place->desktop) };
	place->seed = 1;
	return place;
}

void x11_place_close(struct x11_place *place)
{
	desktop_close(place->desktop);
	x11_server_stop(place->server);
	free(place);
}

static unsigned any(struct x11_place *place, unsigned most)
{
	place->seed = place->seed * 1103515245 + 12345;
	return (place->seed >> 8) % most;
}

void x11_place_draw(struct x11_place *place, int count)
{
	Display *x = place->server->other;
	Window root = DefaultRootWindow(x);
	GC gc = XCreateGC(x, root, 0, NULL);
	XWindowAttributes now;
	int i;

	XSetSubwindowMode(x, gc, IncludeInferiors);
	XGetWindowAttributes(x, root, &now);
	for (i = 0; i < count; i++) {
		XSetForeground(x, gc, any(place, 1u << 24) * 77);
		XFillRectangle(x, root, gc,
			(int)any(place, (unsigned)now.width),
			(int)any(place, (unsigned)now.height),
			any(place, 90) + 1, any(place, 50) + 1);
	}
	XFreeGC(x, gc);
	XSync(x, False);
}

/* The plain way from a pixel to a colour, to check the fast ones by. */
static unsigned part(unsigned long pixel, unsigned long mask)
{
	int shift = 0;

	while ((mask >> shift & 1) == 0)
		shift++;
	mask >>= shift;
	pixel = pixel >> shift & mask;
	if (mask > 255) {
		while (mask > 255) {
			mask >>= 1;
			pixel >>= 1;
		}
		return (unsigned)pixel;
	}
	return (unsigned)((pixel * 255 + mask / 2) / mask);
}

static uint32_t *reference(struct x11_place *place)
{
	Display *x = place->server->other;
	Visual *visual = DefaultVisual(x, 0);
	uint32_t *pixels = xcalloc(
		(size_t)place->area.width * (size_t)place->area.height, 4);
	XImage *image = XGetImage(x, DefaultRootWindow(x), place->area.x,
		place->area.y, (unsigned)place->area.width,
		(unsigned)place->area.height, AllPlanes, ZPixmap);
	bool palette = visual->class == PseudoColor;
	XColor colors[256];
	int column, row, i;

	assert_non_null(image);
	for (i = 0; palette && i < 256; i++)
		colors[i].pixel = (unsigned long)i;
	if (palette)
		XQueryColors(x, DefaultColormap(x, 0), colors, 256);
	for (row = 0; row < place->area.height; row++)
		for (column = 0; column < place->area.width; column++) {
			unsigned long pixel = XGetPixel(image, column, row);
			uint32_t *to =
				&pixels[(size_t)row *
						(size_t)place->area.width +
					(size_t)column];

			if (palette)
				*to = (colors[pixel].red >> 8u) << 16u |
				      (colors[pixel].green >> 8u) << 8u |
				      colors[pixel].blue >> 8u;
			else
				*to = part(pixel, visual->red_mask) << 16 |
				      part(pixel, visual->green_mask) << 8 |
				      part(pixel, visual->blue_mask);
		}
	XDestroyImage(image);
	return pixels;
}

void x11_place_assert_screen(struct x11_place *place, const struct frame *frame)
{
	uint32_t *pixels = reference(place);
	int x, y;

	assert_int_equal(frame->width, place->area.width);
	assert_int_equal(frame->height, place->area.height);
	for (y = 0; y < frame->height; y++)
		for (x = 0; x < frame->width; x++) {
			uint32_t expected =
				pixels[(size_t)y * (size_t)frame->width +
					(size_t)x];

			if (frame_colour(frame_row(frame, y)[x]) != expected)
				fail_msg("pixel %d,%d is %06x, not %06x", x, y,
					frame_colour(frame_row(frame, y)[x]),
					expected);
		}
	free(pixels);
}

/* Every pixel that differs lies inside, and every rectangle has one. */
void x11_place_assert_changed(const struct frame *before,
	const struct frame *now, const struct region *changed)
{
	int x, y, i;

	for (y = 0; y < now->height; y++)
		for (x = 0; x < now->width; x++)
			if (frame_colour(frame_row(before, y)[x]) !=
				frame_colour(frame_row(now, y)[x]))
				assert_true(region_contains(
					changed, (struct rect){ x, y, 1, 1 }));
	for (i = 0; i < region_count(changed); i++) {
		struct rect rect = region_rect(changed, i);
		bool differs = false;

		for (y = rect.y; y < rect.y + rect.height; y++)
			for (x = rect.x; x < rect.x + rect.width; x++)
				differs |=
					frame_colour(frame_row(before, y)[x]) !=
					frame_colour(frame_row(now, y)[x]);
		assert_true(differs);
	}
}

struct frame *x11_place_copy_of(const struct frame *frame)
{
	struct frame *copy = frame_create(frame->width, frame->height);
	int y;

	for (y = 0; y < frame->height; y++)
		memcpy(copy->pixels + (size_t)y * copy->stride,
			frame_row(frame, y), (size_t)frame->width * 4);
	return copy;
}

void x11_place_assert_same(const struct frame *a, const struct frame *b)
{
	int y;

	for (y = 0; y < a->height; y++)
		assert_memory_equal(
			frame_row(a, y), frame_row(b, y), (size_t)a->width * 4);
}

void x11_place_wait(struct x11_place *place, const int *counter, int least)
{
	struct pollfd poller = { desktop_fd(place->desktop), POLLIN, 0 };

	desktop_dispatch(place->desktop);
	while (*counter < least) {
		if (poll(&poller, 1, HANG_MS) <= 0)
			fail_msg("nothing came from the X server");
		desktop_dispatch(place->desktop);
	}
}

struct frame *x11_place_capture(struct x11_place *place,
	enum desktop_capture_what what, struct region *changed)
{
	struct frame *frame =
		desktop_capture(place->desktop, what, changed, NULL);

	assert_non_null(frame);
	return frame;
}

void x11_place_follow_drawing(struct x11_place *place)
{
	struct region changed;
	struct frame *frame, *before;
	int round;

	region_init(&changed);
	x11_place_draw(place, 5);
	frame = x11_place_capture(place, CAPTURE_EVERYTHING, &changed);
	assert_true(region_contains(&changed, frame_rect(frame)));
	x11_place_assert_screen(place, frame);
	before = x11_place_copy_of(frame);
	frame_unref(frame);
	for (round = 0; round < ROUNDS; round++) {
		x11_place_draw(place, round % 4);
		region_clear(&changed);
		frame = x11_place_capture(place,
			round % 5 == 4 ? CAPTURE_EVERYTHING : CAPTURE_DAMAGED,
			&changed);
		x11_place_assert_screen(place, frame);
		x11_place_assert_changed(before, frame, &changed);
		if (round % 4 == 0)
			assert_true(region_is_empty(&changed));
		frame_unref(before);
		before = x11_place_copy_of(frame);
		frame_unref(frame);
	}
	frame_unref(before);
	region_finish(&changed);
}
