#include "server/process/log_target.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "server/options/options.h"

/* ---- stderr ---- */

static bool is_writable(int fd)
{
	struct pollfd waited = { .fd = fd, .events = POLLOUT };

	return poll(&waited, 1, 0) == 1 && (waited.revents & POLLOUT) != 0;
}

/* journald takes the importance from the start of a line, and knows the time
 * and the name by itself. Source: sd-daemon(3). */
static size_t compose(const struct log_target *target,
	char line[LOG_LINE_BYTES], enum log_level level, const char *text)
{
	int length;

	if (!target->journal)
		return log_compose(line, level, text);
	length = snprintf(line, LOG_LINE_BYTES - 1, "<%d>%s",
		system_log_severity(level), text);
	if (length > LOG_LINE_BYTES - 2)
		length = LOG_LINE_BYTES - 2;
	line[length++] = '\n';
	return (size_t)length;
}

static bool put(
	struct log_target *target, enum log_level level, const char *text)
{
	char line[LOG_LINE_BYTES];
	size_t length = compose(target, line, level, text);

	return is_writable(STDERR_FILENO) &&
	       write(STDERR_FILENO, line, length) == (ssize_t)length;
}

static void put_or_count(
	struct log_target *target, enum log_level level, const char *text)
{
	char confession[64];

	snprintf(confession, sizeof(confession),
		"%lu lines of the log were lost", target->lost);
	if (target->lost > 0 && put(target, LOG_WARNING, confession))
		target->lost = 0;
	if (target->lost > 0 || !put(target, level, text))
		target->lost++;
}

static void take_line(void *context, enum log_level level, const char *text)
{
	struct log_target *target = context;

	if (target->use_stderr)
		put_or_count(target, level, text);
	system_log_send(&target->system, level, text);
}

/* Whether stderr is the stream that $JOURNAL_STREAM tells of: a script may have
 * sent it elsewhere. Source: systemd.exec(5). */
static bool is_journal(void)
{
	const char *text = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat about;

	return text != NULL &&
	       sscanf(text, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &about) == 0 && about.st_dev == device &&
	       about.st_ino == inode;
}

/* ---- the file ---- */

/* Always at the end, so that a file that is emptied under us does not get a
 * hole; one that is a pipe without a reader must not hold us up. */
static bool open_file(const char *path, int truncate)
{
	int fd = open(path,
		O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY |
			O_NONBLOCK | truncate,
		0600);

	if (fd < 0)
		return false;
	dup2(fd, STDERR_FILENO);
	close(fd);
	return true;
}

static bool begin_file(struct log_target *target, const struct options *options)
{
	target->file = options->log_file;
	if (target->file == NULL)
		target->file = options->log_append;
	if (target->file == NULL ||
		open_file(target->file, options->log_file ? O_TRUNC : 0))
		return true;
	log_error("cannot write the log %s: %s", target->file, strerror(errno));
	return false;
}

void log_target_reopen(struct log_target *target)
{
	if (target->file == NULL) {
		log_info("SIGUSR1: the log is no file (-o), nothing to open");
		return;
	}
	if (open_file(target->file, 0))
		log_info("the log was opened again");
	else
		log_error(
			"cannot open the log %s again, going on with the old "
			"one: %s",
			target->file, strerror(errno));
}

/* ---- all of it ---- */

void log_target_set_level(const struct options *options)
{
	if (options->quiet)
		log_set_level(LOG_WARNING);
	else if (options->verbose)
		log_set_level(LOG_DEBUG);
	else
		log_set_level(LOG_INFO);
}

bool log_target_open(struct log_target *target, const struct options *options)
{
	char *error = NULL;

	*target = (struct log_target){ .system.fd = -1 };
	if (!begin_file(target, options))
		return false;
	if (options->syslog_given &&
		!system_log_open(&target->system, options->syslog, &error)) {
		log_error("%s", error);
		free(error);
		return false;
	}
	target->journal = is_journal();
	target->use_stderr = target->system.fd < 0 || target->file != NULL;
	log_target_set_level(options);
	log_set_sink(take_line, target);
	return true;
}

void log_target_close(struct log_target *target)
{
	log_set_sink(NULL, NULL);
	system_log_close(&target->system);
}
