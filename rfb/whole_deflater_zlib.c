/* whole_deflater_zlib.c - whole zlib streams by zlib. */
#include "rfb/whole_deflater.h"

#include <assert.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/xmalloc.h"

static void stop(struct whole_deflater *deflater)
{
	if (deflater->compressor != NULL)
		deflateEnd(deflater->compressor);
	free(deflater->compressor);
	deflater->compressor = NULL;
}

void whole_deflater_finish(struct whole_deflater *deflater)
{
	stop(deflater);
	quick_deflater_finish(&deflater->quick);
	*deflater = (struct whole_deflater){ 0 };
}

/* Alone it is no faster, and has less to refer to. */
bool whole_deflater_pays(int level, size_t count)
{
	(void)level;
	(void)count;
	return false;
}

static z_stream *start(struct whole_deflater *deflater, int level)
{
	z_stream *stream = deflater->compressor;

	if (stream != NULL && deflater->level == level)
		return deflateReset(stream) == Z_OK ? stream : NULL;
	stop(deflater);
	stream = xcalloc(1, sizeof(*stream));
	if (deflateInit(stream, level) != Z_OK) {
		free(stream);
		return NULL;
	}
	deflater->compressor = stream;
	deflater->level = level;
	return stream;
}

void whole_deflater_write(struct whole_deflater *deflater, int level,
	const uint8_t *bytes, size_t count, struct buffer *to)
{
	z_stream *stream;
	size_t most;
	uint8_t *at;

	assert(count > 0 && count <= UINT32_MAX / 2);
	if (level <= QUICK_DEFLATER_MOST_LEVEL && quick_deflater_is_there()) {
		quick_deflater_write_whole(&deflater->quick, bytes, count, to);
		return;
	}
	stream = start(deflater, level);
	if (stream == NULL) {
		to->failed = true;
		return;
	}
	most = deflateBound(stream, count);
	at = buffer_reserve(to, most);
	if (at == NULL)
		return;
	stream->next_in = (Bytef *)bytes;
	stream->avail_in = (uInt)count;
	stream->next_out = at;
	stream->avail_out = (uInt)most;
	if (deflate(stream, Z_FINISH) != Z_STREAM_END)
		abort(); /* zlib broke the bound it gave */
	buffer_commit(to, most - stream->avail_out);
}
