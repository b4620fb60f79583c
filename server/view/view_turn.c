#include "server/view/view_turn.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *text;
	struct view_turn turn;
} quarters[] = {
	{ "+90", { true, true, false } },
	{ "90", { true, true, false } },
	{ "+180", { false, true, true } },
	{ "180", { false, true, true } },
	{ "-180", { false, true, true } },
	{ "+270", { true, false, true } },
	{ "270", { true, false, true } },
	{ "-90", { true, false, true } },
	{ "-270", { true, true, false } },
	{ "0", { false, false, false } },
};

bool view_turn_parse(const char *text, struct view_turn *turn)
{
	const char *at = text;
	size_t i;

	*turn = (struct view_turn){ false, false, false };
	for (i = 0; i < sizeof(quarters) / sizeof(quarters[0]); i++) {
		size_t length = strlen(quarters[i].text);

		if (strncmp(text, quarters[i].text, length) != 0)
			continue;
		*turn = quarters[i].turn;
		at = text + length;
		break;
	}
	if (*at == 'x') {
		turn->mirrors = !turn->mirrors;
		at++;
	}
	if (*at == 'y') {
		turn->flips = !turn->flips;
		at++;
	}
	return *at == '\0' && at != text;
}

bool view_turn_is_none(struct view_turn turn)
{
	return !turn.swaps && !turn.mirrors && !turn.flips;
}

static struct rect swapped(struct rect rect)
{
	return (struct rect){ rect.y, rect.x, rect.height, rect.width };
}

static struct rect mirrored(
	struct view_turn turn, int width, int height, struct rect rect)
{
	if (turn.mirrors)
		rect.x = width - rect.x - rect.width;
	if (turn.flips)
		rect.y = height - rect.y - rect.height;
	return rect;
}

struct rect view_turn_rect(
	struct view_turn turn, int width, int height, struct rect rect)
{
	if (!turn.swaps)
		return mirrored(turn, width, height, rect);
	return mirrored(turn, height, width, swapped(rect));
}

struct rect view_turn_back(
	struct view_turn turn, int width, int height, struct rect rect)
{
	if (!turn.swaps)
		return mirrored(turn, width, height, rect);
	return swapped(mirrored(turn, height, width, rect));
}
