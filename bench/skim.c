#include "bench/skim.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xmalloc.h"

enum {
	RAW = 0,
	COPYRECT = 1,
	TIGHT = 7,
	ZRLE = 16,
	QUALITY_0 = -32,
	COMPRESSION_0 = -256,
	CURSOR = -239,
	READ_BYTES = 256 * 1024,
	STALL_REQUESTS = 200,
	TIGHT_PLAIN = 12, /* less than this is not compressed */
};

struct skim {
	int fd;
	uint8_t *read; /* READ_BYTES */
	size_t at, end;
	unsigned width, height;
	bool incremental;
	atomic_bool stalled;
	_Atomic uint64_t bytes, pixels;
	atomic_uint updates;
	struct skim_part parts[SKIM_KINDS];
};

const char *skim_kind_name(enum skim_kind kind)
{
	static const char *const names[SKIM_KINDS] = { "raw", "copyrect",
		"zrle", "fill", "jpeg", "palette", "true" };
	return names[kind];
}

static bool fill(struct skim *skim)
{
	ssize_t got = recv(skim->fd, skim->read, READ_BYTES, 0);
	skim->at = 0;
	skim->end = got > 0 ? (size_t)got : 0;
	skim->bytes += skim->end;
	return got > 0;
}

/* Into `to`, or nowhere when that is NULL. */
static bool take(struct skim *skim, uint8_t *to, size_t count)
{
	while (count > 0) {
		if (skim->at == skim->end && !fill(skim))
			return false;
		size_t part = skim->end - skim->at;
		if (part > count)
			part = count;
		if (to) {
			memcpy(to, skim->read + skim->at, part);
			to += part;
		}
		skim->at += part;
		count -= part;
	}
	return true;
}

static bool take_number(struct skim *skim, unsigned bytes, uint32_t *number)
{
	uint8_t read[4];
	if (!take(skim, read, bytes))
		return false;
	*number = 0;
	for (unsigned i = 0; i < bytes; i++)
		*number = *number << 8 | read[i];
	return true;
}

static bool give(struct skim *skim, const void *bytes, size_t count)
{
	return send(skim->fd, bytes, count, MSG_NOSIGNAL) == (ssize_t)count;
}

static bool request(struct skim *skim, bool incremental)
{
	uint8_t message[10] = { 3, incremental };
	message[6] = (uint8_t)(skim->width >> 8);
	message[7] = (uint8_t)skim->width;
	message[8] = (uint8_t)(skim->height >> 8);
	message[9] = (uint8_t)skim->height;
	return give(skim, message, sizeof(message));
}

static int connect_tcp(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return -1;
	int fd = socket(found->ai_family, found->ai_socktype, 0);
	if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) < 0) {
		close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	if (fd >= 0)
		setsockopt(
			fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	return fd;
}

/* Version 3.8, no password, shared. */
static bool log_in(struct skim *skim)
{
	uint32_t types, result, side, name;
	uint8_t pixel_format[16];
	if (!take(skim, NULL, 12) || !give(skim, "RFB 003.008\n", 12) ||
		!take_number(skim, 1, &types) || types == 0 ||
		!take(skim, NULL, types) || !give(skim, "\1", 1) ||
		!take_number(skim, 4, &result) || result != 0 ||
		!give(skim, "\1", 1))
		return false;
	if (!take_number(skim, 2, &side))
		return false;
	skim->width = side;
	if (!take_number(skim, 2, &side))
		return false;
	skim->height = side;
	return take(skim, pixel_format, sizeof(pixel_format)) &&
	       take_number(skim, 4, &name) && take(skim, NULL, name);
}

static size_t add_encoding(uint8_t *message, size_t length, int encoding)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		message[length++] = (uint8_t)((uint32_t)encoding >> shift);
	message[3]++;
	return length;
}

static bool set_up(struct skim *skim, const struct skim_options *options)
{
	static const struct {
		const char *name;
		int number;
	} known[] = { { "copyrect", COPYRECT }, { "tight", TIGHT },
		{ "zrle", ZRLE }, { "raw", RAW } };
	/* 32 bits, depth 24, little-endian, red in bits 16..23. */
	static const uint8_t format[20] = { 0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0,
		255, 0, 255, 16, 8, 0 };
	uint8_t message[64] = { 2 };
	size_t length = 4;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strstr(options->encodings, known[i].name))
			length = add_encoding(message, length, known[i].number);
	}
	length = add_encoding(
		message, length, COMPRESSION_0 + options->compression);
	if (options->quality >= 0)
		length = add_encoding(
			message, length, QUALITY_0 + options->quality);
	/* Or it would be painted into what we get, as for no real viewer. */
	length = add_encoding(message, length, CURSOR);
	return give(skim, format, sizeof(format)) &&
	       give(skim, message, length) && request(skim, false);
}

struct skim *skim_open(const struct skim_options *options)
{
	struct skim *skim = xcalloc(1, sizeof(*skim));
	skim->read = xmalloc(READ_BYTES);
	skim->incremental = options->incremental;
	skim->fd = connect_tcp(options->host, options->port);
	if (skim->fd < 0 || !log_in(skim) || !set_up(skim, options)) {
		fprintf(stderr, "cannot log in at %s:%s\n", options->host,
			options->port);
		skim_close(skim);
		return NULL;
	}
	return skim;
}

