/* The picture is what XGetImage shows, in every depth, with and without each
 * extension, and what is said to have changed is what changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/Xdamage.h>
#include <X11/extensions/Xfixes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/region.h"
#include "base/xmalloc.h"
#include "test/unit/x11_server.h"
#include "x11/desktop.h"

enum { ROUNDS = 12, HANG_MS = 20000 };

struct told {
	int damaged, resized, lost;
};

struct place {
	struct x11_server *server;
	struct desktop *desktop;
	struct told told;
	struct rect area;
	unsigned seed;
};

static void on_damaged(void *context)
{
	((struct told *)context)->damaged++;
}

static void on_resized(void *context)
{
	((struct told *)context)->resized++;
}

static void on_lost(void *context, const char *reason)
{
	assert_non_null(strstr(reason, "gone"));
	((struct told *)context)->lost++;
}

static const struct desktop_host host = {
	.damaged = on_damaged,
	.resized = on_resized,
	.lost = on_lost,
};

static struct place *place_open(
	const char *program, const char *arguments, const char *clip)
{
	struct place *place = xcalloc(1, sizeof(*place));
	struct desktop_options options = {
		.use_shm = true,
		.use_damage = true,
		.use_cursor = true,
		.clip = clip,
	};
	char *error = NULL;

	place->server = x11_server_start(program, arguments);
	options.display = place->server->display;
	place->desktop = desktop_open(&options, &host, &place->told, &error);
	if (place->desktop == NULL)
		fail_msg("%s", error);
	place->area = (struct rect){ 0, 0, desktop_width(place->desktop),
		desktop_height(place->desktop) };
	place->seed = 1;
	return place;
}

static void place_close(struct place *place)
{
	desktop_close(place->desktop);
	x11_server_stop(place->server);
	free(place);
}

static unsigned any(struct place *place, unsigned most)
{
	place->seed = place->seed * 1103515245 + 12345;
	return (place->seed >> 8) % most;
}

static void draw(struct place *place, int count)
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

static uint32_t *reference(struct place *place)
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

static void assert_is_screen(struct place *place, const struct frame *frame)
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
static void assert_changed(const struct frame *before, const struct frame *now,
	const struct region *changed)
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

static struct frame *copy_of(const struct frame *frame)
{
	struct frame *copy = frame_create(frame->width, frame->height);
	int y;

	for (y = 0; y < frame->height; y++)
		memcpy(copy->pixels + (size_t)y * copy->stride,
			frame_row(frame, y), (size_t)frame->width * 4);
	return copy;
}

static void assert_same(const struct frame *a, const struct frame *b)
{
	int y;

	for (y = 0; y < a->height; y++)
		assert_memory_equal(
			frame_row(a, y), frame_row(b, y), (size_t)a->width * 4);
}

static void wait_dispatch(struct place *place, const int *counter, int least)
{
	struct pollfd poller = { desktop_fd(place->desktop), POLLIN, 0 };

	desktop_dispatch(place->desktop);
	while (*counter < least) {
		if (poll(&poller, 1, HANG_MS) <= 0)
			fail_msg("nothing came from the X server");
		desktop_dispatch(place->desktop);
	}
}

static struct frame *capture(struct place *place,
	enum desktop_capture_what what, struct region *changed)
{
	struct frame *frame =
		desktop_capture(place->desktop, what, changed, NULL);

	assert_non_null(frame);
	return frame;
}

static void follow_drawing(struct place *place)
{
	struct region changed;
	struct frame *frame, *before;
	int round;

	region_init(&changed);
	draw(place, 5);
	frame = capture(place, CAPTURE_EVERYTHING, &changed);
	assert_true(region_contains(&changed, frame_rect(frame)));
	assert_is_screen(place, frame);
	before = copy_of(frame);
	frame_unref(frame);
	for (round = 0; round < ROUNDS; round++) {
		draw(place, round % 4);
		region_clear(&changed);
		frame = capture(place,
			round % 5 == 4 ? CAPTURE_EVERYTHING : CAPTURE_DAMAGED,
			&changed);
		assert_is_screen(place, frame);
		assert_changed(before, frame, &changed);
		if (round % 4 == 0)
			assert_true(region_is_empty(&changed));
		frame_unref(before);
		before = copy_of(frame);
		frame_unref(frame);
	}
	frame_unref(before);
	region_finish(&changed);
}

static void check_with(const char *arguments)
{
	struct place *place = place_open("Xvfb", arguments, NULL);

	follow_drawing(place);
	place_close(place);
}

static void test_usual_screen(void **state)
{
	(void)state;
	check_with("-screen 0 640x480x24");
}

static void test_depths(void **state)
{
	(void)state;
	check_with("-screen 0 637x481x16");
	check_with("-screen 0 320x240x15");
	check_with("-screen 0 320x240x30");
	check_with("-screen 0 321x240x8");
}

static void test_depths_without_shm(void **state)
{
	(void)state;
	check_with("-screen 0 637x481x16 -extension MIT-SHM");
	check_with("-screen 0 320x240x15 -extension MIT-SHM");
	check_with("-screen 0 320x240x30 -extension MIT-SHM");
	check_with("-screen 0 321x240x8 -extension MIT-SHM");
}

/* Xvfb 21 without XFIXES dies when the first client leaves: nobody leaves. */
static void check_without_xfixes(const char *arguments)
{
	struct place *place = place_open("Xvfb", arguments, NULL);

	assert_null(desktop_cursor(place->desktop));
	assert_false(desktop_has_damage(place->desktop));
	follow_drawing(place);
	x11_server_kill(place->server);
	place_close(place);
}

