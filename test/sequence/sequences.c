/* sequences - draws, scrolls and moves at random, and compares what viewers
 * show with the X screen, pixel by pixel.
 *
 *     test/sequences [-p PROGRAM] N [SEED [OPTION...]]
 *
 * N sequences on an X server of its own; some viewers at a time, half of them
 * libvncclient and half with the decoder of our tests, each with an encoding
 * and a pixel format; all pairs of these come in turn. SEED is the first
 * sequence's (1), the next has the next number: what is drawn depends on it
 * alone. PROGRAM is $X11WSVNC, or the x11wsvnc of the directory it is started
 * in; OPTIONs are for it.
 *
 * Prints TAP, one test for each crew of viewers.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <X11/Xutil.h>

#include "base/clock.h"
#include "test/sequence/artist.h"
#include "test/sequence/onlooker.h"
#include "test/sequence/program.h"
#include "test/unit/rfb_pictures.h"
#include "test/unit/x11_server.h"

enum {
	SEQUENCES = 10, /* with one crew */
	CREW = 4,
	PUMP_US = 5000,
	MOST_PAUSE_US = 20000,
	PATIENCE_US = 60000000, /* a guard against hanging */
};

struct member {
	const struct onlooker_kind *kind;
	struct onlooker_wish wish;
	const char *format_name;
	struct onlooker *onlooker;
	struct pixel_format format; /* effective */
	uint32_t colour_bits;
	bool equal; /* to the screen as it is now */
};

struct test {
	struct x11_server *server;
	struct program *program;
	struct artist *artist;
	XImage *screen;
	struct member crew[CREW];
	unsigned seed, done;
	const char *last_act;
};

/* ---- who looks on ---- */

static const struct wish {
	const char *encoding;
	int quality;
} ours[] = {
	{ "tight", -1 },
	{ "zrle", -1 },
	{ "hextile", -1 },
	{ "tightpng", -1 },
	{ "trle", -1 },
	{ "rre", -1 },
	{ "zlib", -1 },
	{ "tight", 6 },
	{ "corre", -1 },
	{ "raw", -1 },
	{ "jpeg", 3 },
}, theirs[] = {
	{ "zrle", -1 },
	{ "tight", -1 },
	{ "zlib", -1 },
	{ "hextile", -1 },
	{ "tight", 8 },
	{ "trle", -1 },
	{ "corre", -1 },
	{ "rre", -1 },
	{ "raw", -1 },
};

enum {
	OURS = sizeof(ours) / sizeof(ours[0]),
	THEIRS = sizeof(theirs) / sizeof(theirs[0]),
};

static struct picture_format format_of(unsigned turn, bool is_ours)
{
	static const struct picture_format mapped = { "8 bpp mapped",
		{ .bits_per_pixel = 8, .depth = 8 } };
	unsigned formats = is_ours ? PICTURE_FORMATS + 1 : PICTURE_FORMATS;
	unsigned which = turn % formats;

	return which < PICTURE_FORMATS ? picture_formats[which] : mapped;
}

/* libvncclient knows no other byte order than its machine's, and no colours in
 * the high bytes where it reads three. */
static bool suits(const struct pixel_format *format, bool is_ours)
{
	return is_ours || (!format->big_endian && format->red_shift != 24);
}

/* All pairs of encoding and format come within so many turns as there are
 * pairs, since the format moves on by one more each time round. */
static void choose(struct member *member, unsigned turn, bool is_ours)
{
	unsigned count = is_ours ? OURS : THEIRS;
	const struct wish *wish = &(is_ours ? ours : theirs)[turn % count];
	unsigned at = turn + turn / count;
	struct picture_format format = format_of(at, is_ours);

	while (!suits(&format.format, is_ours))
		format = format_of(++at, is_ours);
	member->kind = is_ours ? &onlooker_ours : &onlooker_vncclient;
	member->format_name = format.name;
	member->format = pixel_format_effective(&format.format);
	member->colour_bits = pixel_format_value(&member->format, 0xffffff);
	member->wish = (struct onlooker_wish){
		.encoding = wish->encoding,
		.quality = wish->quality,
		.copies = turn % 5 != 4,
		.pushed = is_ours && turn % 2 == 0,
		.format = format.format,
	};
}

static void describe(const struct member *member)
{
	printf("%s, %s quality %d%s%s, %s", member->kind->name,
		member->wish.encoding, member->wish.quality,
		member->wish.copies ? "" : ", no copies",
		member->wish.pushed ? ", pushed" : "", member->format_name);
}

/* ---- one sequence ---- */

static bool pump(struct member *member, unsigned wait_us)
{
	unsigned before = member->kind->updates(member->onlooker);

	if (!member->kind->pump(member->onlooker, wait_us))
		return false;
	if (member->kind->updates(member->onlooker) != before)
		member->equal = false;
	return true;
}

/* Some look on while it happens, others miss a part of it. */
static bool pump_some(struct test *test)
{
	for (int i = 0; i < CREW; i++)
		if (artist_chance(test->artist, 3) == 0 &&
			!pump(&test->crew[i], 0))
			return false;
	return true;
}

static int count_wrong(const struct test *test, const struct member *member,
	int *first_x, int *first_y)
{
	const XImage *screen = test->screen;
	int wrong = 0;

	for (int y = 0; y < screen->height; y++) {
		const uint32_t *row = (const uint32_t
				*)(screen->data +
				   (size_t)y * (size_t)screen->bytes_per_line);

		for (int x = 0; x < screen->width; x++) {
			uint32_t want =
				pixel_format_value(&member->format, row[x]);
			uint32_t got =
				member->kind->value(member->onlooker, x, y);

			if (((want ^ got) & member->colour_bits) == 0)
				continue;
			if (wrong++ == 0) {
				*first_x = x;
				*first_y = y;
			}
		}
	}
	return wrong;
}

