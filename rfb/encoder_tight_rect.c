/* encoder_tight_rect.c - Tight's lossless forms of one rectangle. */
#include "rfb/encoder_tight.h"

#include <assert.h>
#include <string.h>

#include "rfb/repeats.h"

enum {
	CONTROL_FILL = 0x80,
	CONTROL_FILTER = 0x40, /* a filter's number follows */
	FILTER_PALETTE = 1,
	FILTER_GRADIENT = 2,
	LEAST_DEFLATED = 12, /* fewer bytes go as they are, without length */
	/* A rectangle with too many colours is halved while it is larger, in
	 * the hope that each half has fewer. */
	LEAST_HALVED = 8192,
	/* Of zlib. Indices are few and repeat much: a tenth smaller at the next
	 * level for a twentieth of the time. */
	LEAST_INDEX_LEVEL = 2,
	LEAST_THOROUGH_LEVEL = 4, /* size counts more than time */
};

static void write_tpixels(
	const struct tight_job *job, const uint32_t *colours, int count)
{
	uint8_t bytes[COLOUR_PALETTE_MOST * TIGHT_MOST_PIXEL_BYTES];

	pixel_format_convert_tpixel(
		&job->settings->format, bytes, colours, (size_t)count);
	buffer_append(&job->to->bytes, bytes, (size_t)count * job->pixel_bytes);
}

void tight_rect_fill(
	const struct tight_job *job, struct rect rect, uint32_t colour)
{
	rect_writer_begin(job->to, rect, job->forms->encoding);
	buffer_u8(&job->to->bytes, CONTROL_FILL);
	write_tpixels(job, &colour, 1);
}

int tight_index_level(const struct tight_job *job)
{
	if (job->level >= LEAST_INDEX_LEVEL ||
		deflater_is_hurried(job->settings->compress_level))
		return job->level;
	return LEAST_INDEX_LEVEL;
}

void tight_length_insert(struct buffer *to, size_t offset)
{
	size_t count = buffer_length(to) - offset - TIGHT_LENGTH_ROOM;
	uint8_t *at = buffer_bytes(to) + offset;
	int used = 0;

	assert(count < 1 << 22);
	if (count < 1 << 7) {
		at[used++] = (uint8_t)count;
	} else if (count < 1 << 14) {
		at[used++] = (uint8_t)(count | 0x80);
		at[used++] = (uint8_t)(count >> 7);
	} else {
		at[used++] = (uint8_t)(count | 0x80);
		at[used++] = (uint8_t)(count >> 7 | 0x80);
		at[used++] = (uint8_t)(count >> 14);
	}
	if (used < TIGHT_LENGTH_ROOM) {
		memmove(at + used, at + TIGHT_LENGTH_ROOM, count);
		buffer_truncate(to, offset + (size_t)used + count);
	}
}

/* What follows a rectangle's control byte in a zlib stream. */
struct data {
	size_t count; /* of plain bytes */
	int level;    /* zlib's */
	bool is_dull;
	enum tight_stream stream;
};

static struct data data_of(
	const struct tight_job *job, int level, size_t count, bool is_dull)
{
	bool is_whole = job->settings->alone ||
			(!is_dull && whole_deflater_pays(level, count));

	return (struct data){ .count = count,
		.level = level,
		.is_dull = is_dull,
		.stream = is_whole ? TIGHT_STREAM_WHOLE : TIGHT_STREAM_MEMORY };
}

static struct data data_of_indices(const struct tight_job *job, size_t count)
{
	return data_of(job, tight_index_level(job), count, false);
}

static void write_data(const struct tight_job *job, const struct data *data,
	const uint8_t *bytes)
{
	struct tight *tight = job->tight;
	struct buffer *to = &job->to->bytes;
	static const uint8_t room[TIGHT_LENGTH_ROOM];
	size_t offset = buffer_length(to);

	if (data->count < LEAST_DEFLATED) {
		buffer_append(to, bytes, data->count);
		return;
	}
	buffer_append(to, room, sizeof(room));
	if (data->stream == TIGHT_STREAM_WHOLE)
		whole_deflater_write(
			&tight->whole, data->level, bytes, data->count, to);
	else if (data->is_dull)
		deflater_write_dull(
			&tight->memory, data->level, bytes, data->count, to);
	else
		deflater_write(
			&tight->memory, data->level, bytes, data->count, to);
	if (!to->failed)
		tight_length_insert(to, offset);
}

