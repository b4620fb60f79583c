/* system_log.h - the machine's log: syslogd's socket, or another machine's over
 * UDP.
 *
 * The C library's syslog() waits where syslogd does not read; this one loses
 * the line instead.
 *
 * Owner:   embedded; system_log_close().
 * Threads: the loop thread.
 * Source:  RFC 3164.
 */
#ifndef SERVER_PROCESS_SYSTEM_LOG_H
#define SERVER_PROCESS_SYSTEM_LOG_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/log.h"

struct system_log {
	int fd; /* -1: none */
	int facility;
	struct sockaddr_storage address;
	socklen_t length;
};

/* `where`: a facility such as daemon or local3, the path of a socket, or
 * HOST[:PORT]; NULL is daemon on /dev/log. False: *error gets a sentence. */
bool system_log_open(struct system_log *log, const char *where, char **error);
void system_log_close(struct system_log *log);

void system_log_send(
	struct system_log *log, enum log_level level, const char *text);
/* syslog's number for it, 3 to 7. */
int system_log_severity(enum log_level level);

#endif
