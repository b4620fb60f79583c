#include "server/view/look.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "server/desktop_link.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/view/view.h"
#include "x11/desktop.h"

enum { MOST_NAME = 64 };

bool looks_init(struct looks *looks, const struct options *options)
{
	looks->first = NULL;
	region_init(&looks->black);
	return view_rules_init(&looks->rules, options);
}

static void destroy(struct look *look)
{
	view_destroy(look->view);
	region_finish(&look->changed);
	free((char *)look->wish.monitor);
	free(look);
}

void looks_finish(struct looks *looks)
{
	while (looks->first != NULL) {
		struct look *look = looks->first;

		looks->first = look->next;
		destroy(look);
	}
	region_finish(&looks->black);
	view_rules_finish(&looks->rules);
}

/* ---- what there is to look at ---- */

static struct rect whole(const struct share *share)
{
	return (struct rect){ 0, 0, desktop_width(share->desktop),
		desktop_height(share->desktop) };
}

static void find_black(struct share *share)
{
	struct desktop_monitor monitors[DESKTOP_MOST_MONITORS];
	int i, count = desktop_monitors(share->desktop, monitors);
	struct rect area = whole(share), place;
	struct looks *looks = &share->looks;
	struct region gaps;

	place = desktop_place(share->desktop);
	region_copy(&looks->black, &looks->rules.black);
	region_translate(&looks->black, -place.x, -place.y);
	if (looks->rules.black_gaps) {
		region_init(&gaps);
		region_add_rect(&gaps, area);
		for (i = 0; i < count; i++)
			region_subtract_rect(&gaps, monitors[i].rect);
		region_add(&looks->black, &gaps);
		region_finish(&gaps);
	}
	region_intersect_rect(&looks->black, area);
}

/* The monitor's index among the layout's, -1 for none. */
static int find_monitor(const struct share *share, const char *monitor,
	const struct session_layout *all)
{
	struct rect rect;
	int i;

	if (monitor == NULL || monitor[0] == '\0')
		return -1;
	if (strspn(monitor, "0123456789") == strlen(monitor)) {
		i = strlen(monitor) < 4 ? atoi(monitor) : 0;
		return i <= all->count ? i - 1 : -1;
	}
	if (!desktop_find_monitor(share->desktop, monitor, &rect))
		return -1;
	for (i = 0; i < all->count; i++)
		if (rect_equal(all->screens[i].rect, rect))
			return i;
	return -1;
}

/* The monitors as the view has them; where it has none, it is one. */
static void view_layout(const struct view_map *map,
	const struct session_layout *all, struct session_layout *layout)
{
	int i;

	memset(layout, 0, sizeof(*layout));
	layout->width = map->width;
	layout->height = map->height;
	for (i = 0; i < all->count; i++) {
		struct session_screen screen = all->screens[i];

		screen.rect = view_map_rect(map, screen.rect);
		if (!rect_is_empty(screen.rect))
			layout->screens[layout->count++] = screen;
	}
	if (layout->count > 0)
		return;
	layout->count = 1;
	layout->screens[0] = all->screens[0];
	layout->screens[0].rect =
		(struct rect){ 0, 0, layout->width, layout->height };
}

/* ---- one look ---- */

/* Who may see one monitor alone sees the place where it was when it has gone,
 * and hardly anything where it never was. */
static struct rect find_place(const struct share *share,
	const struct look *look, const struct session_layout *all)
{
	int monitor = find_monitor(share, look->wish.monitor, all);
	struct rect last;

	if (monitor >= 0)
		return all->screens[monitor].rect;
	if (!look->wish.nothing_else)
		return whole(share);
	last = rect_intersect(look->from, whole(share));
	return rect_is_empty(last) ? (struct rect){ 0, 0, 1, 1 } : last;
}

static void refresh(struct share *share, struct look *look)
{
	const struct looks *looks = &share->looks;
	struct view_scale scale =
		view_scale_divide(looks->rules.scale, look->wish.divisor);
	struct view *view = look->view;
	struct session_layout all;

	desktop_link_layout(share, &all);
	look->from = find_place(share, look, &all);
	if (view == NULL)
		view = view_create();
	view_set(view, &looks->rules, &scale, look->from, &looks->black);
	look->all_new = true;
	if (view_map_is_plain(&view->map, all.width, all.height) &&
		region_is_empty(&looks->black)) {
		view_destroy(view);
		look->view = NULL;
		look->layout = all;
		return;
	}
	look->view = view;
	view_layout(&view->map, &all, &look->layout);
}

