/* watch - sees a workload through a VNC server, and prints JSON.
 *
 *     watch -p PORT -t TIMELINE [-d DISPLAY] ...
 *
 * Starts the workload, decodes for some seconds, stops it, waits for the last
 * picture and then until the server has nothing more to say.
 *
 *     watch -p PORT -a PID [-d DISPLAY] ...
 *
 * Watches a program that knows nothing of it, the leader of a process group: it
 * is stopped when the time is over, and stays so.
 */
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/shm.h>
#include <X11/Xlib.h>

#include "base/clock.h"
#include "bench/cpu.h"
#include "bench/push.h"
#include "bench/sample.h"
#include "bench/stamp.h"
#include "bench/timeline.h"
#include "bench/truth.h"
#include "bench/typing.h"
#include "bench/viewer.h"

enum {
	FIRST_US = 30000000, /* a first picture over a slow line */
	LAST_US =
		2000000, /* a last picture that has not come by then is lost */
	QUIET_US = 700000,   /* so long nothing: it has said everything */
	SETTLE_US = 3000000, /* but no longer than this */
	JUDGE_EVERY = 16,    /* pictures of a film */
};

struct watch {
	struct viewer_options options;
	const char *display_name, *path;
	pid_t server, x_server;
	pid_t application; /* 0: a workload that stamps its pictures */
	unsigned seconds;
	unsigned keys; /* to type; 0: look at the workload */
	bool still;    /* the workload is not started */

	Display *display;
	struct timeline *timeline;
	const uint32_t *reel; /* NULL: no film */
	struct viewer *viewer;
	unsigned newest, arrived;
	struct sample ages, psnr;
};

/* What was used up to a moment. */
struct usage {
	uint64_t at_us, bytes;
	unsigned updates;
	double server_ms, x_server_ms;
};

static struct usage usage_now(const struct watch *watch)
{
	return (struct usage){
		.at_us = clock_us(),
		.bytes = viewer_bytes(watch->viewer),
		.updates = viewer_updates(watch->viewer),
		.server_ms = cpu_ms(watch->server),
		.x_server_ms = cpu_ms(watch->x_server),
	};
}

static bool read_stamp(const struct watch *watch, unsigned *number)
{
	return viewer_stamp(watch->viewer, STAMP_X, STAMP_Y, number);
}

/* Notes the picture that the viewer shows, if it is a new one. */
static void look(struct watch *watch)
{
	unsigned number;
	if (!read_stamp(watch, &number) || number <= watch->newest ||
		number > watch->timeline->drawn)
		return;
	uint64_t age = clock_us() - watch->timeline->drawn_us[number];
	watch->newest = number;
	sample_add(&watch->ages, (double)age / 1e3);
	if (watch->reel && watch->arrived % JUDGE_EVERY == 1)
		sample_add(&watch->psnr,
			truth_of_film(watch->viewer, &watch->timeline->reel,
				watch->reel, number)
				.psnr);
	watch->arrived++;
}

/* Until `end`, or until the picture `last` is there. */
static bool look_until(struct watch *watch, uint64_t end, unsigned last)
{
	for (uint64_t now = clock_us(); now < end && watch->newest < last;
		now = clock_us()) {
		if (!viewer_wait(watch->viewer, end - now))
			return false;
		look(watch);
	}
	return true;
}

/* Refreshes may follow when all is quiet. */
static bool settle(struct watch *watch)
{
	uint64_t end = clock_us() + SETTLE_US;
	uint64_t quiet = clock_us() + QUIET_US;
	for (uint64_t now = clock_us(); now < end && now < quiet;
		now = clock_us()) {
		unsigned before = viewer_updates(watch->viewer);
		if (!viewer_wait(watch->viewer, quiet - now))
			return false;
		if (viewer_updates(watch->viewer) != before)
			quiet = clock_us() + QUIET_US;
	}
	return true;
}

static void print_usage(const struct usage *from, const struct usage *to)
{
	printf(" \"seconds\": %.3f, \"updates\": %u, \"bytes\": %llu,"
	       " \"server_cpu_ms\": %.3f, \"x_cpu_ms\": %.3f,\n",
		(double)(to->at_us - from->at_us) / 1e6,
		to->updates - from->updates,
		(unsigned long long)(to->bytes - from->bytes),
		to->server_ms - from->server_ms,
		to->x_server_ms - from->x_server_ms);
}

