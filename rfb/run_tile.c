#include "rfb/run_tile.h"

#include <assert.h>
#include <string.h>

enum {
	MOST_PIXEL_BYTES = 4,
	/* What is written in whole words goes on so far behind its end. */
	SLACK = 8,
	/* Above, only 17..127 that RFC 6143 leaves unused are missing. */
	MOST_PACKED_COLOURS = 16,
	MOST_RUN_COLOURS = 127,
	RUNS_AT_ONCE = 64, /* whose pixels are converted */
};

enum subencoding {
	RAW = 0,
	SOLID = 1,         /* also: the count of a packed palette */
	PLAIN_RLE = 128,   /* plus the count of a palette */
	RUN_FOLLOWS = 128, /* in a palette index */
};

struct job {
	const struct pixel_format *format;
	size_t pixel_bytes; /* of a CPIXEL */
	const struct run_tile *tile;
};

/* What a byte of each form weighs. Deflated, a packed palette is smaller than
 * runs of a third of its bytes: a letter is the same bytes in it, whatever
 * stands beside it. The same holds of pixels as they are, but less. Sorted
 * colours have the same numbers in all tiles that have the same colours.
 * Together 5 to 12 % of text, pages and drawings. */
static const struct weights {
	size_t raw, packed, runs;
	bool sorted;
} weights_for[] = {
	[RUN_TILE_FEWEST_BYTES] = { 1, 1, 1, false },
	[RUN_TILE_DEFLATED] = { 9, 4, 12, true },
};

static void tile_load(struct run_tile *tile, const struct pixel_format *format,
	const struct frame *frame, struct rect place)
{
	tile->width = place.width;
	tile->height = place.height;
	tile->count = place.width * place.height;
	for (int y = 0; y < place.height; y++)
		pixel_format_reduce(format, tile->pixels + y * place.width,
			frame_row(frame, place.y + y) + place.x,
			(size_t)place.width);
	memset(tile->pixels + tile->count, 0,
		RUN_TILE_WORD * sizeof(tile->pixels[0]));
}

/* Eight bytes of 0 or 1, the first as the lowest bit. */
static uint64_t gather_bits(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, 8);
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		word = __builtin_bswap64(word);
	return word * 0x0102040810204080u >> 56;
}

/* How many are set; the builtin is a call where processors of every age are
 * built for. */
static int count_bits(uint64_t word)
{
	word -= word >> 1 & 0x5555555555555555u;
	word = (word & 0x3333333333333333u) + (word >> 2 & 0x3333333333333333u);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fu;
	return (int)(word * 0x0101010101010101u >> 56);
}

static uint64_t find_ends(const uint32_t *pixels)
{
	uint8_t differs[RUN_TILE_WORD];
	uint64_t ends = 0;

#pragma omp simd
	for (int i = 0; i < RUN_TILE_WORD; i++)
		differs[i] = pixels[i] != pixels[i + 1];
	for (int i = 0; i < RUN_TILE_WORD; i += 8)
		ends |= gather_bits(differs + i) << i;
	return ends;
}

/* And counts the runs. */
static void tile_find_ends(struct run_tile *tile)
{
	int last = (tile->count - 1) / RUN_TILE_WORD;
	int rest = (tile->count - 1) % RUN_TILE_WORD;
	uint64_t before = 1; /* the first pixel begins a run */

	tile->run_count = tile->single_runs = 0;
	for (int i = 0; i <= last; i++) {
		uint64_t ends = find_ends(tile->pixels + i * RUN_TILE_WORD);

		if (i == last) {
			ends |= UINT64_C(1) << rest;
			ends &= UINT64_MAX >> (RUN_TILE_WORD - 1 - rest);
		}
		tile->ends[i] = ends;
		tile->run_count += count_bits(ends);
		tile->single_runs += count_bits(ends & (ends << 1 | before));
		before = ends >> (RUN_TILE_WORD - 1);
	}
}

static void tile_fill_run(
	struct run_tile *tile, struct run *run, int start, int end)
{
	int index = 0;

	if (tile->has_palette) {
		index = colour_palette_index(
			&tile->palette, tile->pixels[start]);
		tile->has_palette = index >= 0;
	}
	run->length = (uint16_t)(end - start);
	run->index = (uint8_t)index;
	tile->extra_bytes += (end - start - 1) / 255;
}

/* False where there are so many runs that they cannot pay (then the rest is
 * not looked at). */
