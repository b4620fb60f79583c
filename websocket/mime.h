/* mime.h - a file's media type, from the end of its name.
 *
 * Browsers run no module whose type is not JavaScript's and draw no SVG whose
 * type is not SVG's (CLIENTS rule 10); a type is never guessed from contents.
 *
 * Threads: any; pure functions.
 */
#ifndef WEBSOCKET_MIME_H
#define WEBSOCKET_MIME_H

#include <stdbool.h>

/* A constant string; "application/octet-stream" for what is unknown. */
const char *mime_type(const char *path);

/* Whether files of that type shrink when packed. */
bool mime_is_packable(const char *type);

#endif
