/* encoder_tight_jpeg.c - Tight's lossy form, through TurboJPEG. */
#include "rfb/encoder_tight.h"

#include <turbojpeg.h>

enum {
	CONTROL_JPEG = 0x90,
	MOST_BYTES = (1 << 22) - 1, /* the length has 22 bits */
};

static tjhandle handle_of(struct tight *tight)
{
	if (tight->jpeg == NULL)
		tight->jpeg = tjInitCompress();
	return tight->jpeg;
}

/* A frame's pixel is a number, so where its bytes lie is the host's affair. */
static int host_pixel_format(void)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? TJPF_XRGB : TJPF_BGRX;
}

/* How many bytes at the start of `room`; 0 where it could not be done. */
static size_t compress_into(const struct tight_job *job, struct rect rect,
	int subsampling, struct buffer *room)
{
	const struct encode_settings *settings = job->settings;
	unsigned long most = tjBufSize(rect.width, rect.height, subsampling);
	unsigned long used = most;
	tjhandle handle = handle_of(job->tight);
	unsigned char *out = buffer_reserve(room, most);

	if (handle == NULL || out == NULL)
		return 0;
	if (tjCompress2(handle,
		    (const unsigned char *)(frame_row(job->frame, rect.y) +
					    rect.x),
		    rect.width, (int)job->frame->stride, rect.height,
		    host_pixel_format(), &out, &used, subsampling,
		    settings->jpeg_quality, TJFLAG_NOREALLOC) != 0)
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
