/* encoder_tight_jpeg.c - Tight's lossy form, through TurboJPEG. */
#include "rfb/encoder_tight.h"

#include <turbojpeg.h>

enum {
	CONTROL_JPEG = 0x90,
	MOST_BYTES = (1 << 22) - 1, /* the length has 22 bits */
	/* The exact way is with AVX2 no slower than the fast one, a tenth of a
	 * dB better, and a hundredth smaller. */
	FLAGS = TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT,
};

static bool has_handle(struct tight *tight)
{
	if (tight->jpeg == NULL)
		tight->jpeg = tjInitCompress();
	return tight->jpeg != NULL;
}

/* A frame's pixel is a number, so where its bytes lie is the host's affair. */
static int host_pixel_format(void)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? TJPF_XRGB : TJPF_BGRX;
}

static bool compress_planes(const struct tight_job *job, struct rect rect,
	unsigned char *out, unsigned long *used)
{
	struct jpeg_planes *planes = &job->tight->planes;

	return jpeg_planes_load(planes, job->frame, rect) &&
	       tjCompressFromYUVPlanes(job->tight->jpeg, planes->starts,
		       rect.width, planes->strides, rect.height, TJSAMP_420,
		       &out, used, job->settings->jpeg_quality, FLAGS) == 0;
}

static bool compress_pixels(const struct tight_job *job, struct rect rect,
	int subsampling, unsigned char *out, unsigned long *used)
{
	const uint32_t *pixels = frame_row(job->frame, rect.y) + rect.x;

	return tjCompress2(job->tight->jpeg, (const unsigned char *)pixels,
		       rect.width, (int)job->frame->stride, rect.height,
		       host_pixel_format(), &out, used, subsampling,
		       job->settings->jpeg_quality, FLAGS) == 0;
}

/* How many bytes at the start of `room`; 0 where it could not be done. */
static size_t compress_into(const struct tight_job *job, struct rect rect,
	int subsampling, struct buffer *room)
{
	unsigned long used = tjBufSize(rect.width, rect.height, subsampling);
	unsigned char *out = buffer_reserve(room, used);

	if (!has_handle(job->tight) || out == NULL)
		return 0;
	if (!(subsampling == TJSAMP_420 &&
		    compress_planes(job, rect, out, &used)) &&
		!compress_pixels(job, rect, subsampling, out, &used))
		return 0;
	return used <= MOST_BYTES ? used : 0;
}

size_t tight_jpeg_append(
	const struct tight_job *job, struct rect rect, int subsampling)
{
	struct buffer *room = &job->tight->jpeg_bytes;
	size_t used = compress_into(job, rect, subsampling, room);

	if (room->failed)
		job->to->bytes.failed = true;
	buffer_append(&job->to->bytes, buffer_bytes(room), used);
	buffer_clear(room);
	return used;
}

bool tight_jpeg_write(
	const struct tight_job *job, struct rect rect, int subsampling)
{
	static const uint8_t room[TIGHT_LENGTH_ROOM];
	struct rect_writer *to = job->to;
	size_t start = buffer_length(&to->bytes);
	size_t offset, used;

	rect_writer_begin(to, rect, job->forms->encoding);
	buffer_u8(&to->bytes, CONTROL_JPEG);
	offset = buffer_length(&to->bytes);
	buffer_append(&to->bytes, room, sizeof(room));
	used = tight_jpeg_append(job, rect, subsampling);
	if (to->bytes.failed)
		return true; /* the viewer goes, nothing else would help */
	if (used == 0) {
		buffer_truncate(&to->bytes, start);
		to->count--;
		return false;
	}
	tight_length_insert(&to->bytes, offset);
	rect_writer_add_lossy(to, rect);
	return true;
}
