/* text.h - UTF-8, Latin-1, and text from strangers.
 *
 * Owner:   every char * returned is the caller's, to free().
 * Threads: any.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool text_is_utf8(const char *text, size_t length);

/* Next code point of valid UTF-8, advancing *at; U+FFFD for a broken byte. */
uint32_t text_next(const char **at, const char *end);

/* Appends a code point as UTF-8 at `to` (room for 4); returns the length. */
size_t text_put(char *to, uint32_t code_point);

char *text_from_latin1(const uint8_t *bytes, size_t length);

/* What Latin-1 lacks is written with what it has (transliteration.h), else as
 * '?'. *length gets the byte count. */
char *text_to_latin1(const char *utf8, size_t *length);

/* Text that was copied somewhere: valid UTF-8 up to the first NUL, with LF line
 * ends, U+FFFD for every broken byte. `bytes` may be NULL where there are none.
 * *length gets the byte count, which may be up to three times that of the
 * bytes. */
char *text_from_stranger(const void *bytes, size_t count, size_t *length);

/* A valid UTF-8 copy without control characters, at most `limit` bytes: fit
 * for a log line or a desktop name. Broken bytes are taken as Latin-1. */
char *text_printable(const char *bytes, size_t length, size_t limit);

#endif
