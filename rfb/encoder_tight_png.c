/* encoder_tight_png.c - Tight with PNG in place of its own lossless forms
 * (rfbproto, "TightPNG Encoding"). Only old noVNC lists it. */
#include "rfb/encoder_tight.h"

#include "rfb/png.h"

enum { CONTROL_PNG = 0xa0 };

static void write_png(const struct tight_job *job, struct rect rect,
	const struct png *png, int level)
{
	static const uint8_t room[TIGHT_LENGTH_ROOM];
	struct buffer *to = &job->to->bytes;
	size_t offset;

	rect_writer_begin(job->to, rect, job->forms->encoding);
	buffer_u8(to, CONTROL_PNG);
	offset = buffer_length(to);
	buffer_append(to, room, sizeof(room));
	png_write(png, &job->tight->whole, level, to);
	if (!to->failed)
		tight_length_insert(to, offset);
}

static int bits_for(int colours)
{
	return colours <= 2 ? 1 : colours <= 4 ? 2 : colours <= 16 ? 4 : 8;
}

/* A byte an index becomes `bits`, behind the row's filter. */
static uint8_t *pack_row(
	uint8_t *out, const uint8_t *indices, int width, int bits)
{
	unsigned byte = 0, filled = 0;

	*out++ = PNG_FILTER_NONE;
	for (int x = 0; x < width; x++) {
		byte = byte << bits | indices[x];
		filled += (unsigned)bits;
		if (filled == 8) {
			*out++ = (uint8_t)byte;
			byte = filled = 0;
		}
	}
	if (filled > 0)
		*out++ = (uint8_t)(byte << (8 - filled));
	return out;
}

/* The indices are in tight->bytes; the pixels are needed no more, and their
 * place takes the rows. */
static void write_indexed(const struct tight_job *job, struct rect rect)
{
	struct tight *tight = job->tight;
	uint8_t *rows = (uint8_t *)tight->pixels;
	int bits = bits_for(tight->palette.count);
	struct png png = { .width = rect.width,
		.height = rect.height,
		.bits = bits,
		.colours = tight->palette.colours,
		.colour_count = tight->palette.count,
		.rows = rows };

	for (int y = 0; y < rect.height; y++)
		rows = pack_row(
			rows, tight->bytes + y * rect.width, rect.width, bits);
	write_png(job, rect, &png, tight_index_level(job));
}

static void subtract_left(uint8_t *row, size_t count)
{
	for (size_t i = count; i-- > 3;)
		row[i] = (uint8_t)(row[i] - row[i - 3]);
}

/* From tight->pixels. The default format's TPIXELs are R, G, B. */
static void write_rgb(
	const struct tight_job *job, struct rect rect, enum png_filter filter)
{
	struct pixel_format rgb = pixel_format_default();
	size_t row_bytes = png_row_bytes(rect.width, PNG_RGB_BITS);
	struct tight *tight = job->tight;
	struct png png = { .width = rect.width,
		.height = rect.height,
		.bits = PNG_RGB_BITS,
		.rows = tight->bytes };

	for (int y = 0; y < rect.height; y++) {
		uint8_t *row = tight->bytes + (size_t)y * row_bytes;

		row[0] = filter;
		pixel_format_convert_tpixel(&rgb, row + 1,
			tight->pixels + y * rect.width, (size_t)rect.width);
		if (filter == PNG_FILTER_SUB)
			subtract_left(row + 1, row_bytes - 1);
	}
	write_png(job, rect, &png, job->level);
}

static void write_flat(const struct tight_job *job, struct rect rect)
{
	struct tight *tight = job->tight;
	int count = rect.width * rect.height;

	tight_rect_load(job, rect);
	colour_palette_init(&tight->palette, tight_rect_most_colours(count));
	if (!colour_palette_index_row(
		    &tight->palette, tight->pixels, count, tight->bytes))
		write_rgb(job, rect, PNG_FILTER_NONE);
	else if (tight->palette.count == 1)
		tight_rect_fill(job, rect, tight->pixels[0]);
	else
		write_indexed(job, rect);
}

static void write_full(const struct tight_job *job, struct rect rect)
{
	tight_rect_load(job, rect);
	write_rgb(job, rect, PNG_FILTER_SUB);
}

static const struct tight_forms forms = {
	.encoding = ENCODING_TIGHT_PNG,
	.solid = tight_rect_fill,
	.flat = write_flat,
	.full = write_full,
	.jpeg = tight_jpeg_write,
};

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	tight_encode_area(state, &forms, settings, frame, area, to);
}

const struct encoder encoder_tight_png = {
	.name = "tightpng",
	.number = ENCODING_TIGHT_PNG,
	.traits = ENCODER_JPEG | ENCODER_BEHIND_TIGHT,
	.state_create = tight_state_create,
	.state_destroy = tight_state_destroy,
	.encode = encode,
};
