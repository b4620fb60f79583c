#include "websocket/mime.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char unknown_type[] = "application/octet-stream";

static const struct mime {
	const char *ending;
	const char *type;
	bool packable;
} mimes[] = {
	{ "html", "text/html; charset=utf-8", true },
	{ "htm", "text/html; charset=utf-8", true },
	{ "js", "text/javascript; charset=utf-8", true },
	{ "mjs", "text/javascript; charset=utf-8", true },
	{ "css", "text/css; charset=utf-8", true },
	{ "json", "application/json", true },
	{ "map", "application/json", true },
	{ "webmanifest", "application/manifest+json", true },
	{ "txt", "text/plain; charset=utf-8", true },
	{ "md", "text/markdown; charset=utf-8", true },
	{ "xml", "text/xml; charset=utf-8", true },
	{ "svg", "image/svg+xml", true },
	{ "png", "image/png", false },
	{ "jpg", "image/jpeg", false },
	{ "jpeg", "image/jpeg", false },
	{ "gif", "image/gif", false },
	{ "webp", "image/webp", false },
	{ "avif", "image/avif", false },
	{ "ico", "image/x-icon", true },
	{ "ttf", "font/ttf", true },
	{ "otf", "font/otf", true },
	{ "woff", "font/woff", false },
	{ "woff2", "font/woff2", false },
	{ "oga", "audio/ogg", false },
	{ "ogg", "audio/ogg", false },
	{ "mp3", "audio/mpeg", false },
	{ "wav", "audio/wav", false },
	{ "mp4", "video/mp4", false },
	{ "webm", "video/webm", false },
	{ "wasm", "application/wasm", true },
	{ "pdf", "application/pdf", false },
};

enum { MIMES = sizeof(mimes) / sizeof(mimes[0]) };

const char *mime_type(const char *path)
{
	const char *dot = strrchr(path, '.');
	size_t i;

	for (i = 0; dot != NULL && i < MIMES; i++)
		if (strcasecmp(dot + 1, mimes[i].ending) == 0)
			return mimes[i].type;
	return unknown_type;
}

bool mime_is_packable(const char *type)
{
	size_t i;

	for (i = 0; i < MIMES; i++)
		if (strcmp(type, mimes[i].type) == 0)
			return mimes[i].packable;
	return false;
}