static bool tile_list_runs(struct run_tile *tile, size_t pixel_bytes)
{
	int most_runs =
		(int)((size_t)tile->count * pixel_bytes / (pixel_bytes + 1));
	struct run *run = tile->runs;
	int start = 0;

	colour_palette_init(&tile->palette, MOST_RUN_COLOURS);
	tile->has_palette = true;
	tile->extra_bytes = 0;
	for (int i = 0; i * RUN_TILE_WORD < tile->count; i++) {
		uint64_t ends = tile->ends[i];

		if (!tile->has_palette && tile->run_count > most_runs)
			return false;
		for (; ends != 0; ends &= ends - 1) {
			int end = i * RUN_TILE_WORD + 1 + __builtin_ctzll(ends);

			tile_fill_run(tile, run++, start, end);
			start = end;
		}
	}
	return true;
}

static unsigned bits_for(int colours)
{
	return colours <= 2 ? 1 : colours <= 4 ? 2 : 4;
}

static size_t packed_row_size(const struct run_tile *tile)
{
	return ((size_t)tile->width * bits_for(tile->palette.count) + 7) / 8;
}

static enum run_tile_form tile_choose(struct run_tile *tile,
	const struct weights *weights, size_t pixel_bytes)
{
	size_t least = (size_t)tile->count * pixel_bytes * weights->raw;
	enum run_tile_form form = RUN_TILE_RAW;
	size_t runs, colours, size;

	tile_find_ends(tile);
	if (!tile_list_runs(tile, pixel_bytes))
		return RUN_TILE_RAW;
	runs = (size_t)(tile->run_count + tile->extra_bytes);
	size = (runs + (size_t)tile->run_count * pixel_bytes) * weights->runs;
	if (size < least) {
		least = size;
		form = RUN_TILE_RUNS;
	}
	if (!tile->has_palette)
		return form;
	if (tile->palette.count == 1)
		return RUN_TILE_SOLID;
	colours = (size_t)tile->palette.count * pixel_bytes;
	runs += (size_t)(tile->run_count - tile->single_runs);
	size = (colours + runs) * weights->runs;
	if (size < least) {
		least = size;
		form = RUN_TILE_INDEXED_RUNS;
	}
	if (tile->palette.count > MOST_PACKED_COLOURS)
		return form;
	size = colours + packed_row_size(tile) * (size_t)tile->height;
	return size * weights->packed < least ? RUN_TILE_PACKED : form;
}

static void tile_sort_palette(struct run_tile *tile)
{
	uint8_t numbers[COLOUR_PALETTE_MOST];

	colour_palette_sort(&tile->palette, numbers);
	for (int i = 0; i < tile->run_count; i++)
		tile->runs[i].index = numbers[tile->runs[i].index];
}

void run_tile_look(struct run_tile *tile, enum run_tile_aim aim,
	const struct pixel_format *format, const struct frame *frame,
	struct rect place)
{
	const struct weights *weights = &weights_for[aim];

	assert(place.width <= RUN_TILE_MOST_SIDE &&
		place.height <= RUN_TILE_MOST_SIDE);
	tile_load(tile, format, frame, place);
	tile->form =
		tile_choose(tile, weights, pixel_format_cpixel_size(format));
	if (weights->sorted && (tile->form == RUN_TILE_PACKED ||
				       tile->form == RUN_TILE_INDEXED_RUNS))
		tile_sort_palette(tile);
}

static uint8_t *write_colours(
	const struct job *job, uint8_t *out, const uint32_t *colours, int count)
{
	pixel_format_convert_cpixel(job->format, out, colours, (size_t)count);
	return out + (size_t)count * job->pixel_bytes;
}

static uint8_t *write_palette(const struct job *job, uint8_t *out)
{
	const struct colour_palette *palette = &job->tile->palette;

	return write_colours(job, out, palette->colours, palette->count);
}

static uint8_t *write_length(uint8_t *out, int length)
{
	int left = length - 1;

	for (; left >= 255; left -= 255)
		*out++ = 255;
	*out++ = (uint8_t)left;
	return out;
}

static uint8_t *write_raw(const struct job *job, uint8_t *out)
{
	*out++ = RAW;
	return write_colours(job, out, job->tile->pixels, job->tile->count);
}

static uint8_t *write_solid(const struct job *job, uint8_t *out)
{
	*out++ = SOLID;
	return write_colours(job, out, job->tile->pixels, 1);
}

static uint8_t *write_some_runs(const struct job *job, uint8_t *out,
	const struct run *runs, const uint32_t *colours, int count)
{
	uint8_t bytes[RUNS_AT_ONCE * MOST_PIXEL_BYTES + SLACK];
	const uint8_t *pixel = bytes;

	write_colours(job, bytes, colours, count);
	for (int i = 0; i < count; i++) {
		memcpy(out, pixel, MOST_PIXEL_BYTES);
		pixel += job->pixel_bytes;
		out = write_length(out + job->pixel_bytes, runs[i].length);
	}
	return out;
}

