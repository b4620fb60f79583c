/* encoder_jpeg.c - photographs as JPEG files (rfbproto, "JPEG Encoding"), all
 * else by another encoder of the viewer's list. */
#include "rfb/encoder_tight.h"

#include "rfb/jpeg_tables.h"

extern const struct encoder encoder_raw;

/* Whatever the viewer lists, Raw is allowed. */
static void encode_rest(const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	const struct encoder *rest =
		settings->rest != NULL ? settings->rest : &encoder_raw;

	rest->encode(settings->rest_state, settings, frame, area, to);
}

static void write_rest(const struct tight_job *job, struct rect rect)
{
	encode_rest(job->settings, job->frame, rect, job->to);
}

static bool write_jpeg(
	const struct tight_job *job, struct rect rect, int subsampling)
{
	struct rect_writer *to = job->to;
	size_t start = buffer_length(&to->bytes);
	size_t offset, used;

	rect_writer_begin(to, rect, job->forms->encoding);
	offset = buffer_length(&to->bytes);
	used = tight_jpeg_append(job, rect, subsampling);
	if (to->bytes.failed)
		return true;
	if (used == 0) {
		buffer_truncate(&to->bytes, start);
		to->count--;
		return false;
	}
	jpeg_tables_omit(&job->tight->tables, &to->bytes, offset);
	rect_writer_add_lossy(to, rect);
	return true;
}

static const struct tight_forms forms = {
	.encoding = ENCODING_JPEG,
	.flat = write_rest,
	.full = write_rest,
	.jpeg = write_jpeg,
};

static void encode(void *state, const struct encode_settings *settings,
	const struct frame *frame, struct rect area, struct rect_writer *to)
{
	if (settings->jpeg_quality > 0)
		tight_encode_area(state, &forms, settings, frame, area, to);
	else
		encode_rest(settings, frame, area, to);
}

const struct encoder encoder_jpeg = {
	.name = "jpeg",
	.number = ENCODING_JPEG,
	.traits = ENCODER_JPEG | ENCODER_BEHIND_TIGHT | ENCODER_HAS_REST,
	.state_create = tight_state_create,
	.state_destroy = tight_state_destroy,
	.encode = encode,
};
