/* quick_deflater_isal.c - deflate by Intel's ISA-L. */
#include "rfb/quick_deflater.h"

#include <assert.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

/* Its level 2 of 0..3: 1 is no faster and finds less, 3 is slower and finds
 * more in photographs alone. */
enum { LEVEL = 2 };

struct library {
	struct isal_zstream stream;
	uint8_t room[ISAL_DEF_LVL2_SMALL]; /* hashes, and a block's tokens */
};

bool quick_deflater_is_there(void)
{
	return true;
}

void quick_deflater_finish(struct quick_deflater *deflater)
{
	free(deflater->library);
	*deflater = (struct quick_deflater){ 0 };
}

/* What a piece grows by at most, and a flush or a checksum. Anything above
 * goes through the loop again. */
static size_t likely_most(size_t count)
{
	return count + count / 1024 + 64;
}

static struct isal_zstream *start(struct quick_deflater *deflater)
{
	struct library *library = deflater->library;

	if (library != NULL)
		return &library->stream;
	library = malloc(sizeof(*library));
	if (library == NULL)
		return NULL;
	isal_deflate_init(&library->stream);
	library->stream.level = LEVEL;
	library->stream.level_buf = library->room;
	library->stream.level_buf_size = sizeof(library->room);
	deflater->library = library;
	return &library->stream;
}

/* ISA-L 2.30 comes back with the upper halves of the vector registers in use;
 * until they are cleared all SSE code of the thread runs slower (looking for
 * what moved took twice as long). */
#ifdef __x86_64__
__attribute__((target("avx"))) static void clear_upper_halves(void)
{
	_mm256_zeroupper();
}

static void clean_registers(void)
{
	if (__builtin_cpu_supports("avx"))
		clear_upper_halves();
}
#else
static void clean_registers(void)
{
}
#endif

static bool deflate_some(struct isal_zstream *stream)
{
	int result = isal_deflate(stream);

	clean_registers();
	return result == COMP_OK;
}

/* Ends when it leaves room unused. */
static void run(struct isal_zstream *stream, const uint8_t *bytes, size_t count,
	struct buffer *to)
{
	size_t room = likely_most(count);

	assert(count > 0 && count <= UINT32_MAX / 2);
	stream->next_in = (uint8_t *)bytes;
	stream->avail_in = (uint32_t)count;
	do {
		uint8_t *next = buffer_reserve(to, room);

		if (next == NULL)
			return;
		stream->next_out = next;
		stream->avail_out = (uint32_t)room;
		if (!deflate_some(stream)) {
			to->failed = true;
			return;
		}
		buffer_commit(to, room - stream->avail_out);
	} while (stream->avail_out == 0);
}

void quick_deflater_write(struct quick_deflater *deflater, const uint8_t *bytes,
	size_t count, bool goes_on, struct buffer *to)
{
	struct isal_zstream *stream = start(deflater);

	if (stream == NULL) {
		to->failed = true;
		return;
	}
	stream->flush = goes_on ? NO_FLUSH : SYNC_FLUSH;
	run(stream, bytes, count, to);
}

void quick_deflater_forget(struct quick_deflater *deflater)
{
	struct library *library = deflater->library;

	if (library != NULL)
		isal_deflate_reset(&library->stream);
}

void quick_deflater_write_whole(struct quick_deflater *deflater,
	const uint8_t *bytes, size_t count, struct buffer *to)
{
	/* Its own tells of a smaller window than it uses (2.30), and noVNC's
	 * zlib refuses what lies farther back. */
	static const uint8_t head[] = { 0x78, 0x01 };
	struct isal_zstream *stream = start(deflater);

	if (stream == NULL) {
		to->failed = true;
		return;
	}
	buffer_append(to, head, sizeof(head));
	isal_deflate_reset(stream);
	stream->gzip_flag = IGZIP_ZLIB_NO_HDR; /* with the checksum */
	stream->end_of_stream = 1;
	stream->flush = NO_FLUSH;
	run(stream, bytes, count, to);
}