static void print(struct watch *watch, const struct usage *start,
	const struct usage *end, const struct usage *settled)
{
	struct truth truth = truth_of_screen(watch->viewer, watch->display);
	printf("{ \"drawn\": %u, \"arrived\": %u, \"last_arrived\": %s,",
		watch->timeline->drawn, watch->arrived,
		watch->newest == watch->timeline->drawn ? "true" : "false");
	print_usage(start, end);
	printf(" \"age_ms\": %.3f, \"age_p90_ms\": %.3f,"
	       " \"age_p99_ms\": %.3f,\n",
		sample_quantile(&watch->ages, 0.5),
		sample_quantile(&watch->ages, 0.9),
		sample_quantile(&watch->ages, 0.99));
	if (watch->psnr.count > 0)
		printf(" \"psnr\": %.2f,", sample_quantile(&watch->psnr, 0.5));
	printf(" \"after_bytes\": %llu, \"after_psnr\": %.2f,"
	       " \"after_worst\": %u, \"after_mistaken\": %lu,\n"
	       " \"peak_kb\": %lu }\n",
		(unsigned long long)(settled->bytes - end->bytes), truth.psnr,
		truth.worst, truth.mistaken, cpu_peak_kb(watch->server));
}

/* The first picture must be there before anything is counted. */
static bool start(struct watch *watch)
{
	watch->viewer = viewer_open(&watch->options);
	uint64_t end = clock_us() + FIRST_US;
	unsigned number = 1;
	while (watch->viewer && clock_us() < end) {
		if (!viewer_wait(watch->viewer, 100000))
			return false;
		if (watch->application && viewer_is_covered(watch->viewer))
			return true;
		if (viewer_is_covered(watch->viewer) &&
			read_stamp(watch, &number) && number == 0)
			return settle(watch);
	}
	fprintf(stderr, "the first picture never came whole\n");
	return false;
}

/* Keys instead of pictures, beside a workload or alone. */
static bool measure_typing(struct watch *watch)
{
	struct typing typing = { .lost = 0 };
	struct usage begin = usage_now(watch);
	if (!watch->still)
		watch->timeline->state = TIMELINE_RUNNING;
	bool open = typing_run(&typing, watch->viewer, watch->keys);
	watch->timeline->state = TIMELINE_ENDING;
	struct usage end = usage_now(watch);
	printf("{ \"typed\": %zu, \"lost\": %u, \"type_ms\": %.3f,"
	       " \"type_p90_ms\": %.3f, \"type_p99_ms\": %.3f,\n",
		typing.waits.count, typing.lost,
		sample_quantile(&typing.waits, 0.5),
		sample_quantile(&typing.waits, 0.9),
		sample_quantile(&typing.waits, 0.99));
	print_usage(&begin, &end);
	printf(" \"peak_kb\": %lu }\n", cpu_peak_kb(watch->server));
	typing_finish(&typing);
	return open;
}

/* Nobody says how many pictures there were. */
static bool measure_application(struct watch *watch)
{
	struct usage begin = usage_now(watch);
	uint64_t end = begin.at_us + watch->seconds * 1000000ull;
	for (uint64_t now = clock_us(); now < end; now = clock_us()) {
		if (!viewer_wait(watch->viewer, end - now))
			return false;
	}
	struct usage now = usage_now(watch);
	kill(-watch->application, SIGSTOP);
	if (!settle(watch))
		return false;
	struct truth truth = truth_of_screen(watch->viewer, watch->display);
	printf("{");
	print_usage(&begin, &now);
	printf(" \"after_psnr\": %.2f, \"after_worst\": %u,"
	       " \"after_mistaken\": %lu, \"peak_kb\": %lu }\n",
		truth.psnr, truth.worst, truth.mistaken,
		cpu_peak_kb(watch->server));
	return true;
}