static uint8_t *write_runs(const struct job *job, uint8_t *out)
{
	const struct run_tile *tile = job->tile;
	const uint32_t *pixel = tile->pixels;
	uint32_t colours[RUNS_AT_ONCE];
	int count = 0;

	*out++ = PLAIN_RLE;
	for (int i = 0; i < tile->run_count; i++) {
		colours[count++] = *pixel;
		pixel += tile->runs[i].length;
		if (count < RUNS_AT_ONCE && i + 1 < tile->run_count)
			continue;
		out = write_some_runs(
			job, out, tile->runs + i + 1 - count, colours, count);
		count = 0;
	}
	return out;
}

static uint8_t *write_indexed_runs(const struct job *job, uint8_t *out)
{
	const struct run_tile *tile = job->tile;

	*out++ = (uint8_t)(PLAIN_RLE + tile->palette.count);
	out = write_palette(job, out);
	for (int i = 0; i < tile->run_count; i++) {
		const struct run *run = &tile->runs[i];

		if (run->length == 1) {
			*out++ = run->index;
			continue;
		}
		*out++ = run->index | RUN_FOLLOWS;
		out = write_length(out, run->length);
	}
	return out;
}

/* A row of indices, the first in the highest bits, from where they change and
 * what is to be added then (exclusive or); the words are left 0. Writes up to
 * SLACK behind the row's end. */
static void write_packed_row(
	uint8_t *out, uint64_t *changes, size_t size, unsigned bits)
{
	uint64_t index = 0;

	for (size_t at = 0; at < size; at += 8) {
		uint64_t word = *changes ^ index << (64 - bits);

		*changes++ = 0;
		for (unsigned shift = bits; shift < 64; shift *= 2)
			word ^= word >> shift;
		index = word & ((1u << bits) - 1);
		if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
			word = __builtin_bswap64(word);
		memcpy(out + at, &word, 8);
	}
}

static void add_change(
	uint64_t *changes, unsigned at, unsigned bits, uint64_t change)
{
	changes[at / 64] ^= change << (64 - bits - at % 64);
}

/* Rows of indices, each beginning a byte of its own. */
static uint8_t *write_packed(const struct job *job, uint8_t *out)
{
	const struct run_tile *tile = job->tile;
	unsigned bits = bits_for(tile->palette.count);
	unsigned last = (unsigned)tile->width * bits;
	size_t size = packed_row_size(tile);
	uint64_t changes[RUN_TILE_MOST_SIDE * 4 / 64] = { 0 };
	const struct run *next = tile->runs;
	uint64_t index = 0;
	int end =
		0; /* of the run before `next`, seen from the row's beginning */

	*out++ = (uint8_t)tile->palette.count;
	out = write_palette(job, out);
	for (int y = 0; y < tile->height; y++) {
		uint64_t before = 0;

		for (int x = 0; x < tile->width; x = end) {
			if (x == end) {
				index = next->index;
				end += next++->length;
			}
			add_change(changes, (unsigned)x * bits, bits,
				index ^ before);
			before = index;
		}
		end -= tile->width;
		if (last % 8 != 0) /* what fills the row's last byte is 0 */
			add_change(changes, last, bits, before);
		write_packed_row(out, changes, size, bits);
		out += size;
	}
	return out;
}

void run_tile_write(struct run_tile *tile, const struct pixel_format *format,
	struct buffer *to)
{
	static uint8_t *(*const writers[])(const struct job *, uint8_t *) = {
		[RUN_TILE_RAW] = write_raw,
		[RUN_TILE_SOLID] = write_solid,
		[RUN_TILE_PACKED] = write_packed,
		[RUN_TILE_RUNS] = write_runs,
		[RUN_TILE_INDEXED_RUNS] = write_indexed_runs,
	};
	const struct job job = { .format = format,
		.pixel_bytes = pixel_format_cpixel_size(format),
		.tile = tile };
	uint8_t *start = buffer_reserve(
		to, 1 + (size_t)tile->count * MOST_PIXEL_BYTES + SLACK);

	if (start != NULL)
		buffer_commit(
			to, (size_t)(writers[tile->form](&job, start) - start));
}

void run_tile_write_area(struct run_tile *tile,
	const struct pixel_format *format, const struct frame *frame,
	struct rect area, int side, struct buffer *to)
{
	for (int y = 0; y < area.height; y += side)
		for (int x = 0; x < area.width; x += side) {
			struct rect place = { area.x + x, area.y + y, side,
				side };

			run_tile_look(tile, RUN_TILE_FEWEST_BYTES, format,
				frame, rect_intersect(place, area));
			run_tile_write(tile, format, to);
		}
}
