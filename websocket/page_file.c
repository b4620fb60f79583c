#include "websocket/page_file.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/xmalloc.h"
#include "websocket/mime.h"

enum {
	READ_BYTES = 65536,
	ETAG_HASH_BYTES = 16,  /* of SHA-256: no two files share a prefix */
	GZIP_WINDOW = 15 + 16, /* zlib's way to ask for gzip */
	GZIP_LEVEL = 6,
	GZIP_MEMORY = 8,
};

static enum page_file_result fail(
	char **error, const char *file, const char *reason)
{
	*error = xasprintf("%s: %s", file, reason);
	return PAGE_FILE_FAILED;
}

static enum page_file_result read_all(int descriptor, const char *file,
	size_t most_bytes, struct buffer *bytes, char **error)
{
	for (;;) {
		uint8_t *room = buffer_reserve(bytes, READ_BYTES);
		ssize_t count;

		if (room == NULL)
			return fail(error, file, "out of memory");
		count = read(descriptor, room, READ_BYTES);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return fail(error, file, strerror(errno));
		if (count == 0)
			return PAGE_FILE_DONE;
		buffer_commit(bytes, (size_t)count);
		if (buffer_length(bytes) <= most_bytes)
			continue;
		*error = xasprintf(
			"%s: more than %zu MiB", file, most_bytes >> 20);
		return PAGE_FILE_FAILED;
	}
}

static void make_etag(struct page *page)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx context;
	char *to = page->etag;
	size_t i;

	sha256_init(&context);
	sha256_update(&context, page->length, page->bytes);
	sha256_digest(&context, sizeof(digest), digest);
	*to++ = '"';
	for (i = 0; i < ETAG_HASH_BYTES; i++)
		to += snprintf(to, 3, "%02x", digest[i]);
	*to++ = '"';
	*to = '\0';
}

/* Leaves `gzip` NULL where packing fails or gains nothing. */
static void make_gzip(struct page *page)
{
	z_stream stream = { 0 };
	uint8_t *packed, *fitting;
	bool smaller;

	if (page->length == 0 || !mime_is_packable(page->type))
		return;
	if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW,
		    GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	packed = malloc(page->length);
	stream.next_in = page->bytes;
	stream.avail_in = (uInt)page->length;
	stream.next_out = packed;
	stream.avail_out = (uInt)page->length;
	smaller = packed != NULL &&
		  deflate(&stream, Z_FINISH) == Z_STREAM_END &&
		  stream.total_out < page->length;
	deflateEnd(&stream);
	if (!smaller) {
		free(packed);
		return;
	}
	page->gzip_length = stream.total_out;
	fitting = realloc(packed, page->gzip_length);
	page->gzip = fitting != NULL ? fitting : packed;
}

/* Takes what was read, without the room behind it. */
static void take_bytes(struct page *page, struct buffer *bytes)
{
	uint8_t *fitting;

	page->length = buffer_length(bytes);
	fitting = realloc(bytes->start, page->length ? page->length : 1);
	page->bytes = fitting != NULL ? fitting : bytes->start;
	*bytes = (struct buffer){ 0 };
}

static enum page_file_result load_open(int descriptor, const char *file,
	size_t most_bytes, struct page *page, char **error)
{
	struct buffer bytes = { 0 };
	enum page_file_result result;
	struct stat status;

	if (fstat(descriptor, &status) != 0)
		return fail(error, file, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return PAGE_FILE_STRANGE;
	result = read_all(descriptor, file, most_bytes, &bytes, error);
	if (result == PAGE_FILE_DONE)
		take_bytes(page, &bytes);
	buffer_finish(&bytes);
	return result;
}

enum page_file_result page_file_load(const char *file, const char *path,
	size_t most_bytes, struct page *page, char **error)
{
	enum page_file_result result;
	int descriptor;

	/* Not blocking, or a named pipe would hold us up for ever. */
	descriptor = open(file,
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (descriptor < 0 && errno == ENXIO) /* a socket */
		return PAGE_FILE_STRANGE;
	if (descriptor < 0)
		return fail(error, file, strerror(errno));
	result = load_open(descriptor, file, most_bytes, page, error);
	close(descriptor);
	if (result != PAGE_FILE_DONE)
		return result;
	page->path = xstrdup(path);
	page->type = mime_type(path);
	make_etag(page);
	make_gzip(page);
	return PAGE_FILE_DONE;
}

void page_file_finish(struct page *page)
{
	free(page->path);
	free(page->bytes);
	free(page->gzip);
	*page = (struct page){ 0 };
}
