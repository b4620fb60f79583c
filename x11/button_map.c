#include "x11/button_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "x11/key_remap.h"

static bool is_button(char digit)
{
	return digit >= '1' && digit <= '9';
}

static bool parse_keys(struct button_action *action, char *names)
{
	char *rest = names, *name;

	while ((name = strtok_r(rest, "+", &rest)) != NULL) {
		KeySym keysym = key_remap_symbol(name);

		if (keysym == NoSymbol || key_remap_is_button(keysym) ||
			action->key_count == BUTTON_MAP_KEYS)
			return false;
		action->keys[action->key_count++] = keysym;
	}
	return action->key_count > 0;
}

/* Returns what follows; NULL where it is not understood. */
static char *parse_action(struct button_action *action, char *at)
{
	char *end;

	*action = (struct button_action){ .mapped = true };
	if (*at >= '0' && *at <= '9') {
		action->button = (unsigned)(*at - '0');
		return at + 1;
	}
	end = *at == ':' ? strchr(at + 1, ':') : NULL;
	if (end == NULL)
		return NULL;
	*end = '\0';
	return parse_keys(action, at + 1) ? end + 1 : NULL;
}

static bool parse(struct button_map *map, char *text)
{
	char *to = strchr(text, '-'), *from;

	if (to == NULL || to == text)
		return false;
	*to++ = '\0';
	for (from = text; *from != '\0' && to != NULL; from++) {
		if (!is_button(*from) || *to == '\0')
			return false;
		to = parse_action(&map->actions[*from - '1'], to);
	}
	return to != NULL && *to == '\0';
}

bool button_map_parse(struct button_map *map, const char *text, char **error)
{
	char *copy = xstrdup(text);
	bool good = parse(map, copy);

	free(copy);
	if (!good)
		*error = xasprintf(
			"-buttonmap %s: expected as many buttons "
			"on both sides, as 123-321, or keys, as "
			"45-:Prior::Next:",
			text);
	return good;
}
