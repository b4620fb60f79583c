/* The judge is somebody else's decoder: libvncclient over a socketpair, behind
 * a server of a few lines whose updates our encoders made. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <turbojpeg.h>
#include <unistd.h>

#include <cmocka.h>
#include <rfb/rfbclient.h>

#include "base/xmalloc.h"
#include "rfb/cursor.h"
#include "rfb/encoder.h"
#include "test/unit/rfb_pictures.h"
#include "test/unit/vncclient_format.h"

/* What the server says, all of it at once: handshake, then updates. A thread
 * writes it, since a socket holds less. */
struct script {
	struct buffer bytes;
	int socket;
	pthread_t writer;
};

static void *write_script(void *argument)
{
	struct script *script = argument;
	size_t done = 0, length = buffer_length(&script->bytes);

	while (done < length) {
		ssize_t wrote = send(script->socket,
			buffer_bytes(&script->bytes) + done, length - done,
			MSG_NOSIGNAL);

		if (wrote <= 0)
			break;
		done += (size_t)wrote;
	}
	return NULL;
}

static void say_hello(struct script *script, int width, int height)
{
	struct pixel_format format = pixel_format_default();
	struct buffer *to = &script->bytes;

	buffer_text(to, "RFB 003.008\n");
	buffer_u8(to, 1); /* one security type: */
	buffer_u8(to, 1); /* none */
	buffer_u32(to, 0);
	buffer_u16(to, (uint16_t)width);
	buffer_u16(to, (uint16_t)height);
	pixel_format_write(&format, to);
	buffer_u32(to, 4);
	buffer_text(to, "test");
}

static void say_update(struct script *script, struct rect_writer *writer)
{
	assert_false(writer->bytes.failed);
	buffer_u8(&script->bytes, 0);
	buffer_u8(&script->bytes, 0);
	buffer_u16(&script->bytes, (uint16_t)writer->count);
	buffer_append(&script->bytes, buffer_bytes(&writer->bytes),
		buffer_length(&writer->bytes));
	rect_writer_finish(writer);
}

static void say_nothing(const char *format, ...)
{
	(void)format;
}

/* Plays the script's handshake; updates wait to be read. */
static rfbClient *client_open(
	struct script *script, const struct pixel_format *format)
{
	rfbClient *client = rfbGetClient(8, 3, 4);
	int sockets[2];

	assert_non_null(client);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	script->socket = sockets[0];
	client->sock = sockets[1];
	vncclient_format_set(client, format);
	client->appData.encodingsString =
		"tight zrle trle zlib hextile corre rre raw";
	client->appData.useRemoteCursor = TRUE;
	client->canHandleNewFBSize = FALSE;
	assert_int_equal(
		pthread_create(&script->writer, NULL, write_script, script), 0);
	assert_true(InitialiseRFBConnection(client));
	client->width = client->si.framebufferWidth;
	client->height = client->si.framebufferHeight;
	assert_true(client->MallocFrameBuffer(client));
	assert_true(SetFormatAndEncodings(client));
	return client;
}

static void client_close(rfbClient *client, struct script *script)
{
	uint8_t *pixels = client->frameBuffer;

	shutdown(script->socket, SHUT_RDWR);
	pthread_join(script->writer, NULL);
	close(script->socket);
	/* libvncclient leaves these to its user, as it does the pixels. */
	free(client->rcSource);
	free(client->rcMask);
	tjDestroy(client->tjhnd);
	client->rcSource = client->rcMask = NULL;
	client->tjhnd = NULL;
	rfbClientCleanup(client);
	free(pixels);
	buffer_finish(&script->bytes);
}

/* Without the bits that no colour uses: libvncclient leaves the next byte of
 * the stream there. */
static uint32_t shown(const rfbClient *client,
	const struct pixel_format *format, int x, int y)
{
	unsigned bytes = format->bits_per_pixel / 8;
	const uint8_t *at =
		client->frameBuffer +
		((size_t)y * (size_t)client->width + (size_t)x) * bytes;
	uint32_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value = value << 8 | at[format->big_endian ? i : bytes - 1 - i];
	return value &
	       ((uint32_t)format->red_max << format->red_shift |
		       (uint32_t)format->green_max << format->green_shift |
		       (uint32_t)format->blue_max << format->blue_shift);
}