void skim_close(struct skim *skim)
{
	if (!skim)
		return;
	if (skim->fd >= 0)
		close(skim->fd);
	free(skim->read);
	free(skim);
}

/* Tight's length: 7 bits, 7 bits, 8 bits, the lowest first. */
static bool skip_compact(struct skim *skim)
{
	uint32_t length = 0, byte = 0x80;
	for (unsigned i = 0; i < 3 && byte & 0x80; i++) {
		if (!take_number(skim, 1, &byte))
			return false;
		length |= (i < 2 ? byte & 0x7f : byte) << (7 * i);
	}
	return take(skim, NULL, length);
}

/* What zlib gave, or as it was when that is little. */
static bool skip_basic(struct skim *skim, uint32_t control, unsigned width,
	unsigned height, enum skim_kind *kind)
{
	uint32_t filter = 0, colours = 0;
	size_t row = width * 3u;
	*kind = SKIM_TRUE;
	if (control & 0x40 && !take_number(skim, 1, &filter))
		return false;
	if (filter == 1) {
		*kind = SKIM_PALETTE;
		if (!take_number(skim, 1, &colours))
			return false;
		colours++;
		row = colours == 2 ? (width + 7) / 8 : width;
		if (!take(skim, NULL, colours * 3u))
			return false;
	}
	if (row * height < TIGHT_PLAIN)
		return take(skim, NULL, row * height);
	return skip_compact(skim);
}

static bool skip_tight(struct skim *skim, unsigned width, unsigned height,
	enum skim_kind *kind)
{
	uint32_t control;
	if (!take_number(skim, 1, &control))
		return false;
	switch (control >> 4) {
	case 8:
		*kind = SKIM_FILL;
		return take(skim, NULL, 3);
	case 9:
		*kind = SKIM_JPEG;
		return skip_compact(skim);
	default:
		return skip_basic(skim, control, width, height, kind);
	}
}

static bool skip_body(struct skim *skim, uint32_t encoding, unsigned width,
	unsigned height, enum skim_kind *kind)
{
	uint32_t length;
	switch (encoding) {
	case RAW:
		*kind = SKIM_RAW;
		return take(skim, NULL, (size_t)width * height * 4);
	case COPYRECT:
		*kind = SKIM_COPYRECT;
		return take(skim, NULL, 4);
	case TIGHT:
		return skip_tight(skim, width, height, kind);
	case ZRLE:
		*kind = SKIM_ZRLE;
		return take_number(skim, 4, &length) &&
		       take(skim, NULL, length);
	default:
		fprintf(stderr, "encoding %d was not asked for\n",
			(int)encoding);
		return false;
	}
}

/* How many bytes have been used, of those read. */
static uint64_t position(const struct skim *skim)
{
	return skim->bytes - (skim->end - skim->at);
}

/* Its pixels and a mask of a bit each. */
static bool skip_cursor(struct skim *skim, unsigned width, unsigned height)
{
	return take(skim, NULL,
		(size_t)width * height * 4 + (width + 7) / 8 * height);
}

static bool skip_rectangle(struct skim *skim)
{
	uint32_t sides[4], encoding;
	uint64_t start = position(skim);
	enum skim_kind kind;
	for (int i = 0; i < 4; i++) {
		if (!take_number(skim, 2, &sides[i]))
			return false;
	}
	if (!take_number(skim, 4, &encoding))
		return false;
	if (encoding == (uint32_t)CURSOR)
		return skip_cursor(skim, sides[2], sides[3]);
	if (!skip_body(skim, encoding, sides[2], sides[3], &kind))
		return false;
	uint64_t area = (uint64_t)sides[2] * sides[3];
	skim->pixels += area;
	skim->parts[kind].rectangles++;
	skim->parts[kind].pixels += area;
	skim->parts[kind].bytes += position(skim) - start;
	return true;
}

static bool skip_update(struct skim *skim)
{
	uint32_t count;
	if (!take(skim, NULL, 1) || !take_number(skim, 2, &count) ||
		!request(skim, skim->incremental))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		if (!skip_rectangle(skim))
			return false;
	}
	skim->updates++;
	return true;
}

bool skim_update(struct skim *skim)
{
	uint32_t type, length;
	while (!skim->stalled && take_number(skim, 1, &type)) {
		switch (type) {
		case 0:
			return skip_update(skim);
		case 2:
			break;
		case 3:
			if (!take(skim, NULL, 3) ||
				!take_number(skim, 4, &length) ||
				!take(skim, NULL, length))
				return false;
			break;
		default:
			fprintf(stderr, "message %u is unknown\n", type);
			return false;
		}
	}
	return false;
}

bool skim_stall(struct skim *skim)
{
	skim->stalled = true;
	for (int i = 0; i < STALL_REQUESTS; i++)
		if (!request(skim, true))
			return false;
	return true;
}

struct skim_counts skim_counts(const struct skim *skim)
{
	struct skim_counts counts = { .bytes = skim->bytes,
		.pixels = skim->pixels,
		.updates = skim->updates };
	memcpy(counts.parts, skim->parts, sizeof(counts.parts));
	return counts;
}

uint64_t skim_area(const struct skim *skim)
{
	return (uint64_t)skim->width * skim->height;
}