static void test_missing_extensions(void **state)
{
	(void)state;
	check_with("-screen 0 640x480x24 -extension MIT-SHM");
	check_with("-screen 0 640x480x24 -extension DAMAGE");
	check_with("-screen 0 640x480x24 -extension RANDR");
	check_with("-screen 0 640x480x24 -extension XTEST");
	check_without_xfixes("-screen 0 640x480x24 -extension XFIXES");
	check_without_xfixes(
		"-screen 0 640x480x24 -extension XTEST "
		"-extension RANDR -extension XFIXES "
		"-extension DAMAGE -extension MIT-SHM");
}

static void test_clip(void **state)
{
	struct place *place =
		place_open("Xvfb", "-screen 0 640x480x24", "203x101+37+59");

	(void)state;
	assert_int_equal(desktop_width(place->desktop), 203);
	assert_int_equal(desktop_height(place->desktop), 101);
	place->area.x = 37;
	place->area.y = 59;
	follow_drawing(place);
	place_close(place);
}

static void test_damage_is_told_once(void **state)
{
	struct place *place = place_open("Xvfb", "-screen 0 640x480x24", NULL);
	struct region changed;
	int i;

	(void)state;
	region_init(&changed);
	frame_unref(capture(place, CAPTURE_EVERYTHING, &changed));
	desktop_dispatch(place->desktop);
	place->told.damaged = 0;
	for (i = 0; i < 5; i++) {
		draw(place, 3);
		wait_dispatch(place, &place->told.damaged, 1);
		assert_int_equal(place->told.damaged, 1);
	}
	frame_unref(capture(place, CAPTURE_DAMAGED, &changed));
	desktop_dispatch(place->desktop);
	assert_int_equal(place->told.damaged, 1);
	draw(place, 1);
	wait_dispatch(place, &place->told.damaged, 2);
	region_finish(&changed);
	place_close(place);
}

/* A viewer may keep a frame as long as it likes. */
static void test_lent_frames_are_not_written(void **state)
{
	struct place *place = place_open("Xvfb", "-screen 0 640x480x24", NULL);
	struct frame *lent[3], *copies[3];
	struct region changed;
	int i;

	(void)state;
	region_init(&changed);
	for (i = 0; i < 3; i++) {
		draw(place, 4);
		lent[i] = capture(place, CAPTURE_DAMAGED, &changed);
		copies[i] = copy_of(lent[i]);
	}
	draw(place, 4);
	assert_null(desktop_capture(
		place->desktop, CAPTURE_DAMAGED, &changed, NULL));
	for (i = 0; i < 3; i++)
		assert_same(lent[i], copies[i]);
	frame_unref(lent[0]);
	lent[0] = capture(place, CAPTURE_DAMAGED, &changed);
	assert_is_screen(place, lent[0]);
	for (i = 1; i < 3; i++)
		assert_same(lent[i], copies[i]);
	/* Closing while frames are lent must leave them readable. */
	desktop_close(place->desktop);
	for (i = 1; i < 3; i++)
		assert_same(lent[i], copies[i]);
	for (i = 0; i < 3; i++) {
		frame_unref(lent[i]);
		frame_unref(copies[i]);
	}
	x11_server_stop(place->server);
	region_finish(&changed);
	free(place);
}

