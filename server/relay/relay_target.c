#include "server/relay/relay_target.h"

#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static bool copy_place(
	struct relay_target *target, const char *text, size_t length)
{
	if (length == 0 || length >= sizeof(target->place))
		return false;
	memcpy(target->place, text, length);
	target->place[length] = '\0';
	return true;
}

static bool read_port(const char *text, size_t length, int *port)
{
	size_t i;

	*port = 0;
	if (length == 0 || length > 5)
		return false;
	for (i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*port = *port * 10 + (text[i] - '0');
	}
	return *port > 0 && *port <= 65535;
}

static bool is_host(const char *text, size_t length)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789.-_:%";
	size_t i;

	for (i = 0; i < length; i++)
		if (text[i] == '\0' || strchr(allowed, text[i]) == NULL)
			return false;
	return length > 0 && text[0] != '-';
}

static bool read_tcp(
	struct relay_target *target, const char *text, size_t length)
{
	const char *colon = memrchr(text, ':', length);
	size_t host_length;

	if (colon == NULL)
		return false;
	host_length = (size_t)(colon - text);
	if (!read_port(colon + 1, length - host_length - 1, &target->port))
		return false;
	if (host_length >= 2 && text[0] == '[' && colon[-1] == ']') {
		text++;
		host_length -= 2;
	}
	target->kind = RELAY_TCP;
	return is_host(text, host_length) &&
	       copy_place(target, text, host_length);
}

static bool starts(const char *text, size_t length, const char *with)
{
	return length >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

static bool read_path(
	struct relay_target *target, const char *text, size_t length)
{
	target->kind = RELAY_LOCAL;
	return memchr(text, '\0', length) == NULL &&
	       length < sizeof(((struct sockaddr_un *)NULL)->sun_path) &&
	       copy_place(target, text, length);
}

static bool read_name(
	struct relay_target *target, const char *text, size_t length)
{
	target->kind = RELAY_DISPLAY;
	return memchr(text, '\0', length) == NULL &&
	       copy_place(target, text, length);
}

bool relay_target_set_path(struct relay_target *target, const char *path)
{
	memset(target, 0, sizeof(*target));
	if (read_path(target, path, strlen(path)))
		return true;
	target->kind = RELAY_NOWHERE;
	return false;
}

bool relay_target_parse(
	struct relay_target *target, const char *text, size_t length)
{
	static const char local[] = "unix_socket:", display[] = "display",
			  named[] = "display/";
	bool good;

	memset(target, 0, sizeof(*target));
	if (length == strlen(display) && starts(text, length, display)) {
		target->kind = RELAY_DISPLAY;
		return true;
	}
	if (starts(text, length, named))
		good = read_name(
			target, text + strlen(named), length - strlen(named));
	else if (starts(text, length, local))
		good = read_path(
			target, text + strlen(local), length - strlen(local));
	else
		good = read_tcp(target, text, length);
	if (!good)
		memset(target, 0, sizeof(*target));
	return good;
}

void relay_target_format(const struct relay_target *target, char *text)
{
	bool v6 = strchr(target->place, ':') != NULL;

	switch (target->kind) {
	case RELAY_TCP:
		snprintf(text, RELAY_TARGET_TEXT_BYTES, "%s%s%s:%d",
			v6 ? "[" : "", target->place, v6 ? "]" : "",
			target->port);
		return;
	case RELAY_LOCAL:
		snprintf(text, RELAY_TARGET_TEXT_BYTES, "%s", target->place);
		return;
	case RELAY_DISPLAY:
		snprintf(text, RELAY_TARGET_TEXT_BYTES, "display");
		return;
	case RELAY_NOWHERE:
		break;
	}
	snprintf(text, RELAY_TARGET_TEXT_BYTES, "nowhere");
}