void looks_refresh(struct share *share)
{
	struct look *look;

	find_black(share);
	for (look = share->looks.first; look != NULL; look = look->next)
		refresh(share, look);
}

static bool is_like(const struct look *look, const struct look_wish *wish)
{
	const char *own = look->wish.monitor;

	return look->wish.divisor == wish->divisor &&
	       look->wish.nothing_else == wish->nothing_else &&
	       (own == NULL || wish->monitor == NULL
			       ? own == wish->monitor
			       : strcmp(own, wish->monitor) == 0);
}

struct look *look_take(struct share *share, struct look_wish wish)
{
	struct look *look = share->looks.first;

	/* A browser's may be anything; a user's is never empty. */
	if (wish.monitor != NULL && !wish.nothing_else &&
		(wish.monitor[0] == '\0' || strlen(wish.monitor) > MOST_NAME))
		wish.monitor = NULL;
	while (look != NULL && !is_like(look, &wish))
		look = look->next;
	if (look == NULL) {
		look = xcalloc(1, sizeof(*look));
		region_init(&look->changed);
		look->wish = wish;
		if (wish.monitor != NULL)
			look->wish.monitor = xstrdup(wish.monitor);
		look->next = share->looks.first;
		share->looks.first = look;
		refresh(share, look);
	}
	look->viewers++;
	return look;
}

void look_release(struct share *share, struct look *look)
{
	struct look **link = &share->looks.first;

	if (look == NULL || --look->viewers > 0)
		return;
	while (*link != look)
		link = &(*link)->next;
	*link = look->next;
	destroy(look);
}

/* ---- a capture ---- */

static void begin(struct look *look, struct frame *area,
	const struct region *changed, const struct move_list *moves)
{
	look->area = area;
	look->area_changed = changed;
	look->area_moves = moves;
	look->picture = NULL;
	if (look->view == NULL)
		return;
	view_damage(look->view, changed, &look->changed);
	view_moves(look->view, moves, &look->moves);
	if (look->all_new) {
		look->moves.count = 0;
		region_add_rect(
			&look->changed, (struct rect){ 0, 0, look->layout.width,
						look->layout.height });
	}
	look->all_new = false;
}

void looks_begin(struct share *share, struct frame *area,
	const struct region *changed, const struct move_list *moves)
{
	struct look *look = share->looks.first;

	for (; look != NULL; look = look->next)
		begin(look, area, changed, moves);
}

void looks_end(struct share *share)
{
	struct look *look = share->looks.first;

	for (; look != NULL; look = look->next) {
		frame_unref(look->picture);
		look->picture = look->area = NULL;
	}
}

const struct region *look_changed(const struct look *look)
{
	return look->view == NULL ? look->area_changed : &look->changed;
}

const struct move_list *look_moves(const struct look *look)
{
	return look->view == NULL ? look->area_moves : &look->moves;
}

struct frame *look_picture(struct look *look)
{
	if (look->view == NULL)
		return look->area;
	if (look->picture == NULL)
		look->picture = view_picture(look->view, look->area);
	return look->picture;
}

/* ---- the pointer ---- */

struct cursor_image *look_cursor(
	const struct look *look, struct cursor_image *cursor)
{
	return look->view == NULL ? cursor : view_cursor(look->view, cursor);
}

void look_point(const struct look *look, int *x, int *y)
{
	if (look->view != NULL)
		view_map_point(&look->view->map, x, y);
}

void look_point_back(const struct look *look, int *x, int *y)
{
	if (look->view != NULL)
		view_map_point_back(&look->view->map, x, y);
}

bool looks_stop_pointer(const struct looks *looks, int x, int y)
{
	return looks->rules.black_stops_pointer &&
	       region_contains(&looks->black, (struct rect){ x, y, 1, 1 });
}

bool look_is_whole(const struct look *look, const struct share *share)
{
	return look->layout.width == desktop_width(share->desktop) &&
	       look->layout.height == desktop_height(share->desktop);
}
