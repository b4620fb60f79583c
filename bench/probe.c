/* probe - measures one VNC server from the outside and prints JSON.
 *
 * It connects as a viewer, draws on the X display that the server shares, and
 * times how what was drawn comes back. bench/run compares servers with it.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/cpu.h"
#include "bench/sample.h"
#include "bench/stage.h"
#include "bench/viewer.h"

enum {
	LOST_US = 5000000, /* a picture that has not come by then never will */
	MARK = STAGE_MARK / 2,
};

struct probe {
	struct viewer_options viewer_options;
	const char *display;
	pid_t server, x_server;
	unsigned flood_s, latency_count, film_s, idle_s;

	struct viewer *viewer;
	struct stage *stage;
	uint64_t start_us; /* before connecting */
};

/* What one scenario used. */
struct usage {
	uint64_t at_us, bytes;
	unsigned updates;
	double server_ms, x_server_ms;
};

static struct usage usage_now(const struct probe *probe)
{
	return (struct usage){
		.at_us = clock_us(),
		.bytes = viewer_bytes(probe->viewer),
		.updates = viewer_updates(probe->viewer),
		.server_ms = cpu_ms(probe->server),
		.x_server_ms = cpu_ms(probe->x_server),
	};
}

/* Ends the JSON object of a scenario with what it used since `start`. */
static void usage_print(const struct probe *probe, const struct usage *start)
{
	struct usage now = usage_now(probe);
	double seconds = (double)(now.at_us - start->at_us) / 1e6;
	printf(" \"seconds\": %.3f, \"bytes\": %llu, \"updates\": %u,"
	       " \"server_cpu_ms\": %.3f, \"x_cpu_ms\": %.3f }",
		seconds, (unsigned long long)(now.bytes - start->bytes),
		now.updates - start->updates, now.server_ms - start->server_ms,
		now.x_server_ms - start->x_server_ms);
}

/* Waits until every pixel came; false when the server keeps some back. */
static bool wait_covered(struct probe *probe)
{
	uint64_t end = clock_us() + LOST_US;
	while (!viewer_is_covered(probe->viewer)) {
		if (!viewer_wait(probe->viewer, 100000) || clock_us() > end)
			return false;
	}
	return true;
}

static bool measure_start(struct probe *probe)
{
	probe->start_us = clock_us();
	probe->viewer = viewer_open(&probe->viewer_options);
	if (!probe->viewer)
		return false;
	uint64_t open_us = clock_us();
	/* libvncclient has asked for everything already. */
	if (!wait_covered(probe)) {
		fprintf(stderr, "the first picture never came whole\n");
		return false;
	}
	printf("  \"width\": %d, \"height\": %d,\n",
		viewer_width(probe->viewer), viewer_height(probe->viewer));
	printf("  \"start\": { \"login_ms\": %.2f, \"picture_ms\": %.2f },\n",
		(double)(open_us - probe->start_us) / 1e3,
		(double)(clock_us() - probe->start_us) / 1e3);
	return true;
}

/* The whole picture again and again, the next as soon as one is decoded. */
static bool measure_flood(struct probe *probe)
{
	struct usage start = usage_now(probe);
	uint64_t end = start.at_us + probe->flood_s * 1000000ull;
	unsigned pictures = 0;
	while (clock_us() < end) {
		if (!viewer_request_all(probe->viewer) || !wait_covered(probe))
			return false;
		pictures++;
	}
	double seconds = (double)(clock_us() - start.at_us) / 1e6;
	uint64_t bytes = viewer_bytes(probe->viewer) - start.bytes;
	printf("  \"flood\": { \"pictures\": %u, \"per_second\": %.2f,"
	       " \"bytes_each\": %.0f,",
		pictures, pictures / seconds,
		pictures ? (double)bytes / pictures : 0.0);
	usage_print(probe, &start);
	printf(",\n");
	return true;
}

/* Lets the server rest for a moment that is never the same. */
static bool rest(struct probe *probe)
{
	uint64_t end = clock_us() + 30000 + (uint64_t)rand() % 70000;
	for (uint64_t now = clock_us(); now < end; now = clock_us()) {
		if (!viewer_wait(probe->viewer, end - now))
			return false;
	}
	return true;
}

/* From drawing a mark to its decoded pixels. */
static bool measure_latency(struct probe *probe)
{
	struct sample sample = { 0 };
	struct usage start = usage_now(probe);
	unsigned lost = 0;
	for (unsigned i = 0; i < probe->latency_count; i++) {
		/* A stride of 7 so that every channel changes much. */
		uint32_t colour = stage_film_colour(i * 7 + 5);
		if (!rest(probe))
			break;
		uint64_t drawn = clock_us();
		stage_mark(probe->stage, colour);
		while (!viewer_shows(probe->viewer, STAGE_X + MARK,
			STAGE_Y + MARK, colour)) {
			if (!viewer_wait(probe->viewer, 100000) ||
				clock_us() - drawn > LOST_US) {
				lost++;
				break;
			}
		}
		sample_add(&sample, (double)(clock_us() - drawn) / 1e3);
	}
	printf("  \"latency\": { \"count\": %zu, \"lost\": %u,"
	       " \"median_ms\": %.2f, \"p90_ms\": %.2f, \"p99_ms\": %.2f,",
		sample.count, lost, sample_quantile(&sample, 0.5),
		sample_quantile(&sample, 0.9), sample_quantile(&sample, 0.99));
	usage_print(probe, &start);
	printf(",\n");
	sample_finish(&sample);
	return viewer_wait(probe->viewer, 0);
}

