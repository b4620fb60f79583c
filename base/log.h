/* log.h - lines for the person who runs the program: on stderr, unless
 * somebody takes them elsewhere.
 *
 * Nothing here may stop or block the program: a closed stderr or a full disk
 * loses lines, nothing else. Untrusted text goes through text_printable()
 * first.
 *
 * Threads: the loop thread. What log.c keeps is one of the few writable
 * globals: set before any thread starts, later by the loop thread alone.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>

enum log_level {
	LOG_ERROR,   /* something the operator asked for did not happen */
	LOG_WARNING, /* works, but not as the operator may think */
	LOG_INFO,    /* who came, who went, what we do */
	LOG_DEBUG,   /* -v */
};

/* Room for a line as log_compose() makes it, with its end. */
enum { LOG_LINE_BYTES = 1024 };

/* Takes one line without date and newline. */
typedef void log_sink(void *context, enum log_level level, const char *text);

void log_set_level(enum log_level level);
/* NULL: stderr again. Keeps the context. */
void log_set_sink(log_sink *sink, void *context);

/* With date, the program's name and a newline, cut where it is too long; its
 * bytes. */
size_t log_compose(
	char line[LOG_LINE_BYTES], enum log_level level, const char *text);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
