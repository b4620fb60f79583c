/* flood - asks a server for as much as it can give, and prints JSON.
 *
 *     flood -p PORT -t TIMELINE ...
 *
 * Whole pictures of a workload that stands still, back to back; or with -i
 * what a running workload changes, to any number of viewers. Nothing is
 * decoded: what is measured is the server.
 */
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/xmalloc.h"
#include "bench/cpu.h"
#include "bench/skim.h"
#include "bench/timeline.h"

enum { VIEWERS_LIMIT = 256, FIRST_US = 10000000 };

struct flood {
	struct skim_options options;
	const char *path;
	pid_t server, x_server;
	unsigned seconds, viewers;
	unsigned stalled; /* of the viewers: they stop reading */
	bool beside;      /* somebody else measures: only be there */

	struct timeline *timeline;
	struct skim *skims[VIEWERS_LIMIT];
};

/* What was used up to a moment. */
struct usage {
	uint64_t at_us;
	struct skim_counts counts; /* of all viewers */
	double server_ms, x_server_ms;
};

static void add_part(
	struct skim_part *sum, const struct skim_part *part, int sign)
{
	sum->rectangles += (uint64_t)sign * part->rectangles;
	sum->pixels += (uint64_t)sign * part->pixels;
	sum->bytes += (uint64_t)sign * part->bytes;
}

static struct usage usage_now(const struct flood *flood)
{
	struct usage usage = {
		.at_us = clock_us(),
		.server_ms = cpu_ms(flood->server),
		.x_server_ms = cpu_ms(flood->x_server),
	};
	for (unsigned i = 0; i < flood->viewers; i++) {
		struct skim_counts counts = skim_counts(flood->skims[i]);
		usage.counts.bytes += counts.bytes;
		usage.counts.pixels += counts.pixels;
		usage.counts.updates += counts.updates;
		for (int kind = 0; kind < SKIM_KINDS; kind++)
			add_part(&usage.counts.parts[kind], &counts.parts[kind],
				1);
	}
	return usage;
}

static void sleep_us(uint64_t us)
{
	nanosleep(&(struct timespec){ .tv_sec = (time_t)(us / 1000000),
			  .tv_nsec = (long)(us % 1000000) * 1000 },
		NULL);
}

/* For those who look on beside it: they are as many as they will be. */
static bool stand_beside(struct flood *flood)
{
	unsigned i;

	for (i = 0; i < flood->stalled; i++)
		if (!skim_stall(flood->skims[i]))
			return false;
	printf("{ \"viewers\": %u, \"stalled\": %u }\n", flood->viewers,
		flood->stalled);
	fflush(stdout);
	sleep_us(flood->seconds * 1000000ull);
	return true;
}

static void *run(void *argument)
{
	while (skim_update(argument))
		;
	return NULL;
}

/* The threads end with the process. */
static bool open_viewers(struct flood *flood)
{
	for (unsigned i = 0; i < flood->viewers; i++) {
		pthread_t thread;
		flood->skims[i] = skim_open(&flood->options);
		if (!flood->skims[i] || pthread_create(&thread, NULL, run,
						flood->skims[i]) != 0)
			return false;
		pthread_detach(thread);
	}
	return true;
}

/* Everybody has seen everything once. */
static bool wait_covered(const struct flood *flood)
{
	uint64_t end = clock_us() + FIRST_US;
	for (unsigned i = 0; i < flood->viewers; i++) {
		const struct skim *skim = flood->skims[i];
		while (skim_counts(skim).pixels < skim_area(skim)) {
			if (clock_us() > end)
				return false;
			sleep_us(1000);
		}
	}
	return true;
}

static void print_parts(const struct usage *from, const struct usage *to)
{
	const char *comma = "";
	printf(" \"parts\": {");
	for (int kind = 0; kind < SKIM_KINDS; kind++) {
		struct skim_part part = to->counts.parts[kind];
		add_part(&part, &from->counts.parts[kind], -1);
		if (part.rectangles == 0)
			continue;
		printf("%s\n  \"%s\": { \"rectangles\": %llu,"
		       " \"pixels\": %llu, \"bytes\": %llu }",
			comma, skim_kind_name(kind),
			(unsigned long long)part.rectangles,
			(unsigned long long)part.pixels,
			(unsigned long long)part.bytes);
		comma = ",";
	}
	printf(" },\n");
}

