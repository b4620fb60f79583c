/* X servers that die, refuse, and let others destroy our things. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <X11/Xlib.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/Xdamage.h>
#include <X11/extensions/Xfixes.h>
#include <signal.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/unit/x11_place.h"

/* Others must not read the picture, and a crash must leave nothing behind. */
static void key(struct x11_place *place, uint32_t keysym, bool down)
{
	const struct desktop_key pressed = { 1, keysym, 0 };

	desktop_key(place->desktop, &pressed, down);
}

static void test_segments_are_private(void **state)
{
	struct x11_place *place =
		x11_place_open("Xvfb", "-screen 0 640x480x24", NULL);
	struct region changed;
	int id, last, mine = 0;
	struct shmid_ds info;

	(void)state;
	region_init(&changed);
	frame_unref(x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
	x11_place_draw(place, 3);
	frame_unref(x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
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
static void destroy_everything(struct x11_place *place)
{
	Display *x = place->server->other;
	XErrorHandler before = XSetErrorHandler(ignore_error);
	Atom clipboard = XInternAtom(x, "CLIPBOARD", False);
	Window window;
	unsigned long id;

	desktop_clipboard_own(place->desktop, CLIPBOARD_BIT(CLIPBOARD_TEXT));
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
	struct x11_place *place =
		x11_place_open("Xvfb", "-screen 0 640x480x24", NULL);
	struct region changed;
	struct frame *frame;
	int base, error, i;

	(void)state;
	assert_true(XDamageQueryExtension(place->server->other, &base, &error));
	assert_true(XFixesQueryExtension(place->server->other, &base, &error));
	region_init(&changed);
	frame_unref(x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
	destroy_everything(place);
	x11_place_draw(place, 5);
	frame_unref(desktop_capture(
		place->desktop, CAPTURE_DAMAGED, &changed, NULL));
	desktop_clipboard_own(place->desktop, CLIPBOARD_BIT(CLIPBOARD_TEXT));
	key(place, 'a', true);
	key(place, 'a', false);
	/* New segments are made and the sweep finds what damage missed. */
	frame = NULL;
	for (i = 0; i < 5 && frame == NULL; i++) {
		desktop_dispatch(place->desktop);
		frame = desktop_capture(
			place->desktop, CAPTURE_EVERYTHING, &changed, NULL);
	}
	assert_non_null(frame);
	x11_place_assert_screen(place, frame);
	frame_unref(frame);
	assert_int_equal(place->told.lost, 0);
	region_finish(&changed);
	x11_place_close(place);
}

static void test_lost(void **state)
{
	struct x11_place *place =
		x11_place_open("Xvfb", "-screen 0 640x480x24", NULL);
	struct region changed;
	struct frame *frame;
	int x, y;

	(void)state;
	region_init(&changed);
	frame = x11_place_capture(place, CAPTURE_EVERYTHING, &changed);
	x11_server_kill(place->server);
	assert_null(desktop_capture(
		place->desktop, CAPTURE_DAMAGED, &changed, NULL));
	assert_int_equal(place->told.lost, 1);
	desktop_dispatch(place->desktop);
	assert_null(desktop_capture(
		place->desktop, CAPTURE_EVERYTHING, &changed, NULL));
	assert_false(desktop_pointer(place->desktop, &x, &y));
	key(place, 'a', true);
	desktop_point(place->desktop, 1, 1, 1);
	desktop_clipboard_own(place->desktop, CLIPBOARD_BIT(CLIPBOARD_TEXT));
	desktop_dispatch(place->desktop);
	assert_int_equal(place->told.lost, 1);
	frame_unref(frame);
	region_finish(&changed);
	x11_place_close(place);
}

static void test_lost_in_dispatch(void **state)
{
	struct x11_place *place =
		x11_place_open("Xvfb", "-screen 0 640x480x24", NULL);

	(void)state;
	x11_server_kill(place->server);
	x11_place_wait(place, &place->told.lost, 1);
	desktop_dispatch(place->desktop);
	assert_int_equal(place->told.lost, 1);
	x11_place_close(place);
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

static void use_until_lost(struct x11_place *place)
{
	struct region changed;
	uint32_t n = 0;

	region_init(&changed);
	while (place->told.lost == 0) {
		frame_unref(desktop_capture(
			place->desktop, CAPTURE_EVERYTHING, &changed, NULL));
		desktop_clipboard_own(
			place->desktop, CLIPBOARD_BIT(CLIPBOARD_TEXT));
		desktop_point(place->desktop, 5, 5, n & 1);
		/* Plain, shifted, and on a spare key. */
		key(place, 'a', n & 1);
		key(place, '!', n & 1);
		key(place, 0x01003041 + n++ % 100, true);
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
		struct x11_place *place =
			x11_place_open("Xvfb", "-screen 0 320x200x24", NULL);
		pid_t killer = kill_later(place->server, round * round * 137);

		use_until_lost(place);
		waitpid(killer, NULL, 0);
		x11_server_kill(place->server);
		x11_place_close(place);
	}
}

/* In a process of its own: what Xlib had half made is lost. */
static void open_and_exit(struct x11_server *server)
{
	struct desktop_options options = { .display = server->display,
		.use_shm = true,
		.use_damage = true,
		.use_cursor = true };
	struct x11_told told = { .lost = 0 };
	char *error = NULL;
	struct desktop *desktop =
		desktop_open(&options, &x11_place_host, &told, &error);

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

	assert_null(desktop_open(&options, &x11_place_host, NULL, &error));
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
	error = error_of(server->display, NULL, "elsewhere");
	assert_non_null(strstr(error, "nor a monitor"));
	assert_non_null(strstr(error, "which has screen"));
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
		cmocka_unit_test(test_segments_are_private),
		cmocka_unit_test(test_x_errors_everywhere),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_lost_in_dispatch),
		cmocka_unit_test(test_killed_at_any_moment),
		cmocka_unit_test(test_killed_while_opening),
		cmocka_unit_test(test_open_errors),
	};

	signal(SIGPIPE, SIG_IGN); /* as the program does: libxcb does not */
	return cmocka_run_group_tests_name("x11_lost", tests, NULL, NULL);
}
