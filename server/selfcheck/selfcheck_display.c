/* The X server: whether we see it, and how fast. */
#include <stdlib.h>
#include <string.h>

#include "server/display/display_search.h"
#include "server/options/options.h"
#include "server/selfcheck/selfcheck.h"
#include "x11/display_facts.h"

enum { SLOW_US = 10000 }; /* no longer 60 pictures a second and an encoder */

static void say_extension(struct selfcheck *check, bool there, bool wanted,
	enum selfcheck_grade otherwise, const char *name, const char *without)
{
	if (!wanted)
		selfcheck_say(check, SELFCHECK_NOTE,
			"%s is turned off by an option: %s", name, without);
	else if (there)
		selfcheck_say(check, SELFCHECK_GOOD, "%s", name);
	else
		selfcheck_say(check, otherwise, "no %s: %s", name, without);
}

static void say_shm(struct selfcheck *check, const struct display_facts *facts)
{
	if (facts->shm && facts->no_shm != NULL && check->options->shm)
		selfcheck_say(check, SELFCHECK_NOTE,
			"MIT-SHM does not work, %s: pictures come through the "
			"X server's socket, which is slower; a container needs "
			"the X server's IPC namespace (--ipc=host)",
			facts->no_shm);
	else
		say_extension(check, facts->shm, check->options->shm,
			SELFCHECK_NOTE, "MIT-SHM",
			"pictures come through the X server's socket, which is "
			"slower");
}

static void say_extensions(
	struct selfcheck *check, const struct display_facts *facts)
{
	const struct options *options = check->options;

	say_shm(check, facts);
	say_extension(check, facts->damage, options->damage, SELFCHECK_NOTE,
		"DAMAGE",
		"the whole screen is compared again and again, which costs "
		"processor time");
	say_extension(check, facts->fixes, options->cursor, SELFCHECK_NOTE,
		"XFIXES", "viewers see no pointer, and nothing can be copied");
	say_extension(check, facts->test, !options->view_only, SELFCHECK_BAD,
		"XTEST", "viewers can look but not type or click");
	say_extension(check, facts->resizes, true, SELFCHECK_NOTE, "RANDR",
		"neither monitors nor another size are known");
	say_extension(check, facts->motion, true, SELFCHECK_NOTE, "XInput",
		"where the pointer is must be asked again and again");
}

static void say_picture(
	struct selfcheck *check, const struct display_facts *facts)
{
	unsigned long us = (unsigned long)facts->capture_us;

	if (facts->wayland)
		selfcheck_say(check, SELFCHECK_BAD,
			"this is XWayland, the X server inside a Wayland "
			"desktop: the picture will be black; log in to an X11 "
			"session (\"on Xorg\"), or share a display of its own "
			"(-create)");
	if (!facts->local)
		selfcheck_say(check, SELFCHECK_NOTE,
			"the X server is on another machine or behind ssh's "
			"forwarding: every picture crosses the network twice; "
			"run x11wsvnc where the X server is");
	if (facts->composited)
		selfcheck_say(check, SELFCHECK_NOTE,
			"a compositor draws this screen: should pictures stay "
			"behind, turn its effects off (xfwm4: Window Manager "
			"Tweaks, Compositor)");
	if (!facts->usual_pixels)
		selfcheck_say(check, SELFCHECK_NOTE,
			"pixels of depth %d are converted, which costs time: "
			"24 bits with 32 a pixel need none",
			facts->depth);
	if (!facts->font)
		selfcheck_say(check, SELFCHECK_NOTE,
			"the X server has no font \"fixed\": windows that ask "
			"(-accept popup, -QueryConnect) have no letters; "
			"install xfonts-base");
	if (us == 0)
		selfcheck_say(check, SELFCHECK_BAD,
			"no picture of the screen can be had");
	else
		selfcheck_say(check,
			us > SLOW_US ? SELFCHECK_NOTE : SELFCHECK_GOOD,
			"a picture of %dx%d takes %lu.%lu ms%s", facts->width,
			facts->height, us / 1000, us % 1000 / 100,
			us > SLOW_US ? ": that bounds the pictures a second; a "
				       "smaller screen, another driver of the "
				       "graphics card, or Xvfb is faster"
				     : "");
}

static void say_environment(struct selfcheck *check)
{
	const char *type = getenv("XDG_SESSION_TYPE");

	if (type != NULL && strcmp(type, "wayland") == 0)
		selfcheck_say(check, SELFCHECK_NOTE,
			"this session is a Wayland one: its own windows are on "
			"no X display");
}

static bool find(struct selfcheck *check, struct display_target *target)
{
	struct display_search search;
	enum display_found answer;
	char *sentence;

	display_search_init(&search, check->options);
	answer = display_search_run(&search, target);
	if (answer == DISPLAY_FOUND)
		return true;
	sentence = display_search_explain(&search, answer);
	selfcheck_say(check, SELFCHECK_BAD, "%s", sentence);
	free(sentence);
	return false;
}

void selfcheck_display(struct selfcheck *check)
{
	const struct options *options = check->options;
	struct display_target target = { 0 };
	struct display_facts facts;
	char *error = NULL;
	bool searches = options->find || options->guess_authority ||
			options->display_command != NULL;

	say_environment(check);
	if (searches && !find(check, &target))
		return;
	if (!display_facts_read(searches ? target.name : options->display,
		    searches ? target.authority : options->authority, &facts,
		    &error)) {
		selfcheck_say(check, SELFCHECK_BAD, "%s%s", error,
			searches ? "" : "; -find looks for it");
		free(error);
	} else {
		say_extensions(check, &facts);
		say_picture(check, &facts);
	}
	display_target_reset(&target);
}
