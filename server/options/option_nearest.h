/* option_nearest.h - what a mistyped option was probably meant to be.
 *
 * Threads: any.
 */
#ifndef SERVER_OPTION_NEAREST_H
#define SERVER_OPTION_NEAREST_H

#include "server/options/option_name.h"

/* The name of either table that takes the fewest edits (letters inserted,
 * left out, changed or swapped with the next; one for what stands before it),
 * options of our own first. A zero length if nothing is near: half of the
 * letters differ. */
struct option_name option_nearest(struct option_name name);

#endif
