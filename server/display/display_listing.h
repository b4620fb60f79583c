/* display_listing.h - prints what -find, and -auth guess, find: -finddpy,
 * -listdpy, -findauth.
 *
 * Threads: it forks and blocks.
 */
#ifndef SERVER_DISPLAY_DISPLAY_LISTING_H
#define SERVER_DISPLAY_DISPLAY_LISTING_H

#include <stdbool.h>

struct options;

bool display_listing_is_asked(const struct options *options);
/* The exit code; EXIT_DISPLAY where there is none, which was logged. */
int display_listing_print(const struct options *options);

#endif
