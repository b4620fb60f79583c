#include "bench/cpu.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

double cpu_ms(pid_t pid)
{
	char path[64], line[1024];
	unsigned long user, system;

	if (pid == 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	FILE *file = fopen(path, "r");
	if (!file)
		return 0;
	size_t length = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[length] = '\0';

	/* The name in brackets may hold anything, even brackets. */
	const char *rest = strrchr(line, ')');
	if (!rest ||
		sscanf(rest + 1,
			" %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			&user, &system) != 2)
		return 0;
	return (double)(user + system) * 1000 / (double)sysconf(_SC_CLK_TCK);
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
