#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static enum log_level log_level = LOG_INFO;

void log_set_level(enum log_level level)
{
	log_level = level;
}

__attribute__((format(printf, 2, 0))) static void write_line(
	enum log_level level, const char *format, va_list list)
{
	static const char *const marks[] = { "error: ", "warning: ", "", "" };
	char line[1024];
	struct tm now;
	time_t seconds;
	size_t used;
	int wanted;

	if (level > log_level)
		return;
	seconds = time(NULL);
	localtime_r(&seconds, &now);
	used = strftime(line, sizeof(line), "%Y-%m-%d %H:%M:%S ", &now);
	wanted = snprintf(
		line + used, sizeof(line) - used, "x11wsvnc: %s", marks[level]);
	used += (size_t)wanted;
	wanted = vsnprintf(line + used, sizeof(line) - used - 1, format, list);
	if (wanted < 0)
		return;
	used += (size_t)wanted;
	if (used > sizeof(line) - 2)
		used = sizeof(line) - 2;
	line[used++] = '\n';
	if (write(STDERR_FILENO, line, used) < 0)
		return; /* nowhere left to say so */
}

#define LOG_FUNCTION(name, level)                                              \
	void name(const char *format, ...)                                     \
	{                                                                      \
		va_list list;                                                  \
                                                                               \
		va_start(list, format);                                        \
		write_line(level, format, list);                               \
		va_end(list);                                                  \
	}

LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_debug, LOG_DEBUG)
