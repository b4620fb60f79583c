/* Moving pictures fit themselves to the line, and come back; nothing is sent
 * that the viewer does not allow. */
#include "test/unit/session_fixture.h"

#include "rfb/encoder.h"
#include "rfb/quality.h"

enum { MS = 1000, SECOND = 1000 * MS, MOST_DROP = 6 };

/* ---- a line and a film, without a clock ---- */

struct film {
	struct quality quality;
	uint64_t now_us;
	uint64_t line_bytes; /* a second */
	uint32_t random;
	int changes, most_drop, least_drop;
};

/* What a picture takes at each step below the viewer's. */
static const uint64_t picture_bytes[MOST_DROP + 1] = { 140000, 100000, 55000,
	44000, 29000, 24000, 19000 };

static uint64_t next_bytes(struct film *film)
{
	uint64_t bytes = picture_bytes[film->quality.drop];

	/* A quarter more or less: what is seen changes. */
	film->random = film->random * 1103515245 + 12345;
	return bytes * 3 / 4 + bytes * (film->random >> 16 & 255) / 512;
}

/* As the window has it: a picture when the line has carried the one before,
 * and at most 30 a second. */
static void play(struct film *film, uint64_t seconds)
{
	uint64_t end_us = film->now_us + seconds * SECOND;

	film->changes = film->most_drop = 0;
	film->least_drop = MOST_DROP;
	while (film->now_us < end_us) {
		uint64_t bytes = next_bytes(film);
		uint64_t cost_us = bytes * SECOND / film->line_bytes;
		int drop = film->quality.drop;

		film->now_us += cost_us > 33 * MS ? cost_us : 33 * MS;
		quality_sent(&film->quality, bytes, film->line_bytes, MOST_DROP,
			film->now_us);
		film->changes += film->quality.drop != drop;
		if (film->quality.drop > film->most_drop)
			film->most_drop = film->quality.drop;
		if (film->quality.drop < film->least_drop)
			film->least_drop = film->quality.drop;
	}
}

static void test_fast_line(void **state)
{
	struct film film = { .now_us = SECOND, .line_bytes = 12500000 };

	(void)state;
	play(&film, 60);
	assert_int_equal(film.most_drop, 0);
}

static void test_down_and_up(void **state)
{
	struct film film = { .now_us = SECOND, .line_bytes = 12500000 };

	(void)state;
	play(&film, 5);
	film.line_bytes = 625000; /* 5 Mbit/s: 224 ms a picture */
	play(&film, 3);
	assert_true(film.quality.drop >= 3);
	/* It has found its place. */
	play(&film, 60);
	assert_true(film.least_drop > 0);
	assert_true(film.most_drop - film.least_drop <= 1);
	assert_in_range(film.changes, 0, 2);
	film.line_bytes = 12500000;
	play(&film, 20);
	assert_int_equal(film.quality.drop, 0);
	play(&film, 60);
	assert_int_equal(film.changes, 0);
}

/* Wherever the line is, the quality does not swing. */
static void test_every_line_comes_to_rest(void **state)
{
	uint64_t line_bytes;

	(void)state;
	for (line_bytes = 50000; line_bytes < 20000000;
		line_bytes += line_bytes / 7) {
		struct film film = { .now_us = SECOND,
			.line_bytes = line_bytes };

		play(&film, 10);
		play(&film, 60);
		assert_in_range(film.changes, 0, 3);
		assert_true(film.most_drop - film.least_drop <= 1);
	}
}

static void test_hopeless_line(void **state)
{
	struct film film = { .now_us = SECOND, .line_bytes = 20000 };

	(void)state;
	play(&film, 20);
	assert_int_equal(film.quality.drop, MOST_DROP);
	quality_sent(&film.quality, 1 << 30, 0, MOST_DROP, film.now_us);
	quality_sent(&film.quality, 1 << 30, 20000, 2, film.now_us + SECOND);
	assert_int_equal(film.quality.drop, 2); /* the viewer's wish sank */
}

/* ---- what steps mean ---- */

static struct encode_settings settings_for(const int32_t *numbers, int count)
{
	static const struct pixel_format format = { .bits_per_pixel = 32,
		.depth = 24,
		.true_colour = 1,
		.red_max = 255,
		.green_max = 255,
		.blue_max = 255,
		.red_shift = 16,
		.green_shift = 8 };
	struct encoding_list list = { 0 };

	while (count-- > 0)
		encoding_list_add(&list, *numbers++);
	return encode_settings_from(&list, &format);
}

