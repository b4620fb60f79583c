#include "server/view/view_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"

enum { MOST_SIDE = 65535 };

static bool read_geometry(const char *text, struct rect *rect)
{
	char rest;

	return strspn(text, "0123456789x+") == strlen(text) &&
	       sscanf(text, "%5dx%5d+%5d+%5d%c", &rect->width, &rect->height,
		       &rect->x, &rect->y, &rest) == 4 &&
	       !rect_is_empty(*rect) && rect->width <= MOST_SIDE &&
	       rect->height <= MOST_SIDE;
}

bool view_rules_parse_black(const char *text, struct view_rules *rules)
{
	while (*text != '\0') {
		size_t length = strcspn(text, ",");
		char *word = xstrndup(text, length);
		struct rect rect;
		bool good = true;

		if (strcmp(word, "noptr") == 0)
			rules->black_stops_pointer = true;
		else if ((good = read_geometry(word, &rect)))
			region_add_rect(&rules->black, rect);
		free(word);
		if (!good)
			return false;
		text += length;
		text += strspn(text, ",");
	}
	return true;
}

static bool read_size(const char *text, int *width, int *height)
{
	char rest;

	return strspn(text, "0123456789x") == strlen(text) &&
	       sscanf(text, "%5dx%5d%c", width, height, &rest) == 2 &&
	       *width > 0 && *height > 0 && *width <= VIEW_SCALE_MOST_SIDE &&
	       *height <= VIEW_SCALE_MOST_SIDE &&
	       (long)*width * *height <= VIEW_SCALE_MOST_PIXELS;
}

static bool fail(const char *option, const char *value, const char *wanted)
{
	log_error("%s: '%s' is not understood: give %s", option, value, wanted);
	return false;
}

static bool read_scales(struct view_rules *rules, const struct options *options)
{
	if (options->scale != NULL &&
		!view_scale_parse(options->scale, &rules->scale))
		return fail("-scale", options->scale,
			"0.5, 3/4 or 1024x768, perhaps with :nb behind");
	if (options->scale_cursor != NULL &&
		!view_scale_parse_ratio(
			options->scale_cursor, &rules->cursor_scale))
		return fail("-scale_cursor", options->scale_cursor,
			"0.5, 3/4 or 1");
	return true;
}

bool view_rules_init(struct view_rules *rules, const struct options *options)
{
	memset(rules, 0, sizeof(*rules));
	region_init(&rules->black);
	rules->scale = view_scale_none();
	rules->black_gaps = options->xinerama;
	if (!read_scales(rules, options))
		return false;
	if (options->rotate != NULL &&
		!view_turn_parse(options->rotate, &rules->turn))
		return fail("-rotate", options->rotate,
			"90, 180, 270, x, y or such as +90x");
	if (options->pad_geometry != NULL &&
		!read_size(options->pad_geometry, &rules->least_width,
			&rules->least_height))
		return fail("-padgeom", options->pad_geometry,
			"a size such as 1024x768");
	if (options->blackout != NULL &&
		!view_rules_parse_black(options->blackout, rules))
		return fail("-blackout", options->blackout,
			"WxH+X+Y, or several parted by commas");
	return true;
}

bool view_rules_check(const struct options *options)
{
	struct view_rules rules;
	bool good = view_rules_init(&rules, options);

	view_rules_finish(&rules);
	return good;
}

void view_rules_finish(struct view_rules *rules)
{
	region_finish(&rules->black);
}
