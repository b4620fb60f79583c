#include "rfb/rre_rect.h"

#include "rfb/colour_palette.h"
#include "rfb/raw_pixels.h"
#include "rfb/subrect.h"

enum {
	/* Small enough that text beside a picture keeps a rectangle of its
	 * own, large enough that 8192x8192 can be counted. CoRRE's bytes allow
	 * 255. */
	SIDE = 64,
	PIXELS = SIDE * SIDE,
	MOST_PIXEL_BYTES = 4,
};

struct scratch {
	uint32_t pixels[PIXELS]; /* reduced */
	struct colour_palette palette;
	uint8_t subrects[PIXELS * MOST_PIXEL_BYTES];
};

struct job {
	struct scratch *scratch;
	const struct pixel_format *format;
	size_t pixel_bytes;
	bool is_compact; /* CoRRE: places and sizes in bytes */
	uint32_t background;
};

static void load(
	const struct job *job, const struct frame *frame, struct rect rect)
{
	for (int y = 0; y < rect.height; y++)
		pixel_format_reduce(job->format,
			job->scratch->pixels + y * rect.width,
			frame_row(frame, rect.y + y) + rect.x,
			(size_t)rect.width);
}

/* The most common of the first so many colours. */
static uint32_t find_background(struct scratch *scratch, int count)
{
	struct colour_palette *palette = &scratch->palette;
	int counts[COLOUR_PALETTE_MOST] = { 0 };
	int best = 0;

	colour_palette_init(palette, COLOUR_PALETTE_MOST);
	for (int i = 0; i < count; i++) {
		int index = colour_palette_index(palette, scratch->pixels[i]);

		if (index >= 0)
			counts[index]++;
	}
	for (int i = 1; i < palette->count; i++)
		if (counts[i] > counts[best])
			best = i;
	return palette->colours[best];
}

static uint8_t *write_number(const struct job *job, uint8_t *out, int value)
{
	if (!job->is_compact)
		*out++ = (uint8_t)(value >> 8);
	*out++ = (uint8_t)value;
	return out;
}

static uint8_t *write_subrect(
	const struct job *job, uint8_t *out, uint32_t colour, struct rect rect)
{
	pixel_format_convert(job->format, out, &colour, 1);
	out += job->pixel_bytes;
	out = write_number(job, out, rect.x);
	out = write_number(job, out, rect.y);
	out = write_number(job, out, rect.width);
	return write_number(job, out, rect.height);
}

/* Writes to scratch->subrects what is not background, and counts it; returns
 * the bytes, or `most` where it would take so many or more. */
static size_t find_subrects(const struct job *job, int width, int height,
	size_t most, uint32_t *count)
{
	const struct subrect_field field = { job->scratch->pixels, width,
		height };
	size_t each = job->pixel_bytes + (job->is_compact ? 4 : 8);
	uint8_t *out = job->scratch->subrects;
	size_t used = 0;

	*count = 0;
	for (int at = 0; at < width * height; at++) {
		uint32_t colour = field.pixels[at];
		struct rect rect;

		if (colour == job->background)
			continue;
		used += each;
		if (used >= most)
			return most;
		rect = subrect_grow(&field, at % width, at / width);
		out = write_subrect(job, out, colour, rect);
		subrect_fill(&field, rect, job->background);
		++*count;
	}
	return used;
}

static void encode_rect(struct job *job, int32_t encoding,
	const struct frame *frame, struct rect rect, struct rect_writer *to)
{
	size_t raw = (size_t)(rect.width * rect.height) * job->pixel_bytes;
	uint8_t background[MOST_PIXEL_BYTES];
	uint32_t count;
	size_t used;

	load(job, frame, rect);
	job->background =
		find_background(job->scratch, rect.width * rect.height);
	used = find_subrects(job, rect.width, rect.height, raw, &count);
	if (used == raw) {
		rect_writer_begin(to, rect, ENCODING_RAW);
		raw_pixels_append(job->format, frame, rect, &to->bytes);
		return;
	}
	rect_writer_begin(to, rect, encoding);
	buffer_u32(&to->bytes, count);
	pixel_format_convert(job->format, background, &job->background, 1);
	buffer_append(&to->bytes, background, job->pixel_bytes);
	buffer_append(&to->bytes, job->scratch->subrects, used);
}

void rre_rect_encode_area(const struct encode_settings *settings,
	int32_t encoding, const struct frame *frame, struct rect area,
	struct rect_writer *to)
{
	struct scratch scratch;
	struct job job = { .scratch = &scratch,
		.format = &settings->format,
		.pixel_bytes = settings->format.bits_per_pixel / 8,
		.is_compact = encoding == ENCODING_CORRE };

	for (int y = 0; y < area.height; y += SIDE)
		for (int x = 0; x < area.width; x += SIDE) {
			struct rect rect = { area.x + x, area.y + y, SIDE,
				SIDE };

			encode_rect(&job, encoding, frame,
				rect_intersect(rect, area), to);
		}
}
