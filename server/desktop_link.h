/* desktop_link.h - carries what happens on the X11 desktop to the viewers.
 *
 * Owner:   opens share->desktop and closes it.
 * Threads: the loop thread.
 */
#ifndef SERVER_DESKTOP_LINK_H
#define SERVER_DESKTOP_LINK_H

#include <stdbool.h>

#include "rfb/session.h"

struct options;
struct share;
struct viewer;

/* Whether the options can be understood, as far as can be known without a
 * display. False: *error gets a sentence, the caller's. */
bool desktop_link_check(const struct options *options, char **error);

/* False: *error gets a sentence, the caller's. */
bool desktop_link_open(struct share *share, char **error);
void desktop_link_close(struct share *share);

/* For display_keeper.h: the desktop is lost; another is opened in its place
 * (false: *error gets a sentence, or stays NULL where on_lost tells it); and
 * viewers are told of it. */
void desktop_link_away(struct share *share);
bool desktop_link_reopen(struct share *share, const char *display,
	const char *authority, char **error);
void desktop_link_back(struct share *share);

/* The display's; empty where there is none. */
const char *desktop_link_name(const struct share *share);

/* What the display says now, for ExtendedDesktopSize. */
void desktop_link_layout(
	const struct share *share, struct session_layout *layout);

/* Tells a viewer that has just logged in what it cannot know. */
void desktop_link_welcome(struct share *share, struct viewer *viewer);
/* It looks at something else now. */
void desktop_link_tell_look(struct share *share, struct viewer *viewer);

/* There are more viewers, or fewer: tells those at the screen. */
void desktop_link_count_viewers(struct share *share);

/* A viewer wants the screen like this; the others are told at once. */
enum session_resize_status desktop_link_resize(
	struct share *share, const struct session_layout *wanted);

/* To be called before every sleep: what came along unasked, */
void desktop_link_turn(struct share *share);
/* and then: the desktop may have something to do though nothing comes. */
void desktop_link_arm(struct share *share);

#endif
