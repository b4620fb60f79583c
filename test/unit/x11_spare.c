/* Spare keys: under load, given back, and after a crash. */
#include "test/unit/x11_typing.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xmalloc.h"

/* The next symbol, while the desktop goes on. What was pressed before is read
 * first: a place keeps its symbol for a while only, and this may be a slow
 * reader. */
static KeySym next_symbol(struct typing *place)
{
	KeySym keysym;
	XEvent event;

	for (;;) {
		XSync(place->x, False);
		if (XPending(place->x) == 0) {
			desktop_dispatch(place->desktop);
			if (desktop_due_us(place->desktop) == 0)
				return typing_symbol(place, &event);
			usleep(5000);
			continue;
		}
		XNextEvent(place->x, &event);
		if (event.type == MappingNotify)
			XRefreshKeyboardMapping(&event.xmapping);
		if (event.type != KeyPress)
			continue;
		XLookupString(&event.xkey, NULL, 0, &keysym, NULL);
		if (!IsModifierKey(keysym))
			return keysym;
	}
}

/* More at once than there are places, each another. Another viewer's keys need
 * not wait. */
static void test_burst(void **state)
{
	enum { MANY = 100, FIRST = 0x01004e00 };
	struct typing *place = typing_open("setxkbmap us", NULL);
	KeySym got;
	int i, came = 0, other_came_after = -1;

	(void)state;
	for (i = 0; i < MANY; i++)
		typing_tap(place, (KeySym)(FIRST + i));
	typing_tap(place, 'x');
	typing_tell(place, 2, 'o', 0, true);
	typing_tell(place, 2, 'o', 0, false);
	assert_true(desktop_due_us(place->desktop) != 0);
	while ((got = next_symbol(place)) != 'x') {
		if (got == 'o')
			other_came_after = came;
		else
			assert_int_equal(got, FIRST + came++);
	}
	assert_int_equal(came, MANY);
	assert_in_range(other_came_after, 1, MANY - 1);
	assert_int_equal(typing_keys_down(place), 0);
	typing_close(place);
}

static char *dump_keymap(struct typing *place)
{
	char *path = xasprintf("%s/map", place->server->directory), *command;
	char *text = xcalloc(1, 1 << 20);
	FILE *file;

	command = xasprintf("xkbcomp -w0 $DISPLAY %s 2>/dev/null", path);
	assert_int_equal(x11_server_run(place->server, command), 0);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 1000);
	fclose(file);
	unlink(path);
	free(command);
	free(path);
	return text;
}

static void assert_same_keymap(struct typing *place, char *before)
{
	char *after = dump_keymap(place);

	if (strcmp(before, after) != 0)
		fail_msg("the keymap is another");
	free(before);
	free(after);
}

static const KeySym missing[] = { XK_Cyrillic_zhe, XK_Cyrillic_ZHE, 0x0101f600,
	0x01004e2d, XK_EuroSign, XK_dead_acute, NoSymbol };

static void test_keymap_is_restored(void **state)
{
	struct typing *place = typing_start("setxkbmap us");
	struct desktop_options options = { .use_shm = true };
	char *before = dump_keymap(place);

	(void)state;
	typing_open_desktop(place, &options);
	typing_assert_all(place, missing);
	desktop_close(place->desktop);
	assert_same_keymap(place, before);
	typing_finish(place);
}

/* Types, and is killed before it can put anything back. */
static void type_and_die(struct typing *place)
{
	struct desktop_options options = { .display = place->server->display };
	static const struct desktop_host nobody = { .lost = NULL };
	char *error = NULL;
	struct desktop *desktop = desktop_open(&options, &nobody, NULL, &error);
	int i, x, y;

	if (desktop == NULL)
		_exit(1);
	for (i = 0; missing[i] != NoSymbol; i++) {
		const struct desktop_key key = { 1, (uint32_t)missing[i], 0 };

		desktop_key(desktop, &key, true);
		desktop_key(desktop, &key, false);
		desktop_dispatch(desktop);
	}
	desktop_pointer(desktop, &x, &y);
	kill(getpid(), SIGKILL);
}

static void test_next_start_restores(void **state)
{
	struct typing *place = typing_start("setxkbmap us");
	struct desktop_options options = { .use_shm = true };
	char *before = dump_keymap(place);
	int unused = typing_unused_keys(place->x), status;
	XKeyboardState control;
	pid_t child;

	(void)state;
	child = fork();
	if (child == 0)
		type_and_die(place);
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	assert_true(typing_unused_keys(place->x) < unused);
	typing_open_desktop(place, &options);
	assert_int_equal(typing_unused_keys(place->x), unused);
	desktop_close(place->desktop);
	XGetKeyboardControl(place->x, &control);
	assert_int_equal(control.global_auto_repeat, AutoRepeatModeOn);
	assert_same_keymap(place, before);
	typing_finish(place);
}

/* What another program that lives has borrowed stays. */
static void test_neighbour_keeps_its_keys(void **state)
{
	struct typing *place = typing_open("setxkbmap us", NULL);
	struct desktop_options options = { .display = place->server->display };
	static const struct desktop_host nobody = { .lost = NULL };
	struct desktop *other;
	char *error = NULL;

	(void)state;
	typing_assert(place, 0x01004e2d);
	other = desktop_open(&options, &nobody, NULL, &error);
	assert_non_null(other);
	desktop_dispatch(place->desktop);
	typing_assert(place, 0x01004e2d);
	desktop_close(other);
	typing_assert(place, 0x01004e2d);
	typing_close(place);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst),
		cmocka_unit_test(test_keymap_is_restored),
		cmocka_unit_test(test_next_start_restores),
		cmocka_unit_test(test_neighbour_keeps_its_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
