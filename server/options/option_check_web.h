/* option_check_web.h - the web options together: what websockify's plug-ins
 * mean is dealt out to the others, and header fields are made fit to be sent.
 *
 * Threads: the loop thread.
 * Errors:  false: a sentence was logged, without a password in it.
 */
#ifndef SERVER_OPTION_CHECK_WEB_H
#define SERVER_OPTION_CHECK_WEB_H

#include <stdbool.h>

struct options;

bool option_check_web(struct options *options);

#endif
