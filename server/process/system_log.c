#include "server/process/system_log.h"

#include <errno.h>
#include <netdb.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/xmalloc.h"

static const char *const facilities[] = { "kern", "user", "mail", "daemon",
	"auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
	"ftp", [16] = "local0", "local1", "local2", "local3", "local4",
	"local5", "local6", "local7" };

enum {
	FACILITIES = sizeof(facilities) / sizeof(facilities[0]),
	DAEMON = 3,
};

#define DEFAULT_SOCKET "/dev/log"
#define DEFAULT_PORT "514"

int system_log_severity(enum log_level level)
{
	static const int severities[] = { 3, 4, 6, 7 };

	return severities[level];
}

static int find_facility(const char *name)
{
	for (int i = 0; i < FACILITIES; i++)
		if (facilities[i] != NULL && !strcasecmp(facilities[i], name))
			return i;
	return -1;
}

static bool set_path(struct system_log *log, const char *path)
{
	struct sockaddr_un *address = (struct sockaddr_un *)&log->address;

	if (strlen(path) >= sizeof(address->sun_path))
		return false;
	address->sun_family = AF_UNIX;
	strcpy(address->sun_path, path);
	log->length = sizeof(*address);
	return true;
}

static bool set_host(struct system_log *log, const char *text)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *found = NULL;
	const char *colon = strrchr(text, ':');
	char *host;

	if (colon != NULL && strchr(text, ':') != colon)
		colon = NULL; /* an IPv6 address */
	host = xstrndup(
		text, colon != NULL ? (size_t)(colon - text) : strlen(text));
	if (getaddrinfo(host, colon != NULL ? colon + 1 : DEFAULT_PORT, &hints,
		    &found) == 0) {
		memcpy(&log->address, found->ai_addr, found->ai_addrlen);
		log->length = found->ai_addrlen;
		freeaddrinfo(found);
	}
	free(host);
	return log->length > 0;
}

bool system_log_open(struct system_log *log, const char *where, char **error)
{
	int facility = where != NULL ? find_facility(where) : DAEMON;
	bool good;

	*log = (struct system_log){ .fd = -1, .facility = DAEMON };
	if (facility >= 0) {
		log->facility = facility;
		where = DEFAULT_SOCKET;
	}
	good = where[0] == '/' ? set_path(log, where) : set_host(log, where);
	if (!good) {
		*error = xasprintf(
			"-syslog: '%s' is no facility such as daemon or "
			"local0, no socket's path and no host that is found",
			where);
		return false;
	}
	log->fd = socket(log->address.ss_family,
		SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (log->fd >= 0 && (where[0] != '/' || access(where, W_OK) == 0))
		return true;
	*error = xasprintf(
		"-syslog: cannot write to %s: %s", where, strerror(errno));
	system_log_close(log);
	return false;
}

void system_log_close(struct system_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}

/* Never connected: a syslogd that was started anew is found again. */
void system_log_send(
	struct system_log *log, enum log_level level, const char *text)
{
	time_t seconds = time(NULL);
	char line[LOG_LINE_BYTES + 64], date[32];
	struct tm now;
	int length;

	if (log->fd < 0)
		return;
	localtime_r(&seconds, &now);
	strftime(date, sizeof(date), "%b %e %H:%M:%S", &now);
	length = snprintf(line, sizeof(line), "<%d>%s x11wsvnc[%ld]: %s",
		log->facility * 8 + system_log_severity(level), date,
		(long)getpid(), text);
	if (length >= (int)sizeof(line))
		length = sizeof(line) - 1;
	sendto(log->fd, line, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT,
		(struct sockaddr *)&log->address, log->length);
}