static bool measure(struct watch *watch)
{
	if (!start(watch))
		return false;
	if (watch->application)
		return measure_application(watch);
	if (watch->keys > 0)
		return measure_typing(watch);
	struct usage begin = usage_now(watch);
	watch->timeline->state = TIMELINE_RUNNING;
	if (!look_until(watch, begin.at_us + watch->seconds * 1000000ull,
		    STAMP_LIMIT))
		return false;
	watch->timeline->state = TIMELINE_ENDING;
	/* Decodes on while it ends, or a flood would look slow. */
	while (watch->timeline->state != TIMELINE_ENDED) {
		if (!look_until(watch, clock_us() + 1000, STAMP_LIMIT))
			return false;
	}
	if (!look_until(watch, clock_us() + LAST_US, watch->timeline->drawn))
		return false;
	struct usage end = usage_now(watch);
	if (!settle(watch))
		return false;
	struct usage settled = usage_now(watch);
	print(watch, &begin, &end, &settled);
	return true;
}

static void usage(void)
{
	fprintf(stderr,
		"usage: watch -p PORT {-t TIMELINE | -a PID} [-h HOST] "
		"[-d DISPLAY]\n"
		"  -n SECONDS   how long (3)\n"
		"  -y KEYS      types so many instead\n"
		"  -r           while the workload rests\n"
		"  -w           over WebSocket\n"
		"  -k           updates are pushed (fences, "
		"ContinuousUpdates)\n"
		"  -s PID       count the server's CPU time and memory\n"
		"  -x PID       count the X server's CPU time\n"
		"  -e LIST      encodings, as libvncclient names them\n"
		"  -q N -c N    JPEG quality (-1: no JPEG), compression "
		"(0-9)\n");
	exit(2);
}

static void read_options(struct watch *watch, int argc, char **argv)
{
	int letter;
	while ((letter = getopt(argc, argv, "h:p:t:a:d:n:y:rwks:x:e:q:c:")) !=
		-1) {
		switch (letter) {
		case 'h':
			watch->options.host = optarg;
			break;
		case 'p':
			watch->options.port = optarg;
			break;
		case 't':
			watch->path = optarg;
			break;
		case 'a':
			watch->application = atoi(optarg);
			break;
		case 'd':
			watch->display_name = optarg;
			break;
		case 'n':
			watch->seconds = (unsigned)atoi(optarg);
			break;
		case 'y':
			watch->keys = (unsigned)atoi(optarg);
			break;
		case 'r':
			watch->still = true;
			break;
		case 'w':
			watch->options.websocket = true;
			break;
		case 'k':
			push_register();
			break;
		case 's':
			watch->server = atoi(optarg);
			break;
		case 'x':
			watch->x_server = atoi(optarg);
			break;
		case 'e':
			watch->options.encodings = optarg;
			break;
		case 'q':
			watch->options.quality = atoi(optarg);
			break;
		case 'c':
			watch->options.compression = atoi(optarg);
			break;
		default:
			usage();
		}
	}
	if (!watch->options.port || optind != argc ||
		(watch->path != NULL) == (watch->application > 0))
		usage();
}

static bool attach_workload(struct watch *watch)
{
	watch->timeline = timeline_open(watch->path, false);
	if (!watch->timeline || !timeline_wait(watch->timeline, TIMELINE_READY))
		return false;
	if (watch->timeline->reel.count > 0) {
		const void *reel =
			shmat(watch->timeline->reel.segment, NULL, SHM_RDONLY);
		watch->reel = reel == (void *)-1 ? NULL : reel;
	}
	return true;
}

static bool attach(struct watch *watch)
{
	if (watch->path && !attach_workload(watch))
		return false;
	watch->display = XOpenDisplay(watch->display_name);
	return watch->display != NULL;
}

int main(int argc, char **argv)
{
	struct watch watch = {
		.options = {
			.host = "127.0.0.1",
			.encodings = "copyrect tight zrle hextile zlib raw",
			.quality = 8,
			.compression = 2,
		},
		.seconds = 3,
	};
	read_options(&watch, argc, argv);
	if (!attach(&watch)) {
		fprintf(stderr, "no workload, or no display\n");
		return 1;
	}
	bool good = measure(&watch);
	if (!good)
		fprintf(stderr, "nothing was measured\n");
	viewer_close(watch.viewer);
	XCloseDisplay(watch.display);
	timeline_close(watch.timeline);
	sample_finish(&watch.ages);
	sample_finish(&watch.psnr);
	return good ? 0 : 1;
}
