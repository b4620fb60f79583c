/* option_check_relay.h - what the options say of other servers.
 *
 * Threads: before there is a second one.
 * Errors:  false: a sentence was logged.
 */
#ifndef SERVER_OPTIONS_OPTION_CHECK_RELAY_H
#define SERVER_OPTIONS_OPTION_CHECK_RELAY_H

#include <stdbool.h>

struct options;

bool option_check_relay(struct options *options);

/* Whether a word that no option took may be websockify's [ADDR:]PORT. */
bool option_check_relay_is_source(const char *text);
/* It is not: says what was meant; false. */
bool option_check_relay_say_stray(const char *text);

#endif