static void resize_to(struct place *place, int width, int height)
{
	char *command = xasprintf(
		"xrandr --output VNC-0 --off; "
		"xrandr --fb %dx%d",
		width, height);
	int before = place->told.resized;

	assert_int_equal(x11_server_run(place->server, command), 0);
	free(command);
	wait_dispatch(place, &place->told.resized, before + 1);
	while (desktop_width(place->desktop) != width ||
		desktop_height(place->desktop) != height)
		wait_dispatch(
			place, &place->told.resized, place->told.resized + 1);
	place->area.width = width;
	place->area.height = height;
}

static void test_resize(void **state)
{
	static const int sizes[][2] = { { 320, 200 }, { 1000, 700 }, { 64, 64 },
		{ 641, 479 } };
	struct place *place = place_open("Xtigervnc",
		"-geometry 800x600 -depth 24 -rfbport -1 "
		"-SecurityTypes None -localhost",
		NULL);
	struct region changed;
	struct frame *old;
	size_t i;

	(void)state;
	region_init(&changed);
	old = capture(place, CAPTURE_EVERYTHING, &changed);
	for (i = 0; i < 4; i++) {
		resize_to(place, sizes[i][0], sizes[i][1]);
		/* Which wants the first picture to be all new. */
		follow_drawing(place);
	}
	assert_int_equal(old->width, 800);
	frame_unref(old);
	region_finish(&changed);
	place_close(place);
}

/* The screen shrinks while we believe it is still large. */
static void test_resize_race(void **state)
{
	struct place *place = place_open("Xtigervnc",
		"-geometry 800x600 -depth 24 -rfbport -1 "
		"-SecurityTypes None -localhost",
		NULL);
	struct region changed;
	struct frame *frame;

	(void)state;
	region_init(&changed);
	frame_unref(capture(place, CAPTURE_EVERYTHING, &changed));
	desktop_dispatch(place->desktop);
	place->told.resized = 0;
	assert_int_equal(x11_server_run(place->server,
				 "xrandr --output VNC-0 --off; "
				 "xrandr --fb 300x200"),
		0);
	assert_null(desktop_capture(
		place->desktop, CAPTURE_EVERYTHING, &changed, NULL));
	assert_int_equal(place->told.resized, 0);
	desktop_dispatch(place->desktop);
	assert_true(place->told.resized >= 1);
	place->area.width = 300;
	place->area.height = 200;
	frame = capture(place, CAPTURE_DAMAGED, &changed);
	assert_is_screen(place, frame);
	frame_unref(frame);
	region_finish(&changed);
	place_close(place);
}

/* Others must not read the picture, and a crash must leave nothing behind. */
static void test_segments_are_private(void **state)
{
	struct place *place = place_open("Xvfb", "-screen 0 640x480x24", NULL);
	struct region changed;
	int id, last, mine = 0;
	struct shmid_ds info;

	(void)state;
	region_init(&changed);
	frame_unref(capture(place, CAPTURE_EVERYTHING, &changed));
	draw(place, 3);
	frame_unref(capture(place, CAPTURE_EVERYTHING, &changed));
	last = shmctl(0, SHM_INFO, &info);
	for (id = 0; id <= last; id++) {
		if (shmctl(id, SHM_STAT, &info) < 0 ||
			info.shm_cpid != getpid())
			continue;
		mine++;
		assert_int_equal(info.shm_perm.mode & 0777, 0600);
		assert_true((info.shm_perm.mode & SHM_DEST) != 0);
		assert_int_equal(info.shm_nattch, 2);
	}
	assert_int_equal(mine, 2);
	desktop_close(place->desktop);
	for (id = 0; id <= last; id++)
		assert_true(shmctl(id, SHM_STAT, &info) < 0 ||
			    info.shm_cpid != getpid());
	x11_server_stop(place->server);
	region_finish(&changed);
	free(place);
}

static int ignore_error(Display *display, XErrorEvent *event)
{
	(void)display;
	(void)event;
	return 0;
}

/* X lets any client destroy any other's things. */
static void destroy_everything(struct place *place)
{
	Display *x = place->server->other;
	XErrorHandler before = XSetErrorHandler(ignore_error);
	Atom clipboard = XInternAtom(x, "CLIPBOARD", False);
	Window window;
	unsigned long id;

	desktop_copy(place->desktop, "x", 1);
	desktop_dispatch(place->desktop);
	while ((window = XGetSelectionOwner(x, clipboard)) == None)
		desktop_dispatch(place->desktop);
	window &= ~0xfffffUL;
	for (id = window; id < window + 64; id++) {
		XShmSegmentInfo info = { .shmseg = id };

		XDestroyWindow(x, id);
		XDamageDestroy(x, id);
		XFixesDestroyRegion(x, id);
		XShmDetach(x, &info);
	}
	XSync(x, False);
	XSetErrorHandler(before);
}

