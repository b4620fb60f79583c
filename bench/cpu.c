#include "bench/cpu.h"

#include <stdio.h>
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
