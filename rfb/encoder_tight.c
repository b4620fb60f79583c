/* encoder_tight.c - cuts an area so that content of one kind stays together,
 * and hands each piece to the form that suits it. */
#include "rfb/encoder_tight.h"

#include <stdlib.h>
#include <turbojpeg.h>

enum {
	MOST_SPANS = TIGHT_MOST_WIDTH / TIGHT_LEAST_CUT, /* in a band */
	/* A shorter solid stretch beside flat content costs less inside it
	 * than the two rectangles more. */
	LEAST_SOLID_CELLS = 4,
	LEAST_BAND = 8,
	/* No more cuts within cells behind so many rectangles: a message can
	 * count them whatever the largest screen shows. */
	MOST_CUT = 8192,
	/* Fewer pixels are not worth a JPEG's tables of 600 bytes. */
	LEAST_JPEG_PIXELS = 1024,
	/* Up to so much, colours at a quarter of the resolution add hardly
	 * anything to the error of quality 91: measured at 12, of 1363
	 * stretches of 27 photographs, drawings and films 40 % are no rougher,
	 * and to their mean square error (3.5 is usual) it adds 0.16 in the
	 * mean, more than 0.6 to one in a hundred.
	 * Sums of 2x2 pixels are compared, hence 16: single ones have grain,
	 * which the quantizer takes anyway, and films much of it. */
	MOST_SOFT_ROUGHNESS = 13 * 16,
};

/* A stretch of cells of one kind; grows downwards while the bands below have
 * the same stretch. */
struct span {
	struct tight_cell cell;
	struct rect rect;
};

struct spans {
	int count;
	struct span items[MOST_SPANS];
};

/* Pages that a part never touches take no memory. */
void *tight_state_create(void)
{
	struct tight *parts = calloc(TIGHT_PARTS, sizeof(*parts));

	for (int i = 0; parts != NULL && i < TIGHT_PARTS; i++)
		parts[i].first_stream = i * TIGHT_STREAM_COUNT;
	return parts;
}

static void part_finish(struct tight *tight)
{
	deflater_finish(&tight->memory);
	whole_deflater_finish(&tight->whole);
	if (tight->jpeg != NULL)
		tjDestroy(tight->jpeg);
	buffer_finish(&tight->jpeg_bytes);
	jpeg_planes_finish(&tight->planes);
}

void tight_state_destroy(void *state)
{
	struct tight *parts = state;

	if (parts == NULL)
		return;
	for (int i = 0; i < TIGHT_PARTS; i++)
		part_finish(&parts[i]);
	free(parts);
}

static void *state_part(void *state, int part)
{
	return (struct tight *)state + part;
}

static bool is_same(const struct tight_cell *a, const struct tight_cell *b)
{
	return a->kind == b->kind &&
	       (a->kind != TIGHT_SOLID || a->colour == b->colour);
}

static void add_roughness(struct tight_cell *sum, const struct tight_cell *cell)
{
	sum->roughness += cell->roughness;
	sum->pairs += cell->pairs;
}

static void spans_add(
	struct spans *spans, const struct tight_cell *cell, struct rect rect)
{
	struct span *last =
		spans->count > 0 ? &spans->items[spans->count - 1] : NULL;

	if (last != NULL && is_same(&last->cell, cell)) {
		last->rect.width += rect.width;
		add_roughness(&last->cell, cell);
		return;
	}
	spans->items[spans->count++] =
		(struct span){ .cell = *cell, .rect = rect };
}

/* Whether a solid stretch is better drawn as part of its neighbours. */
static bool is_absorbed(const struct spans *spans, int index)
{
	const struct span *span = &spans->items[index];
	bool after_flat =
		index > 0 && spans->items[index - 1].cell.kind == TIGHT_FLAT;
	bool before_flat = index + 1 < spans->count &&
			   spans->items[index + 1].cell.kind == TIGHT_FLAT;

	return span->cell.kind == TIGHT_SOLID &&
	       span->rect.width < LEAST_SOLID_CELLS * TIGHT_CELL_WIDTH &&
	       (after_flat || before_flat);
}

