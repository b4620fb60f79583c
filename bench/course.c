#include "bench/course.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "rfb/encoder.h"
#include "test/unit/rfb_decoder.h"

double course_thread_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

double course_median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), by_size);
	return values[count / 2];
}

static double error_of(const struct frame *frame, const struct canvas *canvas)
{
	double sum = 0;

	for (int y = 0; y < frame->height; y++)
		for (int x = 0; x < frame->width; x++) {
			uint32_t a = frame_row(frame, y)[x];
			uint32_t b = canvas->values[y * canvas->width + x];

			for (unsigned shift = 0; shift < 24; shift += 8) {
				int by = (int)(a >> shift & 255) -
					 (int)(b >> shift & 255);

				sum += by * by;
			}
		}
	return sum / ((double)frame->width * frame->height * 3);
}

bool course_judge(const struct frame *frame, const uint8_t *bytes,
	size_t length, unsigned count, double *psnr)
{
	struct pixel_format format = pixel_format_default();
	struct decoder decoder;
	struct canvas canvas;
	bool good;

	decoder_init(&decoder, &format);
	canvas_init(&canvas, frame->width, frame->height);
	good = decoder_rects(&decoder, bytes, length, count, &canvas);
	if (good) {
		double error = error_of(frame, &canvas);

		*psnr = error > 0 ? 10 * log10(255 * 255 / error) : INFINITY;
	}
	decoder_finish(&decoder);
	canvas_finish(&canvas);
	return good;
}

static const struct encoder *encoder_of(int32_t number)
{
	for (int i = 0; encoder_table[i] != NULL; i++)
		if (encoder_table[i]->number == number)
			return encoder_table[i];
	return NULL;
}

static struct encode_settings settings_of(const struct course *course)
{
	struct pixel_format format = pixel_format_default();
	struct encoding_list list = { .count = 0 };

	list.numbers[list.count++] = course->encoding;
	if (course->quality != 0)
		list.numbers[list.count++] = course->quality;
	if (course->compress != 0)
		list.numbers[list.count++] = course->compress;
	return encode_settings_from(&list, &format);
}

bool course_run(const struct course *course, const struct frame *frame,
	int rounds, struct course_result *result)
{
	const struct encoder *encoder = encoder_of(course->encoding);
	struct encode_settings settings = settings_of(course);
	struct rect_writer writer = { 0 };
	double times[COURSE_MOST_ROUNDS];
	double total = 0;
	void *state;
	bool good = true;

	if (encoder == NULL)
		return false;
	state = encoder->state_create ? encoder->state_create() : NULL;
	for (int i = 0; i < rounds && good; i++) {
		double begun;

		buffer_clear(&writer.bytes);
		buffer_clear(&writer.lossy);
		writer.count = 0;
		begun = course_thread_ms();
		encoder->encode(
			state, &settings, frame, frame_rect(frame), &writer);
		times[i] = course_thread_ms() - begun;
		total += (double)buffer_length(&writer.bytes);
		if (i == 0)
			good = course_judge(frame, buffer_bytes(&writer.bytes),
				buffer_length(&writer.bytes), writer.count,
				&result->psnr);
	}
	result->ms = course_median(times, rounds);
	result->bytes = total / rounds;
	rect_writer_finish(&writer);
	if (encoder->state_destroy)
		encoder->state_destroy(state);
	return good;
}
