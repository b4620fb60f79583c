#include "server/view/view_scale.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A ratio's parts: neither overflows when multiplied by a side. */
enum { MOST_PART = 1 << 20, MOST_DIVISOR = 64, LEAST_GEOMETRY = 16 };

struct view_scale view_scale_none(void)
{
	return (struct view_scale){
		.x = { 1, 1 }, .y = { 1, 1 }, .blends = true
	};
}

static bool read_digits(const char **text, int *number, int *digits)
{
	const char *at = *text;

	for (; *at >= '0' && *at <= '9'; at++) {
		*number = *number * 10 + (*at - '0');
		if (*number > MOST_PART)
			return false;
		(*digits)++;
	}
	*text = at;
	return true;
}

/* "3/4" or "0.75"; *whole tells a number without either. */
static bool read_ratio(const char **text, struct view_ratio *ratio, bool *whole)
{
	int digits = 0, after = 0;

	*ratio = (struct view_ratio){ 0, 1 };
	*whole = false;
	if (!read_digits(text, &ratio->numerator, &digits))
		return false;
	if (digits > 0 && **text == '/') {
		(*text)++;
		ratio->denominator = digits = 0;
		if (!read_digits(text, &ratio->denominator, &digits) ||
			digits == 0)
			return false;
	} else if (**text == '.') {
		(*text)++;
		if (!read_digits(text, &ratio->numerator, &after))
			return false;
		for (digits += after; after > 0; after--)
			ratio->denominator *= 10;
	} else {
		*whole = true;
	}
	return digits > 0 && ratio->numerator > 0 && ratio->denominator > 0 &&
	       ratio->denominator <= MOST_PART;
}

bool view_scale_parse_ratio(const char *text, struct view_ratio *ratio)
{
	bool whole;

	return read_ratio(&text, ratio, &whole) && *text == '\0';
}

static void read_words(const char *text, struct view_scale *scale)
{
	while (*text != '\0') {
		size_t length = strcspn(text, ":,");

		if (length == 2 && strncmp(text, "nb", 2) == 0)
			scale->blends = false;
		text += length;
		text += strspn(text, ":,");
	}
}

bool view_scale_parse(const char *text, struct view_scale *scale)
{
	bool whole, whole_y;

	*scale = view_scale_none();
	if (!read_ratio(&text, &scale->x, &whole))
		return false;
	scale->y = scale->x;
	if (*text == 'x') {
		text++;
		if (!read_ratio(&text, &scale->y, &whole_y))
			return false;
		if (whole && whole_y && scale->x.numerator >= LEAST_GEOMETRY &&
			scale->y.numerator >= LEAST_GEOMETRY) {
			scale->width = scale->x.numerator;
			scale->height = scale->y.numerator;
			scale->x = scale->y = (struct view_ratio){ 1, 1 };
		}
	}
	if (*text == ':')
		read_words(text + 1, scale);
	else if (*text != '\0')
		return false;
	return scale->width <= VIEW_SCALE_MOST_SIDE &&
	       scale->height <= VIEW_SCALE_MOST_SIDE;
}

struct view_scale view_scale_divide(struct view_scale scale, int n)
{
	if (n > MOST_DIVISOR)
		n = MOST_DIVISOR;
	if (scale.width > 0) {
		scale.width = (scale.width + n - 1) / n;
		scale.height = (scale.height + n - 1) / n;
	}
	scale.x.denominator *= n;
	scale.y.denominator *= n;
	return scale;
}

static int64_t side(int length, struct view_ratio ratio)
{
	return ((int64_t)length * ratio.numerator + ratio.denominator / 2) /
	       ratio.denominator;
}

static int limited(int64_t length)
{
	if (length > VIEW_SCALE_MOST_SIDE)
		return VIEW_SCALE_MOST_SIDE;
	return length < 1 ? 1 : (int)length;
}

/* Too many pixels: both sides become smaller alike. */
static void limit_pixels(int *width, int *height)
{
	while ((int64_t)*width * *height > VIEW_SCALE_MOST_PIXELS) {
		*width = limited(*width / 2);
		*height = limited(*height / 2);
	}
}

void view_scale_size(const struct view_scale *scale, int *width, int *height)
{
	if (scale->width > 0) {
		*width = scale->width;
		*height = scale->height;
	} else {
		*width = limited(side(*width, scale->x));
		*height = limited(side(*height, scale->y));
	}
	limit_pixels(width, height);
}