static void print(const struct flood *flood, const struct usage *from,
	const struct usage *to)
{
	double pixels = (double)(to->counts.pixels - from->counts.pixels);
	printf("{ \"viewers\": %u, \"pictures\": %.2f, \"updates\": %u,"
	       " \"bytes\": %llu, \"seconds\": %.3f,\n"
	       " \"server_cpu_ms\": %.3f, \"x_cpu_ms\": %.3f,\n",
		flood->viewers, pixels / (double)skim_area(flood->skims[0]),
		to->counts.updates - from->counts.updates,
		(unsigned long long)(to->counts.bytes - from->counts.bytes),
		(double)(to->at_us - from->at_us) / 1e6,
		to->server_ms - from->server_ms,
		to->x_server_ms - from->x_server_ms);
	print_parts(from, to);
	printf(" \"peak_kb\": %lu }\n", cpu_peak_kb(flood->server));
}

static bool measure(struct flood *flood)
{
	if (!open_viewers(flood) || !wait_covered(flood)) {
		fprintf(stderr, "the first picture never came whole\n");
		return false;
	}
	if (flood->beside)
		return stand_beside(flood);
	if (flood->options.incremental)
		flood->timeline->state = TIMELINE_RUNNING;
	/* Past the first moments, which are not like the others. */
	sleep_us(200000);
	struct usage from = usage_now(flood);
	sleep_us(flood->seconds * 1000000ull);
	struct usage to = usage_now(flood);
	flood->timeline->state = TIMELINE_ENDING;
	print(flood, &from, &to);
	return true;
}

static void usage(void)
{
	fprintf(stderr,
		"usage: flood -p PORT -t TIMELINE [-h HOST]\n"
		"  -n SECONDS   how long (2)\n"
		"  -i           changes of a running workload\n"
		"  -v COUNT     viewers (1)\n"
		"  -b           only be there, while others measure\n"
		"  -z COUNT     so many of them stop reading\n"
		"  -s PID       count the server's CPU time and memory\n"
		"  -x PID       count the X server's CPU time\n"
		"  -e LIST      of raw copyrect tight zrle\n"
		"  -q N -c N    JPEG quality (-1: no JPEG), compression "
		"(0-9)\n");
	exit(2);
}

static void read_options(struct flood *flood, int argc, char **argv)
{
	int letter;
	while ((letter = getopt(argc, argv, "h:p:t:n:iv:bz:s:x:e:q:c:")) !=
		-1) {
		switch (letter) {
		case 'h':
			flood->options.host = optarg;
			break;
		case 'p':
			flood->options.port = optarg;
			break;
		case 't':
			flood->path = optarg;
			break;
		case 'n':
			flood->seconds = (unsigned)atoi(optarg);
			break;
		case 'i':
			flood->options.incremental = true;
			break;
		case 'v':
			flood->viewers = (unsigned)atoi(optarg);
			break;
		case 'b':
			flood->beside = true;
			break;
		case 'z':
			flood->stalled = (unsigned)atoi(optarg);
			break;
		case 's':
			flood->server = atoi(optarg);
			break;
		case 'x':
			flood->x_server = atoi(optarg);
			break;
		case 'e':
			flood->options.encodings = optarg;
			break;
		case 'q':
			flood->options.quality = atoi(optarg);
			break;
		case 'c':
			flood->options.compression = atoi(optarg);
			break;
		default:
			usage();
		}
	}
	if (!flood->options.port || !flood->path || optind != argc ||
		flood->viewers == 0 || flood->viewers > VIEWERS_LIMIT ||
		flood->stalled > flood->viewers)
		usage();
}

int main(int argc, char **argv)
{
	struct flood *flood = xcalloc(1, sizeof(*flood));
	flood->options = (struct skim_options){
		.host = "127.0.0.1",
		.encodings = "copyrect tight",
		.quality = 8,
		.compression = 2,
	};
	flood->seconds = 2;
	flood->viewers = 1;
	read_options(flood, argc, argv);
	flood->timeline = timeline_open(flood->path, false);
	if (!flood->timeline ||
		!timeline_wait(flood->timeline, TIMELINE_READY)) {
		fprintf(stderr, "no workload\n");
		return 1;
	}
	return measure(flood) ? 0 : 1;
}
