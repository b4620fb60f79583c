/* option_check_tls.h - the TLS options together: -ssl is dealt out to the
 * others, and what contradicts itself is refused.
 *
 * Threads: the loop thread.
 * Errors:  false: a sentence was logged.
 */
#ifndef SERVER_OPTION_CHECK_TLS_H
#define SERVER_OPTION_CHECK_TLS_H

#include <stdbool.h>

struct options;

bool option_check_tls(struct options *options);

#endif
