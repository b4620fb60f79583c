/* log_target.h - where the log goes: stderr, journald behind it, -o's file,
 * syslog.
 *
 * A line that would have to wait (a pipe that nobody empties, a terminal that
 * was stopped) or has no room (a full disk) is lost; how many were is said when
 * lines can be written again.
 *
 * Owner:   main's stack; log_target_close() before it goes.
 * Threads: the loop thread.
 */
#ifndef SERVER_PROCESS_LOG_TARGET_H
#define SERVER_PROCESS_LOG_TARGET_H

#include <stdbool.h>

#include "server/process/system_log.h"

struct options;

struct log_target {
	const char *file; /* -o; it is stderr then, for what libraries write */
	bool journal;     /* stderr is journald's */
	bool use_stderr;
	struct system_log system;
	unsigned long lost;
};

/* False: a sentence was logged. Keeps the options' strings. */
bool log_target_open(struct log_target *target, const struct options *options);
/* The file once more, by its name: logrotate moved the old one away. */
void log_target_reopen(struct log_target *target);
void log_target_set_level(const struct options *options);
void log_target_close(struct log_target *target);

#endif
