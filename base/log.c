#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
	enum log_level level;
	log_sink *sink; /* NULL: stderr */
	void *context;
} log_state = { LOG_INFO, NULL, NULL };

void log_set_level(enum log_level level)
{
	log_state.level = level;
}

void log_set_sink(log_sink *sink, void *context)
{
	log_state.sink = sink;
	log_state.context = context;
}

size_t log_compose(
	char line[LOG_LINE_BYTES], enum log_level level, const char *text)
{
	static const char *const marks[] = { "error: ", "warning: ", "", "" };
	time_t seconds = time(NULL);
	struct tm now;
	size_t used;
	int wanted;

	localtime_r(&seconds, &now);
	used = strftime(line, LOG_LINE_BYTES, "%Y-%m-%d %H:%M:%S ", &now);
	wanted = snprintf(line + used, LOG_LINE_BYTES - used - 1,
		"x11wsvnc: %s%s", marks[level], text);
	if (wanted > 0)
		used += (size_t)wanted;
	if (used > LOG_LINE_BYTES - 2)
		used = LOG_LINE_BYTES - 2;
	line[used++] = '\n';
	line[used] = '\0';
	return used;
}

static void write_line(enum log_level level, const char *text)
{
	char line[LOG_LINE_BYTES];
	size_t used = log_compose(line, level, text);

	if (write(STDERR_FILENO, line, used) < 0)
		return; /* nowhere left to say so */
}

__attribute__((format(printf, 2, 0))) static void say(
	enum log_level level, const char *format, va_list list)
{
	char text[LOG_LINE_BYTES];

	if (level > log_state.level ||
		vsnprintf(text, sizeof(text), format, list) < 0)
		return;
	if (log_state.sink != NULL)
		log_state.sink(log_state.context, level, text);
	else
		write_line(level, text);
}

#define LOG_FUNCTION(name, level)                                              \
	void name(const char *format, ...)                                     \
	{                                                                      \
		va_list list;                                                  \
                                                                               \
		va_start(list, format);                                        \
		say(level, format, list);                                      \
		va_end(list);                                                  \
	}

LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_debug, LOG_DEBUG)