struct scene {
	const struct encoder *encoder;
	const struct picture_format *format;
	enum picture picture;
	int width, height;
	int jpeg_quality;
	int updates; /* the first of everything, others of small areas */
};

static struct rect area_of(const struct scene *scene, int update)
{
	uint32_t seed = (uint32_t)update;
	struct rect area = { 0, 0, scene->width, scene->height };

	if (update == 0)
		return area;
	area.x = (int)(picture_random(&seed) % (uint32_t)scene->width);
	area.y = (int)(picture_random(&seed) % (uint32_t)scene->height);
	area.width = 1 + (int)(picture_random(&seed) % 90);
	area.height = 1 + (int)(picture_random(&seed) % 90);
	return rect_intersect(
		area, (struct rect){ 0, 0, scene->width, scene->height });
}

/* The new picture shows only where it was sent. */
static void copy_area(
	struct frame *to, const struct frame *from, struct rect area)
{
	for (int y = area.y; y < area.y + area.height; y++)
		memcpy(to->pixels + (size_t)y * to->stride + (size_t)area.x * 4,
			frame_row(from, y) + area.x, (size_t)area.width * 4);
}

static struct frame *say_scene(struct script *script, const struct scene *scene)
{
	const struct encoder *encoder = scene->encoder;
	void *state = encoder->state_create ? encoder->state_create() : NULL;
	struct frame *now =
		picture_frame(scene->width, scene->height, PICTURE_SOLID, 0);
	struct encode_settings settings = { .format = scene->format->format,
		.jpeg_quality = scene->jpeg_quality,
		.compress_level = -1 };

	say_hello(script, scene->width, scene->height);
	for (int update = 0; update < scene->updates; update++) {
		struct rect area = area_of(scene, update);
		struct frame *next = picture_frame(scene->width, scene->height,
			scene->picture, (uint32_t)update);
		struct rect_writer writer = { 0 };

		copy_area(now, next, area);
		encoder->encode(state, &settings, now, area, &writer);
		say_update(script, &writer);
		frame_unref(next);
	}
	if (encoder->state_destroy)
		encoder->state_destroy(state);
	return now;
}

static void check_scene(const struct scene *scene, const rfbClient *client,
	const struct frame *frame)
{
	const struct pixel_format *format = &scene->format->format;

	for (int y = 0; y < scene->height; y++)
		for (int x = 0; x < scene->width; x++) {
			uint32_t wanted = pixel_format_value(
				format, frame_colour(frame_row(frame, y)[x]));
			uint32_t got = shown(client, format, x, y);

			if (got != wanted)
				fail_msg(
					"%s, %s, %s, %dx%d: %d,%d shows %x "
					"and not %x",
					scene->encoder->name,
					scene->format->name,
					picture_names[scene->picture],
					scene->width, scene->height, x, y, got,
					wanted);
		}
}

static void play(const struct scene *scene)
{
	struct script script = { 0 };
	struct frame *frame = say_scene(&script, scene);
	rfbClient *client = client_open(&script, &scene->format->format);

	for (int i = 0; i < scene->updates; i++)
		if (!HandleRFBServerMessage(client))
			fail_msg("%s, %s, %s, %dx%d: refused update %d",
				scene->encoder->name, scene->format->name,
				picture_names[scene->picture], scene->width,
				scene->height, i);
	check_scene(scene, client, frame);
	client_close(client, &script);
	frame_unref(frame);
}

/* libvncclient 0.9.14 decodes 32 bpp big-endian ZRLE, TRLE and Tight wrongly
 * (and ZRLE in later versions too); test/unit/rfb_encoders reads those back
 * with our own decoder. */
static bool client_is_wrong(const struct scene *scene)
{
	return scene->format->format.bits_per_pixel == 32 &&
	       scene->format->format.big_endian &&
	       (scene->encoder->number == ENCODING_ZRLE ||
		       scene->encoder->number == ENCODING_TRLE ||
		       scene->encoder->number == ENCODING_TIGHT);
}