/* The compression-control byte: the stream, and whether it begins anew. */
static uint8_t control(const struct tight_job *job, enum tight_stream stream)
{
	int number = job->tight->first_stream + (int)stream;
	int reset = stream == TIGHT_STREAM_WHOLE ? 1 << number : 0;

	return (uint8_t)(number << 4 | reset);
}

static void write_palette_head(
	const struct tight_job *job, struct rect rect, const struct data *data)
{
	const struct colour_palette *palette = &job->tight->palette;

	rect_writer_begin(job->to, rect, ENCODING_TIGHT);
	buffer_u8(&job->to->bytes, control(job, data->stream) | CONTROL_FILTER);
	buffer_u8(&job->to->bytes, FILTER_PALETTE);
	buffer_u8(&job->to->bytes, (uint8_t)(palette->count - 1));
	write_tpixels(job, palette->colours, palette->count);
}

/* A bit a pixel, the first highest, rows beginning on a byte. */
static void write_mono(const struct tight_job *job, struct rect rect)
{
	struct tight *tight = job->tight;
	uint32_t set = tight->palette.colours[1];
	size_t row_bytes = ((size_t)rect.width + 7) / 8;
	struct data data =
		data_of_indices(job, row_bytes * (size_t)rect.height);
	uint8_t *out = tight->bytes;

	for (int y = 0; y < rect.height; y++) {
		const uint32_t *row = tight->pixels + y * rect.width;
		int x = 0;

		for (; x + 8 <= rect.width; x += 8) {
			unsigned byte = 0;

			for (int i = 0; i < 8; i++)
				byte = byte << 1 | (row[x + i] == set);
			*out++ = (uint8_t)byte;
		}
		if (x < rect.width) {
			unsigned byte = 0;
			int left = rect.width - x;

			for (int i = 0; i < left; i++)
				byte = byte << 1 | (row[x + i] == set);
			*out++ = (uint8_t)(byte << (8 - left));
		}
	}
	write_palette_head(job, rect, &data);
	write_data(job, &data, tight->bytes);
}

void tight_rect_load(const struct tight_job *job, struct rect rect)
{
	for (int y = 0; y < rect.height; y++)
		pixel_format_reduce(&job->settings->format,
			job->tight->pixels + y * rect.width,
			frame_row(job->frame, rect.y + y) + rect.x,
			(size_t)rect.width);
}

/* Where zlib need not search: size counts more than time at a high level. */
static bool is_dull(const struct tight_job *job, struct rect rect)
{
	return job->level < LEAST_THOROUGH_LEVEL && job->pixel_bytes >= 3 &&
	       repeats_are_rare(job->frame, rect);
}

/* The rectangle's TPIXELs, to tight->bytes; gives their count in bytes. */
static size_t load_tpixels(const struct tight_job *job, struct rect rect)
{
	size_t row = (size_t)rect.width * job->pixel_bytes;

	assert(rect.width * rect.height <= TIGHT_MOST_PIXELS);
	for (int y = 0; y < rect.height; y++)
		pixel_format_convert_tpixel(&job->settings->format,
			job->tight->bytes + (size_t)y * row,
			frame_row(job->frame, rect.y + y) + rect.x,
			(size_t)rect.width);
	return row * (size_t)rect.height;
}

static void write_pixels(
	const struct tight_job *job, struct rect rect, bool is_dull)
{
	size_t count = load_tpixels(job, rect);
	struct data data = data_of(job, job->level, count, is_dull);

	rect_writer_begin(job->to, rect, ENCODING_TIGHT);
	buffer_u8(&job->to->bytes, control(job, data.stream));
	write_data(job, &data, job->tight->bytes);
}

/* Whether the gradient's guesses were hardly better than none, as in noise. */
static bool is_noise(const uint8_t *filtered, size_t count)
{
	enum { LOOKS = 512, NEAR = 32 };
	size_t step = count / LOOKS + 1;
	size_t looks = 0, near = 0;

	for (size_t i = 0; i < count; i += step) {
		near += (uint8_t)(filtered[i] + NEAR) < 2 * NEAR;
		looks++;
	}
	return near * 2 < looks;
}

