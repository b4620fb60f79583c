/* token_text.h - what a file of tokens says: lines of "name: target".
 *
 * Blank lines and those that begin with # mean nothing; a token may have
 * colons, because only one before a blank ends it; of two lines for one token
 * the last counts.
 *
 * Threads: any; pure.
 * Source:  websockify's TokenFile.
 */
#ifndef SERVER_RELAY_TOKEN_TEXT_H
#define SERVER_RELAY_TOKEN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct relay_target;

enum { TOKEN_MOST_BYTES = 512 };

/* False: it is not there, or what is written there is no target. */
bool token_text_find(const char *text, size_t length, const char *token,
	struct relay_target *target);

/* A file that is one target, perhaps with a line's end behind it. */
bool token_text_target(
	const char *text, size_t length, struct relay_target *target);

/* As it may be shown: the first letters and how many there are. */
enum { TOKEN_SHOWN_BYTES = 32 };
void token_text_shorten(const char *token, char shown[TOKEN_SHOWN_BYTES]);

#endif
