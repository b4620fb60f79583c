#include "server/relay/repeater_name.h"

#include <string.h>
#include <strings.h>

static bool is_printable(uint8_t byte)
{
	return byte > ' ' && byte < 0x7f;
}

bool repeater_name_may_be(const uint8_t *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length && bytes[i] != '\0'; i++)
		if (!is_printable(bytes[i]))
			return false;
	return length == 0 || i > 0;
}

/* Each once, and none that is empty. */
static void add(struct repeater_name *name, const char *text, size_t length)
{
	char *token = name->tokens[name->count];

	if (length == 0 || length > REPEATER_NAME_BYTES)
		return;
	if (name->count > 0 && strlen(name->tokens[0]) == length &&
		memcmp(name->tokens[0], text, length) == 0)
		return;
	memcpy(token, text, length);
	token[length] = '\0';
	name->count++;
}

/* Without the port or display that a viewer has put behind it. */
static size_t measure_host(const char *text, size_t length)
{
	size_t digits = length;

	while (digits > 0 && text[digits - 1] >= '0' && text[digits - 1] <= '9')
		digits--;
	if (digits == 0 || text[digits - 1] != ':')
		return length;
	digits--;
	return digits > 0 && text[digits - 1] == ':' ? digits - 1 : digits;
}

bool repeater_name_read(struct repeater_name *name, const uint8_t *bytes)
{
	static const char id[] = "ID:";
	const char *text = (const char *)bytes;
	size_t length = strnlen(text, REPEATER_NAME_BYTES);

	name->count = 0;
	if (!repeater_name_may_be(bytes, REPEATER_NAME_BYTES))
		return false;
	if (length > strlen(id) && strncasecmp(text, id, strlen(id)) == 0) {
		add(name, text + strlen(id), length - strlen(id));
	} else {
		add(name, text, length);
		add(name, text, measure_host(text, length));
	}
	return name->count > 0;
}

bool repeater_name_from_host(struct repeater_name *name, const char *host)
{
	size_t length = strlen(host);

	name->count = 0;
	if (length > REPEATER_NAME_BYTES ||
		!repeater_name_may_be((const uint8_t *)host, length))
		return false;
	add(name, host, length);
	add(name, host, strcspn(host, "."));
	return name->count > 0;
}