static void write_gradient(const struct tight_job *job, struct rect rect)
{
	size_t count = load_tpixels(job, rect);
	/* The pixels are needed no more. */
	uint8_t *filtered = (uint8_t *)job->tight->pixels;
	struct data data;

	tight_gradient_filter(
		filtered, job->tight->bytes, rect.width, rect.height);
	data = data_of(job, job->level, count,
		job->level < LEAST_THOROUGH_LEVEL && is_noise(filtered, count));
	rect_writer_begin(job->to, rect, ENCODING_TIGHT);
	buffer_u8(&job->to->bytes, control(job, data.stream) | CONTROL_FILTER);
	buffer_u8(&job->to->bytes, FILTER_GRADIENT);
	write_data(job, &data, filtered);
}

void tight_rect_full(const struct tight_job *job, struct rect rect)
{
	if (job->settings->gradient && job->pixel_bytes == 3)
		write_gradient(job, rect);
	else
		write_pixels(job, rect, is_dull(job, rect));
}

/* They go uncompressed. */
int tight_rect_most_colours(int pixels)
{
	int most = pixels / 4 + 2;

	return most < COLOUR_PALETTE_MOST ? most : COLOUR_PALETTE_MOST;
}

static void write_halves(const struct tight_job *job, struct rect rect)
{
	struct rect first = rect, second = rect;

	if (rect.width >= 2 * TIGHT_CELL_WIDTH) {
		int cells = rect.width / TIGHT_CELL_WIDTH;

		first.width = (cells + 1) / 2 * TIGHT_CELL_WIDTH;
		second.x += first.width;
		second.width -= first.width;
	} else {
		first.height = rect.height / 2;
		second.y += first.height;
		second.height -= first.height;
	}
	tight_rect_flat(job, first);
	if (!rect_is_empty(second))
		tight_rect_flat(job, second);
}

/* 1, 2, or 3 for more; where it is 2, the palette holds them. Most text is of
 * two, and this is many times as fast as numbering each pixel. */
static int count_to_three(struct tight *tight, int count)
{
	enum { STEP = 2048 }; /* pixels between looks */
	const uint32_t *pixels = tight->pixels;
	uint32_t first = pixels[0], second;
	int at = 1;

	while (at < count && pixels[at] == first)
		at++;
	if (at == count)
		return 1;
	second = pixels[at];
	while (at < count) {
		int end = at + STEP < count ? at + STEP : count;
		uint32_t others = 0;

#pragma omp simd reduction(| : others)
		for (int i = at; i < end; i++)
			others |= (uint32_t)((pixels[i] != first) &
					     (pixels[i] != second));
		if (others)
			return 3;
		at = end;
	}
	colour_palette_init(&tight->palette, 2);
	colour_palette_index(&tight->palette, first);
	colour_palette_index(&tight->palette, second);
	return 2;
}

static void write_colours(const struct tight_job *job, struct rect rect)
{
	struct tight *tight = job->tight;
	int count = rect.width * rect.height;
	int most = tight_rect_most_colours(count);

	if (job->pixel_bytes == 1) {
		/* An index is no shorter than a pixel. */
		write_pixels(job, rect, false);
		return;
	}
	colour_palette_init(&tight->palette, most);
	if (colour_palette_index_row(
		    &tight->palette, tight->pixels, count, tight->bytes)) {
		struct data data = data_of_indices(job, (size_t)count);

		write_palette_head(job, rect, &data);
		write_data(job, &data, tight->bytes);
	} else if (count > LEAST_HALVED) {
		write_halves(job, rect);
	} else {
		write_pixels(job, rect, false);
	}
}

void tight_rect_flat(const struct tight_job *job, struct rect rect)
{
	struct tight *tight = job->tight;
	int count = rect.width * rect.height;

	assert(count <= TIGHT_MOST_PIXELS);
	tight_rect_load(job, rect);
	switch (count_to_three(tight, count)) {
	case 1:
		tight_rect_fill(job, rect, tight->pixels[0]);
		break;
	case 2:
		write_mono(job, rect);
		break;
	default:
		write_colours(job, rect);
	}
}