static void look_at_screen(struct test *test)
{
	Display *x = test->server->other;
	int screen = DefaultScreen(x);

	if (test->screen != NULL)
		XDestroyImage(test->screen);
	test->screen = XGetImage(x, DefaultRootWindow(x), 0, 0,
		(unsigned)DisplayWidth(x, screen),
		(unsigned)DisplayHeight(x, screen), AllPlanes, ZPixmap);
}

static bool complain(const struct test *test, const struct member *member)
{
	int x = 0, y = 0;
	int wrong = count_wrong(test, member, &x, &y);

	printf("# sequence %u, after %s: %d pixels wrong, the first at %d, "
	       "%d: ",
		test->seed, test->last_act, wrong, x, y);
	describe(member);
	printf("\n");
	return false;
}

static bool becomes_equal(struct test *test, struct member *member)
{
	uint64_t end = clock_us() + PATIENCE_US;
	unsigned seen;
	int x, y;

	do {
		seen = member->kind->updates(member->onlooker);
		if (count_wrong(test, member, &x, &y) == 0)
			return member->equal = true;
		while (member->kind->updates(member->onlooker) == seen)
			if (clock_us() >= end || !pump(member, PUMP_US))
				return complain(test, member);
	} while (true);
}

/* What has come meanwhile must have changed nothing. */
static bool all_become_equal(struct test *test)
{
	for (int i = 0; i < CREW; i++)
		test->crew[i].equal = false;
	for (int i = 0; i < CREW; i++)
		if (!becomes_equal(test, &test->crew[i]))
			return false;
	for (int i = 0; i < CREW; i++)
		if (!pump(&test->crew[i], 0) ||
			(!test->crew[i].equal &&
				!becomes_equal(test, &test->crew[i])))
			return false;
	return true;
}

static bool run_sequence(struct test *test)
{
	const char *act;

	artist_begin(test->artist, test->seed);
	while ((act = artist_act(test->artist)) != NULL) {
		test->last_act = act;
		if (artist_chance(test->artist, 3) == 0)
			usleep((unsigned)artist_chance(
				test->artist, MOST_PAUSE_US));
		if (!pump_some(test))
			return complain(test, &test->crew[0]);
	}
	XSync(test->server->other, False);
	look_at_screen(test);
	return all_become_equal(test);
}

/* ---- all of them ---- */

static bool open_crew(struct test *test, unsigned turn)
{
	bool good = true;

	for (unsigned i = 0; i < CREW; i++) {
		struct member *member = &test->crew[i];

		choose(member, turn * (CREW / 2) + i / 2, i % 2 == 0);
		member->onlooker =
			member->kind->open(test->program->port, &member->wish);
		good = good && member->onlooker != NULL;
	}
	return good;
}

static void close_crew(struct test *test)
{
	for (int i = 0; i < CREW; i++)
		if (test->crew[i].onlooker != NULL)
			test->crew[i].kind->close(test->crew[i].onlooker);
}

/* One test: a crew, and so many sequences. */
static bool run_crew(struct test *test, unsigned number, unsigned count)
{
	unsigned first = test->seed;
	bool good = open_crew(test, first / SEQUENCES);

	for (unsigned i = 0; i < count && good; i++, test->seed++) {
		good = run_sequence(test);
		test->done += good;
	}
	printf("%sok %u - from %u on", good ? "" : "not ", number, first);
	for (int i = 0; i < CREW; i++) {
		printf(i == 0 ? ": " : "; ");
		describe(&test->crew[i]);
	}
	printf("\n");
	fflush(stdout);
	close_crew(test);
	test->seed = first + count;
	return good;
}

static int run(const char *path, unsigned count, unsigned seed, char **options)
{
	struct test test = { .seed = seed, .last_act = "nothing" };
	unsigned crews = (count + SEQUENCES - 1) / SEQUENCES, bad = 0;
	char screen[64];
	int status;

	/* Odd, so that no edge lies on any grid. */
	snprintf(screen, sizeof(screen), "-noreset -screen 0 %dx%dx24",
		401 + (int)(seed % 8) * 2, 301);
	test.server = x11_server_start("Xvfb", screen);
	test.program = program_start(path, test.server->display, options);
	test.artist = artist_open(test.server->other);
	printf("1..%u\n", crews);
	for (unsigned i = 0; i < crews; i++) {
		unsigned left = count - i * SEQUENCES;

		bad += !run_crew(
			&test, i + 1, left < SEQUENCES ? left : SEQUENCES);
	}
	artist_close(test.artist);
	if (test.screen != NULL)
		XDestroyImage(test.screen);
	status = program_stop(test.program);
	x11_server_stop(test.server);
	printf("# %u sequences equal, %u crews saw something else; the program"
	       " ended with %d\n",
		test.done, bad, status);
	return bad > 0 || status != 0;
}

int main(int argc, char **argv)
{
	const char *path = getenv("X11WSVNC");
	char **left;
	int letter;

	while ((letter = getopt(argc, argv, "+p:")) != -1) {
		if (letter != 'p')
			return 2;
		path = optarg;
	}
	left = argv + optind;
	if (left[0] == NULL || atoi(left[0]) <= 0) {
		fprintf(stderr,
			"usage: sequences [-p PROGRAM] N [SEED "
			"[OPTION...]]\n");
		return 2;
	}
	return run(path != NULL ? path : "./x11wsvnc", (unsigned)atoi(left[0]),
		left[1] != NULL ? (unsigned)atoi(left[1]) : 1,
		left[1] != NULL ? left + 2 : left + 1);
}