/* It has no decoder for these; test/browser and the tests of test/blackbox read
 * what they write. */
static bool client_knows(const struct encoder *encoder)
{
	return encoder->number != ENCODING_TIGHT_PNG &&
	       encoder->number != ENCODING_JPEG;
}

static void play_formats(struct scene scene)
{
	for (int f = 0; f < PICTURE_FORMATS; f++) {
		scene.format = &picture_formats[f];
		if (client_knows(scene.encoder) && !client_is_wrong(&scene))
			play(&scene);
	}
}

static void every_picture_in_every_format(void **state)
{
	(void)state;
	for (int e = 0; e < ENCODER_COUNT; e++)
		for (int p = 0; p < PICTURE_COUNT; p++)
			play_formats(
				(struct scene){ .encoder = encoder_table[e],
					.picture = (enum picture)p,
					.width = 323,
					.height = 201,
					.updates = 12 });
}

static void every_size(void **state)
{
	static const int sizes[][2] = { { 1, 1 }, { 1, 333 }, { 333, 1 },
		{ 5, 2 }, { 17, 64 }, { 2049, 40 }, { 65, 400 } };

	(void)state;
	for (int e = 0; e < ENCODER_COUNT; e++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
			for (int p = 0; p < PICTURE_COUNT; p++)
				play_formats((struct scene){
					.encoder = encoder_table[e],
					.picture = (enum picture)p,
					.width = sizes[s][0],
					.height = sizes[s][1],
					.updates = 3 });
}

static double level(uint32_t value, uint32_t shift, uint32_t max)
{
	return (double)(value >> shift & max) * 255 / max;
}

static double square(double value)
{
	return value * value;
}

static double mean_error(const struct scene *scene, const rfbClient *client,
	const struct frame *frame, struct rect area)
{
	const struct pixel_format *format = &scene->format->format;
	double sum = 0;

	for (int y = area.y; y < area.y + area.height; y++)
		for (int x = area.x; x < area.x + area.width; x++) {
			uint32_t pixel = frame_row(frame, y)[x];
			uint32_t got = shown(client, format, x, y);

			sum += square(
				level(got, format->red_shift, format->red_max) -
				(pixel >> 16 & 255));
			sum += square(level(got, format->green_shift,
					      format->green_max) -
				      (pixel >> 8 & 255));
			sum += square(level(got, format->blue_shift,
					      format->blue_max) -
				      (pixel & 255));
		}
	return sum / (3.0 * area.width * area.height);
}

static void check_text(const struct scene *scene, const rfbClient *client,
	const struct frame *frame, struct rect text)
{
	const struct pixel_format *format = &scene->format->format;

	for (int y = text.y; y < text.y + text.height; y++)
		for (int x = text.x; x < text.x + text.width; x++)
			assert_int_equal(shown(client, format, x, y),
				pixel_format_value(format,
					frame_colour(frame_row(frame, y)[x])));
}

/* libvncclient 0.9.14 stores a JPEG's pixels in its host's byte order, and
 * knows no shifts above 16. The bytes are the same for all formats. */
static bool jpeg_is_wrong(const struct picture_format *format)
{
	return format->format.big_endian || format->format.red_shift == 24;
}

/* 30 dB, where the format itself can do that; and something must have gone as
 * JPEG, or the test says nothing. */
static void jpeg_in_every_format(void **state)
{
	struct scene scene = { .encoder = encoder_table[0],
		.picture = PICTURE_MIXED,
		.width = 640,
		.height = 512,
		.jpeg_quality = 85,
		.updates = 1 };

	(void)state;
	assert_string_equal(scene.encoder->name, "tight");
	for (int f = 2; f < PICTURE_FORMATS; f++) {
		struct script script = { 0 };
		struct frame *frame;
		rfbClient *client;
		double error;

		scene.format = &picture_formats[f];
		if (jpeg_is_wrong(scene.format))
			continue;
		frame = say_scene(&script, &scene);
		client = client_open(&script, &scene.format->format);
		assert_true(HandleRFBServerMessage(client));
		check_text(&scene, client, frame, picture_mixed_text(frame));
		error = mean_error(
			&scene, client, frame, picture_mixed_photo(frame));
		assert_true(error > 0.5);
		assert_true(error < 65);
		client_close(client, &script);
		frame_unref(frame);
	}
}

struct shape {
	int hot_x, hot_y, width, height;
	int got;
	uint8_t pixels[64 * 4];
	uint8_t mask[64];
};

static void take_shape(rfbClient *client, int hot_x, int hot_y, int width,
	int height, int bytes)
{
	struct shape *shape = rfbClientGetClientData(client, take_shape);
	size_t count = (size_t)width * (size_t)height;

	assert_true(count <= sizeof(shape->mask));
	shape->hot_x = hot_x;
	shape->hot_y = hot_y;
	shape->width = width;
	shape->height = height;
	shape->got++;
	memcpy(shape->pixels, client->rcSource, count * (size_t)bytes);
	memcpy(shape->mask, client->rcMask, count);
}

static struct cursor_image *half_arrow(void)
{
	struct cursor_image *image = cursor_image_create(9, 3);

	image->hot_x = 2;
	image->hot_y = 1;
	for (int i = 0; i < 27; i++)
		image->pixels[i] = i % 2 == 0   ? 0xffff8000
				   : i % 3 == 0 ? 0x20202020
						: 0x80000080;
	return image;
}

static void show_shape(
	int32_t number, const struct pixel_format *format, struct shape *shape)
{
	struct cursor_image *image = half_arrow();
	struct encoding_list list = { 0 };
	struct rect_writer writer = { 0 };
	struct script script = { 0 };
	rfbClient *client;

	encoding_list_add(&list, number);
	say_hello(&script, 20, 20);
	cursor_write(cursor_form_choose(&list), image, format, &writer);
	say_update(&script, &writer);
	client = client_open(&script, format);
	rfbClientSetClientData(client, take_shape, shape);
	client->GotCursorShape = take_shape;
	assert_true(HandleRFBServerMessage(client));
	client_close(client, &script);
	cursor_image_unref(image);
	assert_int_equal(shape->got, 1);
	assert_int_equal(shape->hot_x, 2);
	assert_int_equal(shape->hot_y, 1);
	assert_int_equal(shape->width, 9);
	assert_int_equal(shape->height, 3);
}

static void pointer_in_every_format(void **state)
{
	(void)state;
	for (int f = 0; f < PICTURE_FORMATS; f++) {
		const struct pixel_format *format = &picture_formats[f].format;
		size_t bytes = format->bits_per_pixel / 8;
		struct cursor_image *image = half_arrow();
		struct shape shape = { 0 };

		show_shape(ENCODING_CURSOR, format, &shape);
		for (size_t i = 0; i < 27; i++) {
			uint32_t colour = i % 2 == 0   ? 0xff8000
					  : i % 3 == 0 ? 0xffffff
						       : 0x0000ff;
			uint8_t wanted[4];

			pixel_format_convert(format, wanted, &colour, 1);
			assert_memory_equal(
				shape.pixels + i * bytes, wanted, bytes);
			assert_int_equal(
				shape.mask[i], image->pixels[i] >> 24 >= 128);
		}
		cursor_image_unref(image);
	}
}

static void pointer_of_two_colours(void **state)
{
	const struct pixel_format *format = &picture_formats[5].format;
	struct shape shape = { 0 };

	(void)state;
	show_shape(ENCODING_X_CURSOR, format, &shape);
	for (size_t i = 0; i < 27; i++) {
		uint32_t value;

		memcpy(&value, shape.pixels + i * 4, 4);
		assert_int_equal(shape.mask[i], i % 2 == 0 || i % 3 != 0);
		if (shape.mask[i])
			assert_int_equal(
				value, i % 2 == 0 ? 0xff8000 : 0x0000ff);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_picture_in_every_format),
		cmocka_unit_test(every_size),
		cmocka_unit_test(jpeg_in_every_format),
		cmocka_unit_test(pointer_in_every_format),
		cmocka_unit_test(pointer_of_two_colours),
	};

	rfbClientLog = say_nothing;
	rfbClientErr = say_nothing;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