static void spans_simplify(struct spans *spans)
{
	struct spans from = *spans;

	spans->count = 0;
	for (int i = 0; i < from.count; i++) {
		struct tight_cell cell = from.items[i].cell;

		if (is_absorbed(&from, i))
			cell.kind = TIGHT_FLAT;
		spans_add(spans, &cell, from.items[i].rect);
	}
}

static struct tight_cell look_at(const struct tight_job *job, struct rect place)
{
	struct tight_cell cell = tight_cell_look(job, place);

	if (cell.kind == TIGHT_SOLID && job->forms->solid == NULL)
		cell.kind = TIGHT_FLAT;
	return cell;
}

/* Adds a cell that a photograph shares with something else column by column;
 * false, with nothing added, where none of them is photographic. */
static bool add_columns(
	struct spans *spans, const struct tight_job *job, struct rect place)
{
	struct tight_cell cells[TIGHT_CELL_WIDTH / TIGHT_LEAST_CUT];
	struct rect places[TIGHT_CELL_WIDTH / TIGHT_LEAST_CUT];
	bool has_photo = false;
	int count = 0;

	for (int x = 0; x < place.width; x += TIGHT_LEAST_CUT, count++) {
		places[count] = rect_intersect(
			place, (struct rect){ place.x + x, place.y,
				       TIGHT_LEAST_CUT, place.height });
		cells[count] = look_at(job, places[count]);
		has_photo |= cells[count].kind == TIGHT_PHOTO;
	}
	for (int i = 0; has_photo && i < count; i++)
		spans_add(spans, &cells[i], places[i]);
	return has_photo;
}

/* The halves of a band. */
static void halve(struct rect band, struct rect halves[2])
{
	halves[0] = halves[1] = band;
	halves[0].height = band.height / 2;
	halves[1].y += halves[0].height;
	halves[1].height -= halves[0].height;
}

static bool has_photo_half(const struct tight_job *job, struct rect place)
{
	struct rect halves[2];

	halve(place, halves);
	return look_at(job, halves[0]).kind == TIGHT_PHOTO ||
	       look_at(job, halves[1]).kind == TIGHT_PHOTO;
}

/* False where the band should be halved before. */
static bool spans_find(
	struct spans *spans, const struct tight_job *job, struct rect band)
{
	bool may_cut = job->to->count < MOST_CUT;
	bool may_halve = may_cut && band.height >= 2 * LEAST_BAND;

	spans->count = 0;
	for (int x = 0; x < band.width; x += TIGHT_CELL_WIDTH) {
		struct rect place = rect_intersect(
			band, (struct rect){ band.x + x, band.y,
				      TIGHT_CELL_WIDTH, TIGHT_CELL_HEIGHT });
		struct tight_cell cell = look_at(job, place);

		if (may_cut && cell.is_mixed && add_columns(spans, job, place))
			continue;
		if (cell.is_mixed && may_halve && has_photo_half(job, place))
			return false;
		spans_add(spans, &cell, place);
	}
	spans_simplify(spans);
	return true;
}

static bool may_be_jpeg(const struct tight_job *job, struct rect rect)
{
	return job->settings->jpeg_quality > 0 &&
	       job->settings->format.bits_per_pixel >= 16 &&
	       rect.width * rect.height >= LEAST_JPEG_PIXELS;
}

/* In pieces that the lossless forms take. */
static void write_full(const struct tight_job *job, struct rect rect)
{
	int most_rows = TIGHT_MOST_PIXELS / rect.width;

	for (int y = 0; y < rect.height; y += most_rows) {
		struct rect part = { rect.x, rect.y + y, rect.width,
			most_rows };

		job->forms->full(job, rect_intersect(rect, part));
	}
}

static bool write_jpeg(const struct tight_job *job, const struct span *span)
{
	const struct encode_settings *settings = job->settings;
	bool soft = span->cell.roughness <=
		    (int64_t)span->cell.pairs * MOST_SOFT_ROUGHNESS;

	return may_be_jpeg(job, span->rect) &&
	       job->forms->jpeg(job, span->rect,
		       soft ? settings->jpeg_soft_subsampling
			    : settings->jpeg_subsampling);
}

