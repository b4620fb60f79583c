#include "server/status/process_figures.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

void process_figures_open(struct process_figures *figures)
{
	figures->memory = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	figures->descriptors = opendir("/proc/self/fd");
	figures->started_s = (int64_t)time(NULL);
}

void process_figures_close(struct process_figures *figures)
{
	if (figures->memory > 0)
		close(figures->memory);
	if (figures->descriptors != NULL)
		closedir(figures->descriptors);
	*figures = (struct process_figures){ .memory = -1 };
}

static uint64_t micros(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

static void read_memory(int fd, struct process_usage *usage)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	unsigned long long whole, resident;
	char text[128];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);

	if (length <= 0)
		return;
	text[length] = '\0';
	if (sscanf(text, "%llu %llu", &whole, &resident) != 2)
		return;
	usage->virtual_bytes = whole * page;
	usage->resident_bytes = resident * page;
}

static uint64_t count_descriptors(DIR *folder)
{
	const struct dirent *entry;
	uint64_t count = 0;

	if (folder == NULL)
		return 0;
	rewinddir(folder);
	while ((entry = readdir(folder)) != NULL)
		count += entry->d_name[0] != '.';
	return count;
}

void process_figures_read(
	const struct process_figures *figures, struct process_usage *usage)
{
	struct rusage rusage;
	struct rlimit limit;

	memset(usage, 0, sizeof(*usage));
	if (getrusage(RUSAGE_SELF, &rusage) == 0)
		usage->cpu_us =
			micros(rusage.ru_utime) + micros(rusage.ru_stime);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		usage->most_fds = limit.rlim_cur;
	read_memory(figures->memory, usage);
	usage->open_fds = count_descriptors(figures->descriptors);
}
