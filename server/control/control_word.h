/* control_word.h - what people type behind -R, as a request: x11vnc's words
 * where they make sense here.
 *
 * Threads: any; pure.
 */
#ifndef SERVER_CONTROL_CONTROL_WORD_H
#define SERVER_CONTROL_CONTROL_WORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* What follows "NAME/", where `text` begins with the name of a desktop: that
 * many bytes of it. Else all of it, and 0. */
const char *control_word_desktop(const char *text, size_t *length);

/* Gives the request for "disconnect:all", "lab1/disconnect:all". A word of no
 * meaning of its own is taken for an option, "fps:30". NULL: it is not UTF-8.
 */
json_t *control_word_request(const char *text);
/* Whether its answer is to be shown, and not only that it was done. */
bool control_word_tells(const char *text);

#endif
