#include "server/network/dial_target.h"

#include <stdlib.h>
#include <string.h>

enum { REPEATER_BYTES = 250 };

static bool starts(const char **at, const char *with)
{
	size_t length = strlen(with);

	if (strncmp(*at, with, length) != 0)
		return false;
	*at += length;
	return true;
}

static bool read_number(const char *text, int most, int *number)
{
	char *end;
	long value;

	if (*text < '0' || *text > '9')
		return false;
	value = strtol(text, &end, 10);
	*number = (int)value;
	return *end == '\0' && value > 0 && value <= most;
}

static bool copy(char *to, size_t size, const char *from, size_t length)
{
	if (length == 0 || length >= size)
		return false;
	memcpy(to, from, length);
	to[length] = '\0';
	return true;
}

/* More than one colon without brackets is an IPv6 address, unless the two are
 * side by side before a number: TigerVNC's way to write a port. */
static bool read_place(struct dial_target *target, const char *text)
{
	const char *colon = strrchr(text, ':'), *end = text + strlen(text);
	const char *host = text;

	target->port = DIAL_TARGET_PORT;
	if (*text == '[') {
		host = text + 1;
		end = strchr(host, ']');
		if (end == NULL)
			return false;
		colon = end[1] != '\0' ? end + 1 : NULL;
	} else if (colon != NULL) {
		bool twice = colon > text && colon[-1] == ':';

		if (strchr(text, ':') < colon - twice ||
			(twice && colon - 1 == text))
			colon = NULL;
		else
			end = colon - twice;
	}
	if (*host == '-') /* an option, where a value was left out */
		return false;
	if (colon != NULL && (*colon != ':' || !read_number(colon + 1, 65535,
						       &target->port)))
		return false;
	return copy(
		target->host, sizeof(target->host), host, (size_t)(end - host));
}

static bool set_prefix(
	struct dial_target *target, const char *text, size_t length, int size)
{
	if (!copy(target->prefix, sizeof(target->prefix), text, length) ||
		(int)length > size)
		return false;
	target->prefix_bytes = size;
	return true;
}

/* TEXT+PLACE; of TEXT `size` bytes are sent, or as many as it has. */
static bool read_prefixed(
	struct dial_target *target, const char *text, int size)
{
	const char *plus = strchr(text, '+');

	return plus != NULL &&
	       set_prefix(target, text, (size_t)(plus - text),
		       size > 0 ? size : (int)(plus - text)) &&
	       read_place(target, plus + 1);
}

/* PLACE+ID:n */
static bool read_repeater_url(struct dial_target *target, const char *text)
{
	char place[DIAL_TARGET_HOST_BYTES];
	const char *plus = strchr(text, '+');

	return plus != NULL &&
	       copy(place, sizeof(place), text, (size_t)(plus - text)) &&
	       set_prefix(target, plus + 1, strlen(plus + 1), REPEATER_BYTES) &&
	       read_place(target, place);
}

/* The size between "pre" and "=". */
static bool read_sized(struct dial_target *target, const char *text)
{
	char digits[8];
	const char *equals = strchr(text, '=');
	int size = 0;

	if (equals == NULL)
		return false;
	if (equals > text &&
		(!copy(digits, sizeof(digits), text, (size_t)(equals - text)) ||
			!read_number(digits, DIAL_TARGET_MOST_PREFIX, &size)))
		return false;
	return read_prefixed(target, equals + 1, size);
}

bool dial_target_parse(struct dial_target *target, const char *text)
{
	memset(target, 0, sizeof(*target));
	if (starts(&text, "repeater=")) {
		target->waits = true;
		return read_prefixed(target, text, REPEATER_BYTES);
	}
	if (starts(&text, "repeater://")) {
		target->waits = true;
		return read_repeater_url(target, text);
	}
	if (strchr(text, '=') != NULL)
		return starts(&text, "pre") && read_sized(target, text);
	return read_place(target, text);
}
