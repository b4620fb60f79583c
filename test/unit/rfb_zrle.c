/* The tiles of ZRLE and TRLE: every width, height and count of colours is read
 * back, and those for ZRLE are what zlib makes small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rfb/deflater.h"
#include "rfb/encoder.h"
#include "rfb/run_tile.h"
#include "test/unit/rfb_decoder.h"
#include "test/unit/rfb_pictures.h"

extern const struct encoder encoder_zrle, encoder_trle;

/* Mostly runs, some of them many rows long. */
static void draw_runs(struct frame *frame, uint32_t colours, uint32_t *seed)
{
	uint32_t *pixels = (uint32_t *)(void *)frame->pixels;
	size_t count = frame->stride / 4 * (size_t)frame->height;
	uint32_t sticks = 2 + picture_random(seed) % 60;
	uint32_t colour = 0;

	for (size_t i = 0; i < count; i++) {
		if (picture_random(seed) % sticks == 0)
			colour = picture_random(seed) % colours * 0x010307;
		pixels[i] = colour;
	}
}

static void read_back(const struct encoder *encoder, void *state,
	struct decoder *decoder, const struct frame *frame)
{
	struct encode_settings settings = { .format = decoder->format,
		.compress_level = -1 };
	struct rect_writer writer = { 0 };
	struct canvas canvas;

	canvas_init(&canvas, frame->width, frame->height);
	encoder->encode(state, &settings, frame, frame_rect(frame), &writer);
	assert_true(decoder_rects(decoder, buffer_bytes(&writer.bytes),
		buffer_length(&writer.bytes), writer.count, &canvas));
	for (int y = 0; y < frame->height; y++)
		for (int x = 0; x < frame->width; x++)
			assert_int_equal(canvas.values[y * frame->width + x],
				pixel_format_value(&settings.format,
					frame_row(frame, y)[x]));
	rect_writer_finish(&writer);
	canvas_finish(&canvas);
}

static void every_tile_is_read_back(void **state)
{
	static const uint32_t colours[] = { 1, 2, 3, 4, 5, 16, 17, 60, 127, 128,
		140, 100000 };
	static const int heights[] = { 1, 2, 7, 64 };
	struct pixel_format format = pixel_format_default();
	void *zrle = encoder_zrle.state_create();
	struct decoder decoder;
	uint32_t seed = 5;

	(void)state;
	decoder_init(&decoder, &format);
	for (int width = 1; width <= RUN_TILE_MOST_SIDE; width++)
		for (size_t i = 0; i < sizeof(heights) / sizeof(heights[0]);
			i++) {
			struct frame *frame = frame_create(width, heights[i]);
			size_t most = sizeof(colours) / sizeof(colours[0]);

			for (size_t c = 0; c < most; c++) {
				draw_runs(frame, colours[c], &seed);
				read_back(&encoder_zrle, zrle, &decoder, frame);
				read_back(&encoder_trle, NULL, &decoder, frame);
			}
			frame_unref(frame);
		}
	for (int form = DECODED_ZRLE_RAW; form <= DECODED_TRLE_INDEXED_RUNS;
		form++)
		assert_true(decoder.forms[form] > 0);
	decoder_finish(&decoder);
	encoder_zrle.state_destroy(zrle);
}

enum { WIDTH = 1280, HEIGHT = 1024 };

/* A picture's tiles, and how many bytes zlib makes of them. */
static size_t deflated_size(
	enum run_tile_aim aim, enum picture picture, size_t *plain_size)
{
	struct frame *frame = picture_frame(WIDTH, HEIGHT, picture, 5);
	struct pixel_format format = pixel_format_default();
	struct buffer plain = { 0 }, packed = { 0 };
	struct deflater deflater = { 0 };
	static struct run_tile tile;
	size_t size;

	for (int y = 0; y < HEIGHT; y += RUN_TILE_MOST_SIDE)
		for (int x = 0; x < WIDTH; x += RUN_TILE_MOST_SIDE) {
			run_tile_look(&tile, aim, &format, frame,
				(struct rect){ x, y, RUN_TILE_MOST_SIDE,
					RUN_TILE_MOST_SIDE });
			run_tile_write(&tile, &format, &plain);
		}
	deflater_write(&deflater, DEFLATER_LEVEL_TILES, buffer_bytes(&plain),
		buffer_length(&plain), &packed);
	*plain_size = buffer_length(&plain);
	size = buffer_length(&packed);
	buffer_finish(&plain);
	buffer_finish(&packed);
	deflater_finish(&deflater);
	frame_unref(frame);
	return size;
}

static void tiles_are_chosen_for_zlib(void **state)
{
	static const enum picture pictures[] = { PICTURE_TEXT,
		PICTURE_SOFT_TEXT, PICTURE_FEW };

	(void)state;
	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
		size_t fewest, most;
		size_t without = deflated_size(
			RUN_TILE_FEWEST_BYTES, pictures[i], &fewest);
		size_t with =
			deflated_size(RUN_TILE_DEFLATED, pictures[i], &most);

		assert_true(fewest <= most);
		assert_true(with <= without);
		if (pictures[i] == PICTURE_SOFT_TEXT)
			assert_true(with * 20 < without * 19);
	}
}

static size_t encoded_size(enum picture picture, int compress_level)
{
	struct encode_settings settings = { .format = pixel_format_default(),
		.compress_level = compress_level };
	struct frame *frame = picture_frame(WIDTH, HEIGHT, picture, 5);
	void *zrle = encoder_zrle.state_create();
	struct rect_writer writer = { 0 };
	size_t length;

	encoder_zrle.encode(zrle, &settings, frame, frame_rect(frame), &writer);
	length = buffer_length(&writer.bytes);
	rect_writer_finish(&writer);
	encoder_zrle.state_destroy(zrle);
	frame_unref(frame);
	return length;
}

/* Noise is as large at each, but for what blocks take. */
static void slider_makes_smaller(void **state)
{
	(void)state;
	for (int picture = PICTURE_TEXT; picture < PICTURE_COUNT; picture++) {
		size_t small = encoded_size((enum picture)picture, 9);
		size_t fast = encoded_size((enum picture)picture, 2);

		assert_true(picture == PICTURE_NOISE
				    ? small / 1000 <= fast / 1000
				    : small <= fast);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_tile_is_read_back),
		cmocka_unit_test(tiles_are_chosen_for_zlib),
		cmocka_unit_test(slider_makes_smaller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
