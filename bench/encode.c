/* encode.c - our encoders and libvncserver's alone, without screen or network.
 *
 *	encode [-a] [-n ROUNDS] [-o COURSE] [-w DIRECTORY] [FILE.ppm ...]
 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/course.h"
#include "bench/still.h"

enum { WIDTH = 1920, HEIGHT = 1080 };

static const struct course courses[] = {
	{ "tight q8", 7, -24, -254 },
	{ "tight q6", 7, -26, -254 },
	{ "tight q2", 7, -30, -254 },
	{ "tight lossless", 7, 0, -254 },
	{ "tight lossless c6", 7, 0, -250 },
	{ "zrle", 16, 0, -254 },
	{ "hextile", 5, 0, 0 },
	{ "zlib", 6, 0, -254 },
	{ "rre", 2, 0, 0 },
	{ "trle", 15, 0, 0 },
	{ "raw", 0, 0, 0 },
	{ "corre", 4, 0, 0 },
	{ "tightpng lossless", -260, 0, -254 },
	{ "tightpng q6", -260, -26, -254 },
};

struct wishes {
	int rounds;
	bool alone;       /* without libvncserver */
	const char *only; /* part of a course's name, or NULL */
	const char *directory;
};

static void print(const char *picture, const struct course *course,
	const char *who, const struct course_result *result)
{
	printf("%-9s %-18s %-13s %8.2f ms %9.0f B", picture, course->name, who,
		result->ms, result->bytes);
	if (isinf(result->psnr))
		printf("   exact\n");
	else if (isnan(result->psnr))
		printf("   not decoded\n");
	else
		printf(" %5.1f dB\n", result->psnr);
	fflush(stdout);
}

static void measure(const char *name, const struct frame *frame,
	const struct wishes *wishes)
{
	for (size_t i = 0; i < sizeof(courses) / sizeof(courses[0]); i++) {
		const struct course *course = &courses[i];
		struct course_result result = { 0 };

		if (wishes->only && !strstr(course->name, wishes->only))
			continue;
		if (course_run(course, frame, wishes->rounds, &result))
			print(name, course, "x11wsvnc", &result);
#ifdef HAVE_VNCSERVER
		if (!wishes->alone && course_run_vncserver(course, frame,
					      wishes->rounds, &result))
			print(name, course, "libvncserver", &result);
#endif
	}
}

static void write_still(
	const struct frame *frame, const char *directory, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.ppm", directory, name);
	if (!still_write(frame, path))
		perror(path);
}

static void measure_own(const struct wishes *wishes)
{
	for (int i = 0; i < STILL_COUNT; i++) {
		struct frame *frame = still_draw((enum still)i, WIDTH, HEIGHT);

		if (frame == NULL)
			continue;
		if (wishes->directory)
			write_still(frame, wishes->directory, still_names[i]);
		else
			measure(still_names[i], frame, wishes);
		frame_unref(frame);
	}
}

static void measure_file(const char *path, const struct wishes *wishes)
{
	struct frame *frame = still_read(path);
	const char *slash = strrchr(path, '/');

	if (frame == NULL)
		return;
	measure(slash ? slash + 1 : path, frame, wishes);
	frame_unref(frame);
}

int main(int argc, char **argv)
{
	struct wishes wishes = { .rounds = 9 };
	int letter;

	while ((letter = getopt(argc, argv, "an:o:w:")) != -1)
		switch (letter) {
		case 'a':
			wishes.alone = true;
			break;
		case 'n':
			wishes.rounds = atoi(optarg);
			break;
		case 'o':
			wishes.only = optarg;
			break;
		case 'w':
			wishes.directory = optarg;
			break;
		default:
			return 2;
		}
	if (wishes.rounds < 1 || wishes.rounds > COURSE_MOST_ROUNDS) {
		fprintf(stderr, "-n: 1 to %d\n", COURSE_MOST_ROUNDS);
		return 2;
	}
	if (optind == argc)
		measure_own(&wishes);
	for (int i = optind; i < argc; i++)
		measure_file(argv[i], &wishes);
	return 0;
}