static void test_limits(void **state)
{
	static const int32_t eight[] = { 7, -24 }, gray[] = { 7, -765, -24 },
			     none[] = { 7 };
	struct encode_settings settings = settings_for(eight, 2), before;

	(void)state;
	assert_int_equal(encode_settings_step(&settings), 8);
	before = settings;
	encode_settings_limit(&settings, 9);
	encode_settings_limit(&settings, 8);
	assert_int_equal(settings.jpeg_quality, before.jpeg_quality);
	assert_int_equal(settings.jpeg_subsampling, before.jpeg_subsampling);
	encode_settings_limit(&settings, 3);
	assert_true(
		settings.jpeg_soft_subsampling >= settings.jpeg_subsampling);
	assert_int_equal(encode_settings_step(&settings), 3);
	assert_true(settings.jpeg_quality < before.jpeg_quality);
	assert_true(settings.jpeg_subsampling > before.jpeg_subsampling);
	encode_settings_limit(&settings, 7); /* never up */
	assert_int_equal(encode_settings_step(&settings), 3);
	settings = settings_for(gray, 3);
	before = settings;
	encode_settings_limit(&settings, 2);
	assert_int_equal(settings.jpeg_subsampling, before.jpeg_subsampling);
	settings = settings_for(none, 1);
	encode_settings_limit(&settings, 0);
	assert_int_equal(settings.jpeg_quality, 0);
}

/* ---- a session ---- */

#define TIGHT_EIGHT "\2\0\0\2\0\0\0\7\xff\xff\xff\xe8"
#define TIGHT_LOSSLESS "\2\0\0\1\0\0\0\7"
#define ALL_AT_ONCE "\3\0\0\0\0\0\0\x40\0\x30"

/* The picture again, as something that moves; its bytes. */
static size_t send_picture(struct fixture *f, struct update *update)
{
	size_t length;

	fixture_end(f, update);
	length = buffer_length(&f->recorder.sent);
	buffer_clear(&f->recorder.sent);
	return length;
}

static size_t move(struct fixture *f)
{
	SAY(f->session, ALL_AT_ONCE);
	return send_picture(f, session_begin_update(f->session, f->frame));
}

static size_t refresh(struct fixture *f)
{
	SAY(f->session, "\3\1\0\0\0\0\0\x40\0\x30");
	session_age_lossy(f->session);
	session_age_lossy(f->session);
	assert_true(session_has_refresh(f->session));
	return send_picture(f, session_begin_refresh(f->session, f->frame));
}

static void test_slow_line(void **state)
{
	struct fixture *f = *state;
	size_t wished, lowered;
	int i;

	f->config.least_quality = 2;
	fixture_log_in(f);
	fixture_paint_photo(f);
	SAY(f->session, TIGHT_EIGHT);
	wished = move(f);
	assert_int_equal(move(f), wished);
	f->recorder.line.bytes_per_s = 3000;
	for (i = 0; i < 8; i++)
		lowered = move(f);
	assert_true(lowered < wished * 3 / 4);
	/* After quiet at the viewer's quality, and then without loss. */
	assert_int_equal(refresh(f), wished);
	assert_int_not_equal(refresh(f), wished);
	assert_false(session_is_lossy(f->session));
	/* A picture that did not move yet is as the viewer wants it. */
	assert_int_equal(move(f), wished);
	assert_true(move(f) < wished);
}

static void test_bound(void **state)
{
	struct fixture *f = *state;
	size_t wished;
	int i;

	f->config.least_quality = 9;
	fixture_log_in(f);
	fixture_paint_photo(f);
	SAY(f->session, TIGHT_EIGHT);
	wished = move(f);
	f->recorder.line.bytes_per_s = 3000;
	for (i = 0; i < 8; i++)
		assert_int_equal(move(f), wished);
}

static void test_most(void **state)
{
	struct fixture *f = *state;
	size_t limited;

	f->config.most_quality = 3;
	fixture_log_in(f);
	fixture_paint_photo(f);
	SAY(f->session, TIGHT_EIGHT);
	limited = move(f);
	f->config.most_quality = 9;
	SAY(f->session, TIGHT_EIGHT);
	assert_true(limited < move(f));
}

/* A viewer that lists no quality never gets JPEG, however slow its line. */
static void test_lossless_stays_lossless(void **state)
{
	struct fixture *f = *state;
	int i;

	fixture_log_in(f);
	fixture_paint_photo(f);
	SAY(f->session, TIGHT_LOSSLESS);
	f->recorder.line.bytes_per_s = 3000;
	for (i = 0; i < 8; i++)
		move(f);
	/* Of what is asked for. */
	SAY(f->session, ALL_AT_ONCE);
	assert_false(session_is_lossy(f->session));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fast_line),
		cmocka_unit_test(test_down_and_up),
		cmocka_unit_test(test_every_line_comes_to_rest),
		cmocka_unit_test(test_hopeless_line),
		cmocka_unit_test(test_limits),
		SESSION_TEST(test_slow_line),
		SESSION_TEST(test_bound),
		SESSION_TEST(test_most),
		SESSION_TEST(test_lossless_stays_lossless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