/* How many pictures of a film arrive. */
static bool measure_film(struct probe *probe)
{
	stage_play(probe->stage);
	struct usage start = usage_now(probe);
	uint64_t end = start.at_us + probe->film_s * 1000000ull;
	unsigned arrived = 0;
	uint32_t before = 0;
	bool open = true;
	while (open && clock_us() < end) {
		open = viewer_wait(probe->viewer, 100000);
		uint32_t now = viewer_pixel(
			probe->viewer, STAGE_X + MARK, STAGE_Y + MARK);
		if (arrived == 0 || !viewer_shows(probe->viewer, STAGE_X + MARK,
					    STAGE_Y + MARK, before))
			arrived++;
		before = now;
	}
	double seconds = (double)(clock_us() - start.at_us) / 1e6;
	printf("  \"film\": { \"per_second\": %.2f,", arrived / seconds);
	usage_print(probe, &start);
	printf(",\n");
	unsigned shown = stage_pause(probe->stage);
	printf("  \"film_shown\": %u\n", shown);
	return open;
}

/* Nothing happens: what does waiting cost? */
static bool measure_idle(struct probe *probe)
{
	struct usage start = usage_now(probe);
	unsigned long sleeps = cpu_sleeps(probe->server);
	uint64_t end = start.at_us + probe->idle_s * 1000000ull;
	bool open = true;
	for (uint64_t now = clock_us(); open && now < end; now = clock_us())
		open = viewer_wait(probe->viewer, end - now);
	printf("  \"idle\": { \"wakeups\": %lu,",
		cpu_sleeps(probe->server) - sleeps);
	usage_print(probe, &start);
	printf(",\n");
	return open;
}

static void usage(void)
{
	fprintf(stderr,
		"usage: probe -p PORT [-h HOST] [-w] [-d DISPLAY] [-P "
		"PASSWORD]\n"
		"  -w           over WebSocket\n"
		"  -s PID       count the server's CPU time\n"
		"  -x PID       count the X server's CPU time\n"
		"  -e LIST      encodings, as libvncclient names them\n"
		"  -q N -c N    JPEG quality, compression (0-9)\n"
		"  -f SECONDS   whole pictures, -n COUNT marks, -m SECONDS "
		"film\n");
	exit(2);
}

static void read_options(struct probe *probe, int argc, char **argv)
{
	int letter;
	while ((letter = getopt(argc, argv, "h:p:wd:P:s:x:e:q:c:f:n:m:i:")) !=
		-1) {
		switch (letter) {
		case 'h':
			probe->viewer_options.host = optarg;
			break;
		case 'p':
			probe->viewer_options.port = optarg;
			break;
		case 'w':
			probe->viewer_options.websocket = true;
			break;
		case 'd':
			probe->display = optarg;
			break;
		case 'P':
			probe->viewer_options.password = optarg;
			break;
		case 's':
			probe->server = atoi(optarg);
			break;
		case 'x':
			probe->x_server = atoi(optarg);
			break;
		case 'e':
			probe->viewer_options.encodings = optarg;
			break;
		case 'q':
			probe->viewer_options.quality = atoi(optarg);
			break;
		case 'c':
			probe->viewer_options.compression = atoi(optarg);
			break;
		case 'f':
			probe->flood_s = (unsigned)atoi(optarg);
			break;
		case 'n':
			probe->latency_count = (unsigned)atoi(optarg);
			break;
		case 'm':
			probe->film_s = (unsigned)atoi(optarg);
			break;
		case 'i':
			probe->idle_s = (unsigned)atoi(optarg);
			break;
		default:
			usage();
		}
	}
	if (!probe->viewer_options.port || optind != argc)
		usage();
}

static bool measure(struct probe *probe)
{
	printf("{\n");
	bool good = measure_start(probe) && measure_flood(probe) &&
		    measure_latency(probe) && measure_idle(probe) &&
		    measure_film(probe);
	printf("}\n");
	return good;
}

int main(int argc, char **argv)
{
	struct probe probe = {
		.viewer_options = {
			.host = "127.0.0.1",
			.encodings = "copyrect tight zrle hextile zlib raw",
			.quality = 6,
			.compression = 2,
		},
		.flood_s = 5,
		.latency_count = 100,
		.film_s = 5,
		.idle_s = 3,
	};
	read_options(&probe, argc, argv);
	probe.stage = stage_open(probe.display);
	if (!probe.stage)
		return 1;
	bool good = measure(&probe);
	viewer_close(probe.viewer);
	stage_close(probe.stage);
	return good ? 0 : 1;
}