static void test_x_errors_everywhere(void **state)
{
	struct place *place = place_open("Xvfb", "-screen 0 640x480x24", NULL);
	struct region changed;
	struct frame *frame;
	int base, error, i;

	(void)state;
	assert_true(XDamageQueryExtension(place->server->other, &base, &error));
	assert_true(XFixesQueryExtension(place->server->other, &base, &error));
	region_init(&changed);
	frame_unref(capture(place, CAPTURE_EVERYTHING, &changed));
	destroy_everything(place);
	draw(place, 5);
	frame_unref(desktop_capture(
		place->desktop, CAPTURE_DAMAGED, &changed, NULL));
	desktop_copy(place->desktop, "y", 1);
	desktop_key(place->desktop, 'a', true);
	desktop_key(place->desktop, 'a', false);
	/* New segments are made and the sweep finds what damage missed. */
	frame = NULL;
	for (i = 0; i < 5 && frame == NULL; i++) {
		desktop_dispatch(place->desktop);
		frame = desktop_capture(
			place->desktop, CAPTURE_EVERYTHING, &changed, NULL);
	}
	assert_non_null(frame);
	assert_is_screen(place, frame);
	frame_unref(frame);
	assert_int_equal(place->told.lost, 0);
	region_finish(&changed);
	place_close(place);
}

static void test_palette_change(void **state)
{
	struct place *place = place_open("Xvfb", "-screen 0 64x64x8", NULL);
	Display *x = place->server->other;
	Colormap map = DefaultColormap(x, 0);
	XColor color = { .flags = DoRed | DoGreen | DoBlue };
	unsigned long pixel, plane;
	struct region changed;
	struct frame *frame;
	GC gc = XCreateGC(x, DefaultRootWindow(x), 0, NULL);

	(void)state;
	region_init(&changed);
	assert_true(XAllocColorCells(x, map, False, &plane, 0, &pixel, 1));
	XSetForeground(x, gc, pixel);
	XFillRectangle(x, DefaultRootWindow(x), gc, 5, 5, 9, 9);
	XSync(x, False);
	frame_unref(capture(place, CAPTURE_EVERYTHING, &changed));
	color.pixel = pixel;
	color.red = 0xffff;
	XStoreColor(x, map, &color);
	XSync(x, False);
	region_clear(&changed);
	frame = capture(place, CAPTURE_EVERYTHING, &changed);
	assert_int_equal(frame_colour(frame_row(frame, 6)[6]), 0xff0000);
	assert_true(region_contains(&changed, (struct rect){ 5, 5, 9, 9 }));
	assert_is_screen(place, frame);
	frame_unref(frame);
	XFreeGC(x, gc);
	region_finish(&changed);
	place_close(place);
}

static void test_lost(void **state)
{
	struct place *place = place_open("Xvfb", "-screen 0 640x480x24", NULL);
	struct region changed;
	struct frame *frame;
	int x, y;

	(void)state;
	region_init(&changed);
	frame = capture(place, CAPTURE_EVERYTHING, &changed);
	x11_server_kill(place->server);
	assert_null(desktop_capture(
		place->desktop, CAPTURE_DAMAGED, &changed, NULL));
	assert_int_equal(place->told.lost, 1);
	desktop_dispatch(place->desktop);
	assert_null(desktop_capture(
		place->desktop, CAPTURE_EVERYTHING, &changed, NULL));
	assert_false(desktop_pointer(place->desktop, &x, &y));
	desktop_key(place->desktop, 'a', true);
	desktop_point(place->desktop, 1, 1, 1);
	desktop_copy(place->desktop, "x", 1);
	desktop_dispatch(place->desktop);
	assert_int_equal(place->told.lost, 1);
	frame_unref(frame);
	region_finish(&changed);
	place_close(place);
}

static void test_lost_in_dispatch(void **state)
{
	struct place *place = place_open("Xvfb", "-screen 0 640x480x24", NULL);

	(void)state;
	x11_server_kill(place->server);
	wait_dispatch(place, &place->told.lost, 1);
	desktop_dispatch(place->desktop);
	assert_int_equal(place->told.lost, 1);
	place_close(place);
}

static pid_t kill_later(struct x11_server *server, unsigned delay_us)
{
	pid_t killer = fork();

	if (killer == 0) {
		usleep(delay_us);
		kill(server->pid, SIGKILL);
		_exit(0);
	}
	return killer;
}

