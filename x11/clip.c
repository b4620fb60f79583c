#include "x11/clip.h"

enum { MOST_PIXELS = 65535 };

/* Digits up to `end`, which is passed over. -1 for anything else. */
static int parse_number(const char **text, char end)
{
	const char *at = *text;
	int number = 0;

	if (*at < '0' || *at > '9')
		return -1;
	for (; *at >= '0' && *at <= '9'; at++) {
		number = number * 10 + (*at - '0');
		if (number > MOST_PIXELS)
			return -1;
	}
	if (*at != end)
		return -1;
	*text = end == '\0' ? at : at + 1;
	return number;
}

bool clip_parse(const char *text, struct rect *clip)
{
	clip->width = parse_number(&text, 'x');
	if (clip->width < 1)
		return false;
	clip->height = parse_number(&text, '+');
	if (clip->height < 1)
		return false;
	clip->x = parse_number(&text, '+');
	if (clip->x < 0)
		return false;
	clip->y = parse_number(&text, '\0');
	return clip->y >= 0;
}

struct rect clip_apply(struct rect clip, struct rect screen)
{
	struct rect part = rect_intersect(clip, screen);

	if (!rect_is_empty(part))
		return part;
	part.x = clip.x < screen.width ? clip.x : screen.width - 1;
	part.y = clip.y < screen.height ? clip.y : screen.height - 1;
	part.width = 1;
	part.height = 1;
	return part;
}
