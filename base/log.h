/* log.h - lines on stderr for the person who runs the program.
 *
 * Nothing here may stop or block the program: a closed stderr or a full disk
 * loses lines, nothing else. Untrusted text goes through text_printable()
 * first.
 *
 * Threads: the loop thread. The level is the one writable global of base/: it
 *          is set once, before any thread starts.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level {
	LOG_ERROR,   /* something the operator asked for did not happen */
	LOG_WARNING, /* works, but not as the operator may think */
	LOG_INFO,    /* who came, who went, what we do */
	LOG_DEBUG,   /* -v */
};

void log_set_level(enum log_level level);
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
