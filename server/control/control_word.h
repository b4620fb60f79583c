/* control_word.h - what people type behind -R, as a request: x11vnc's words
 * where they make sense here.
 *
 * Threads: any; pure.
 */
#ifndef SERVER_CONTROL_CONTROL_WORD_H
#define SERVER_CONTROL_CONTROL_WORD_H

#include <jansson.h>
#include <stdbool.h>

/* Gives the request for "disconnect:all". A word of no meaning of its own is
 * taken for an option, "fps:30". NULL: it is not UTF-8. */
json_t *control_word_request(const char *text);
/* Whether its answer is to be shown, and not only that it was done. */
bool control_word_tells(const char *text);

#endif
