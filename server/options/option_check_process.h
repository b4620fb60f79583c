/* option_check_process.h - what the options of the program itself mean: where
 * the log goes, how it is started.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_OPTIONS_OPTION_CHECK_PROCESS_H
#define SERVER_OPTIONS_OPTION_CHECK_PROCESS_H

#include <stdbool.h>

struct options;

/* False: a sentence was logged. May ask at the terminal. */
bool option_check_process(struct options *options);

#endif
