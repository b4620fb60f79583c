/* workload - an application to watch: draws the same pictures every time.
 *
 *     workload -t TIMELINE [-d DISPLAY] NAME
 *
 * Paints its first picture, says so in the timeline, waits for the viewer's
 * sign and then draws at its pace until the viewer has enough. What it has
 * drawn stays until it is ended.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/easel.h"
#include "bench/echo.h"
#include "bench/scene_film.h"
#include "bench/scene_move.h"
#include "bench/scene_small.h"
#include "bench/scene_text.h"
#include "bench/stamp.h"
#include "bench/timeline.h"

static const struct scene scenes[] = {
	{ "text", 60, scene_text_open, scene_text_scroll },
	{ "text-max", 0, scene_text_open, scene_text_scroll },
	{ "pages", 10, scene_text_open, scene_text_page },
	{ "drag", 60, scene_move_open_drag, scene_move_drag },
	{ "web", 30, scene_move_open_web, scene_move_web },
	{ "video", 30, scene_film_open_720, scene_film_draw },
	{ "video-full", 60, scene_film_open_full, scene_film_draw },
	{ "photos", 4, scene_film_open_photos, scene_film_draw },
	{ "office", 20, scene_small_open_office, scene_small_office },
	{ "caret", 4, scene_small_open_caret, scene_small_caret },
	{ "noise", 30, scene_small_open_noise, scene_small_noise },
};

enum { SCENES = sizeof(scenes) / sizeof(scenes[0]) };

static const struct scene *scene_named(const char *name)
{
	for (size_t i = 0; i < SCENES; i++) {
		if (!strcmp(scenes[i].name, name))
			return &scenes[i];
	}
	return NULL;
}

static void wait_until_us(uint64_t when)
{
	uint64_t now = clock_us();
	if (now >= when)
		return;
	uint64_t rest = when - now;
	nanosleep(&(struct timespec){ .tv_sec = (time_t)(rest / 1000000),
			  .tv_nsec = (long)(rest % 1000000) * 1000 },
		NULL);
}

/* The stamp last: who shows it shows the whole picture. */
static void draw(struct easel *easel, const struct scene *scene, void *state,
	unsigned number)
{
	easel->timeline->drawn_us[number] = clock_us();
	scene->draw(easel, state, number);
	easel_stamp(easel, number);
	/* Before the viewer can see it. */
	easel->timeline->drawn = number;
	XSync(easel->display, False);
}

static void run(struct easel *easel, const struct scene *scene, void *state)
{
	struct timeline *timeline = easel->timeline;
	uint64_t step = scene->per_second ? 1000000 / scene->per_second : 0;
	uint64_t next = clock_us();
	unsigned number = 0;
	while (timeline->state == TIMELINE_RUNNING &&
		number + 1 < STAMP_LIMIT) {
		draw(easel, scene, state, ++number);
		next += step;
		/* What is late stays late: no burst to catch up. */
		if (next < clock_us())
			next = clock_us();
		wait_until_us(next);
	}
	timeline->state = TIMELINE_ENDED;
}

int main(int argc, char **argv)
{
	const char *display = NULL, *path = NULL;
	int letter;
	while ((letter = getopt(argc, argv, "d:t:")) != -1) {
		if (letter == 'd')
			display = optarg;
		if (letter == 't')
			path = optarg;
	}
	const struct scene *scene =
		optind + 1 == argc ? scene_named(argv[optind]) : NULL;
	if (!scene || !path) {
		fprintf(stderr, "usage: workload -t FILE [-d DISPLAY] NAME\n");
		for (size_t i = 0; i < SCENES; i++)
			fprintf(stderr, "  %s\n", scenes[i].name);
		return 2;
	}
	struct timeline *timeline = timeline_open(path, true);
	if (!timeline)
		return 1;
	struct easel *easel = easel_open(display, timeline);
	if (!easel)
		return 1;
	void *state = scene->open(easel);
	easel_stamp(easel, 0);
	echo_start(display);
	XSync(easel->display, False);
	timeline->state = TIMELINE_READY;
	if (timeline_wait(timeline, TIMELINE_RUNNING))
		run(easel, scene, state);
	for (;;)
		pause();
}
