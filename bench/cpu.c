#include "bench/cpu.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double cpu_ms(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (pid == 0 || clock_getcpuclockid(pid, &clock) != 0 ||
		clock_gettime(clock, &used) != 0)
		return 0;
	return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

/* A number of a status file: what follows `name`. */
static unsigned long status_number(const char *path, const char *name)
{
	char line[256];
	unsigned long number = 0;

	FILE *file = fopen(path, "r");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, name, strlen(name))) {
			number = strtoul(line + strlen(name), NULL, 10);
			break;
		}
	}
	fclose(file);
	return number;
}

static unsigned long thread_sleeps(pid_t pid, const char *thread)
{
	char path[320];
	snprintf(path, sizeof(path), "/proc/%ld/task/%s/status", (long)pid,
		thread);
	return status_number(path, "voluntary_ctxt_switches:");
}

unsigned long cpu_peak_kb(pid_t pid)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	return pid ? status_number(path, "VmHWM:") : 0;
}

unsigned long cpu_sleeps(pid_t pid)
{
	char path[64];
	unsigned long sum = 0;
	struct dirent *entry;

	snprintf(path, sizeof(path), "/proc/%ld/task", (long)pid);
	DIR *threads = pid ? opendir(path) : NULL;
	if (!threads)
		return 0;
	while ((entry = readdir(threads))) {
		if (entry->d_name[0] != '.')
			sum += thread_sleeps(pid, entry->d_name);
	}
	closedir(threads);
	return sum;
}
