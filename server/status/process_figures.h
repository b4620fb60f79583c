/* process_figures.h - what this process uses: processor, memory, descriptors.
 *
 * Owner:   embedded in struct server; process_figures_close().
 * Threads: the loop thread.
 */
#ifndef SERVER_STATUS_PROCESS_FIGURES_H
#define SERVER_STATUS_PROCESS_FIGURES_H

#include <dirent.h>
#include <stdint.h>

/* What is read from. Opened before the sandbox, which opens no more of /proc.
 */
struct process_figures {
	int memory; /* -1: there is no /proc */
	DIR *descriptors;
	int64_t started_s; /* Unix time */
};

struct process_usage {
	uint64_t cpu_us;
	uint64_t resident_bytes, virtual_bytes; /* 0: not known */
	uint64_t open_fds, most_fds;            /* likewise */
};

void process_figures_open(struct process_figures *figures);
void process_figures_close(struct process_figures *figures);
void process_figures_read(
	const struct process_figures *figures, struct process_usage *usage);

#endif
