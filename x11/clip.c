#include "x11/clip.h"

#include <string.h>

enum { MOST_PIXELS = 65535 };

/* Digits, which are passed over. -1 for anything else. */
static int parse_number(const char **text)
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
	*text = at;
	return number;
}

static bool parse_offset(const char **text, int *offset, bool *far)
{
	char sign = **text;

	if (sign != '+' && sign != '-')
		return false;
	(*text)++;
	*far = sign == '-';
	*offset = parse_number(text);
	return *offset >= 0;
}

bool clip_parse(const char *text, struct clip *clip)
{
	*clip = (struct clip){ .from_right = false };
	clip->rect.width = parse_number(&text);
	if (clip->rect.width < 1 || *text++ != 'x')
		return false;
	clip->rect.height = parse_number(&text);
	if (clip->rect.height < 1)
		return false;
	if (*text == '\0')
		return true;
	return parse_offset(&text, &clip->rect.x, &clip->from_right) &&
	       parse_offset(&text, &clip->rect.y, &clip->from_bottom) &&
	       *text == '\0';
}

bool clip_is_geometry(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && text[digits] == 'x' && text[digits + 1] >= '0' &&
	       text[digits + 1] <= '9';
}

struct rect clip_place(const struct clip *clip, struct rect screen)
{
	struct rect rect = clip->rect;

	if (clip->from_right)
		rect.x = screen.width - rect.width - rect.x;
	if (clip->from_bottom)
		rect.y = screen.height - rect.height - rect.y;
	return rect;
}

static int between(int value, int least, int most)
{
	if (value > most)
		return most;
	return value < least ? least : value;
}

struct rect clip_apply(struct rect rect, struct rect screen)
{
	struct rect part = rect_intersect(rect, screen);

	if (!rect_is_empty(part))
		return part;
	part.x = between(rect.x, 0, screen.width - 1);
	part.y = between(rect.y, 0, screen.height - 1);
	part.width = 1;
	part.height = 1;
	return part;
}
