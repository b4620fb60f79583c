/* standard_streams.h - stdin, stdout and stderr.
 *
 * Threads: before there is a second one.
 */
#ifndef SERVER_PROCESS_STANDARD_STREAMS_H
#define SERVER_PROCESS_STANDARD_STREAMS_H

#include <stdbool.h>
#include <stddef.h>

/* Opens /dev/null for those that were closed when we were started: else the
 * next socket would be stderr, and a viewer would be sent the log. */
void standard_streams_complete(void);

/* To stdout. What nobody reads there for a second is lost. */
void standard_streams_print(const char *text, size_t length);

/* All three become /dev/null, but stderr if `keeps_log`. Who waits for the end
 * of our output sees it. */
void standard_streams_leave(bool keeps_log);

#endif