static void use_until_lost(struct place *place)
{
	struct region changed;
	uint32_t key = 0;

	region_init(&changed);
	while (place->told.lost == 0) {
		frame_unref(desktop_capture(
			place->desktop, CAPTURE_EVERYTHING, &changed, NULL));
		desktop_copy(place->desktop, "text", 4);
		desktop_point(place->desktop, 5, 5, key & 1);
		/* Plain, shifted, and on a spare key. */
		desktop_key(place->desktop, 'a', key & 1);
		desktop_key(place->desktop, '!', key & 1);
		desktop_key(place->desktop, 0x01003041 + key++ % 100, true);
		desktop_dispatch(place->desktop);
	}
	assert_int_equal(place->told.lost, 1);
	region_finish(&changed);
}

/* kill -9 of the X server at moments of chance, in the middle of anything. */
static void test_killed_at_any_moment(void **state)
{
	unsigned round;

	(void)state;
	for (round = 0; round < 12; round++) {
		struct place *place =
			place_open("Xvfb", "-screen 0 320x200x24", NULL);
		pid_t killer = kill_later(place->server, round * round * 137);

		use_until_lost(place);
		waitpid(killer, NULL, 0);
		x11_server_kill(place->server);
		place_close(place);
	}
}

/* In a process of its own: what Xlib had half made is lost. */
static void open_and_exit(struct x11_server *server)
{
	struct desktop_options options = { .display = server->display,
		.use_shm = true,
		.use_damage = true,
		.use_cursor = true };
	struct told told = { .lost = 0 };
	char *error = NULL;
	struct desktop *desktop = desktop_open(&options, &host, &told, &error);

	if (desktop == NULL)
		_exit(error != NULL ? 0 : 40);
	desktop_close(desktop);
	_exit(told.lost <= 1 ? 0 : 41);
}

static void test_killed_while_opening(void **state)
{
	unsigned round;

	(void)state;
	for (round = 0; round < 12; round++) {
		struct x11_server *server =
			x11_server_start("Xvfb", "-screen 0 320x200x24");
		pid_t killer = kill_later(server, round * 250);
		pid_t opener = fork();
		int status;

		if (opener == 0)
			open_and_exit(server);
		waitpid(opener, &status, 0);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		waitpid(killer, NULL, 0);
		x11_server_kill(server);
		x11_server_stop(server);
	}
}

static char *error_of(
	const char *display, const char *authority, const char *clip)
{
	struct desktop_options options = { .display = display,
		.authority = authority,
		.clip = clip,
		.use_shm = true };
	char *error = NULL;

	assert_null(desktop_open(&options, &host, NULL, &error));
	assert_non_null(error);
	return error;
}

static void test_open_errors(void **state)
{
	struct x11_server *server =
		x11_server_start("Xvfb", "-screen 0 640x480x24");
	char *error;

	(void)state;
	error = error_of(":4321", NULL, NULL);
	assert_string_equal(error,
		"cannot open display \":4321\": no such X server (is it "
		"running?)");
	free(error);
	error = error_of(server->display, NULL, "10x10+640+0");
	assert_non_null(strstr(error, "outside the screen"));
	assert_non_null(strstr(error, "640x480"));
	free(error);
	error = error_of(server->display, NULL, "10x10");
	assert_non_null(strstr(error, "WxH+X+Y"));
	free(error);
	error = error_of(server->display, "/dev/null", NULL);
	assert_non_null(strstr(error, "access denied: needs its cookie"));
	assert_non_null(strstr(error, "-auth"));
	free(error);
	error = error_of(server->display, "/nonexistent", NULL);
	assert_non_null(strstr(error, "/nonexistent cannot be read"));
	free(error);
	x11_server_stop(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usual_screen),
		cmocka_unit_test(test_depths),
		cmocka_unit_test(test_depths_without_shm),
		cmocka_unit_test(test_missing_extensions),
		cmocka_unit_test(test_clip),
		cmocka_unit_test(test_damage_is_told_once),
		cmocka_unit_test(test_lent_frames_are_not_written),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_resize_race),
		cmocka_unit_test(test_segments_are_private),
		cmocka_unit_test(test_x_errors_everywhere),
		cmocka_unit_test(test_palette_change),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_lost_in_dispatch),
		cmocka_unit_test(test_killed_at_any_moment),
		cmocka_unit_test(test_killed_while_opening),
		cmocka_unit_test(test_open_errors),
	};

	signal(SIGPIPE, SIG_IGN); /* as the program does: libxcb does not */
	return cmocka_run_group_tests_name("x11_capture", tests, NULL, NULL);
}