static void span_write(const struct span *span, const struct tight_job *job)
{
	switch (span->cell.kind) {
	case TIGHT_SOLID:
		job->forms->solid(job, span->rect, span->cell.colour);
		break;
	case TIGHT_FLAT:
		job->forms->flat(job, span->rect);
		break;
	case TIGHT_PHOTO:
		if (!write_jpeg(job, span))
			write_full(job, span->rect);
		break;
	}
}

static int most_pixels(const struct span *span)
{
	switch (span->cell.kind) {
	case TIGHT_SOLID:
		return INT32_MAX;
	case TIGHT_FLAT:
		return TIGHT_MOST_PIXELS;
	case TIGHT_PHOTO:
		return TIGHT_MOST_JPEG_PIXELS;
	}
	return TIGHT_MOST_PIXELS;
}

/* Whether the span continues one of the band above, which then grows. */
static bool span_join(struct span *above, const struct span *span)
{
	int height = above->rect.height + span->rect.height;

	if (!is_same(&above->cell, &span->cell) ||
		above->rect.x != span->rect.x ||
		above->rect.width != span->rect.width ||
		height > most_pixels(span) / span->rect.width)
		return false;
	above->rect.height = height;
	add_roughness(&above->cell, &span->cell);
	return true;
}

/* Both lists run from left to right, so spans that match meet in one walk.
 * What of `open` found no continuation is written; the rest and the new ones
 * become `open`. */
static void spans_advance(struct spans *open, const struct spans *band,
	const struct tight_job *job)
{
	struct spans next = { .count = 0 };
	int above = 0;

	for (int i = 0; i < band->count; i++) {
		const struct span *span = &band->items[i];

		while (above < open->count &&
			open->items[above].rect.x < span->rect.x)
			span_write(&open->items[above++], job);
		if (above < open->count && span_join(&open->items[above], span))
			next.items[next.count++] = open->items[above++];
		else
			next.items[next.count++] = *span;
	}
	while (above < open->count)
		span_write(&open->items[above++], job);
	*open = next;
}

static void encode_band(
	struct spans *open, const struct tight_job *job, struct rect band)
{
	struct spans spans;
	struct rect halves[2];

	if (spans_find(&spans, job, band)) {
		spans_advance(open, &spans, job);
		return;
	}
	halve(band, halves);
	encode_band(open, job, halves[0]);
	encode_band(open, job, halves[1]);
}

static void encode_column(const struct tight_job *job, struct rect column)
{
	struct spans open = { .count = 0 };
	struct spans end = { .count = 0 };

	for (int y = 0; y < column.height; y += TIGHT_CELL_HEIGHT)
		encode_band(&open, job,
			rect_intersect(column,
				(struct rect){ column.x, column.y + y,
					column.width, TIGHT_CELL_HEIGHT }));
	spans_advance(&open, &end, job);
}

void tight_encode_area(struct tight *tight, const struct tight_forms *forms,
	const struct encode_settings *settings, const struct frame *frame,
	struct rect area, struct rect_writer *to)
{
	struct tight_job job = { .tight = tight,
		.forms = forms,
		.settings = settings,
		.frame = frame,
		.to = to,
		.pixel_bytes = pixel_format_tpixel_size(&settings->format),
		.level = deflater_level(settings->compress_level) };

	for (int x = 0; x < area.width; x += TIGHT_MOST_WIDTH)
		encode_column(
			&job, rect_intersect(area,
				      (struct rect){ area.x + x, area.y,
					      TIGHT_MOST_WIDTH, area.height }));
}

static const struct tight_forms forms = {
	.encoding = ENCODING_TIGHT,
	.solid = tight_rect_fill,
	.flat = tight_rect_flat,
	.full = tight_rect_full,
	.jpeg = tight_jpeg_write,
};

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	tight_encode_area(state, &forms, settings, frame, area, to);
}

const struct encoder encoder_tight = {
	.name = "tight",
	.number = ENCODING_TIGHT,
	.traits = ENCODER_JPEG | ENCODER_ALONE,
	.state_create = tight_state_create,
	.state_destroy = tight_state_destroy,
	.state_parts = TIGHT_PARTS,
	.state_part = state_part,
	.encode = encode,
};
