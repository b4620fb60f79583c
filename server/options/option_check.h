/* option_check.h - what the options mean together, once all are read.
 *
 * Threads: the loop thread.
 * Errors:  false: a sentence was logged.
 */
#ifndef SERVER_OPTION_CHECK_H
#define SERVER_OPTION_CHECK_H

#include <stdbool.h>

struct options;

/* Puts in what follows from the environment ($DISPLAY, $HOME) and refuses
 * what contradicts. */
bool option_check(struct options *options);

#endif
