/* view_rules.h - what the options say of every viewer's view.
 *
 * Owner:   whoever embeds it; view_rules_finish() frees.
 * Threads: the loop thread.
 */
#ifndef SERVER_VIEW_RULES_H
#define SERVER_VIEW_RULES_H

#include <stdbool.h>

#include "base/region.h"
#include "server/options/options.h"
#include "server/view/view_scale.h"
#include "server/view/view_turn.h"

struct view_rules {
	struct view_scale scale;
	struct view_ratio cursor_scale; /* 0/0: as the picture is scaled */
	struct view_turn turn;
	int least_width, least_height; /* -padgeom, or 0 */
	struct region black;           /* -blackout, on the root window */
	bool black_stops_pointer;
	bool black_gaps; /* -xinerama: what is on no monitor */
};

/* False: an error was logged, that names the option. view_rules_finish() in
 * either case. */
bool view_rules_init(struct view_rules *rules, const struct options *options);
void view_rules_finish(struct view_rules *rules);

/* Only whether it would be true. */
bool view_rules_check(const struct options *options);

/* "WxH+X+Y,WxH+X+Y,noptr". */
bool view_rules_parse_black(const char *text, struct view_rules *rules);

#endif
