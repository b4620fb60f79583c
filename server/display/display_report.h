/* display_report.h - how a process outside of the sandbox tells the server
 * which display there is, and hands it the cookies.
 *
 * Both are files without a name that the two share. The cookies are read by
 * libXau through /proc/self/fd, so that the sandbox need not let it read
 * anybody's files, whoever's display it will be.
 *
 * Owner:   display_report_open() before the fork; display_report_close().
 * Threads: one writer, then one reader.
 * Errors:  false: errno says why.
 */
#ifndef SERVER_DISPLAY_DISPLAY_REPORT_H
#define SERVER_DISPLAY_DISPLAY_REPORT_H

#include <stdbool.h>

struct display_target;

struct display_report {
	int name, cookies; /* descriptors, the lower one first; -1: closed */
};

bool display_report_open(struct display_report *report);
void display_report_close(struct display_report *report);

/* An authority file that cannot be read is as good as an empty one. */
bool display_report_write(const struct display_report *report,
	const struct display_target *target);
/* The display, and the file whose cookies they are (which the reader may not be
 * able to open). False: none was told. */
bool display_report_read(
	const struct display_report *report, struct display_target *target);
/* Gives what $XAUTHORITY is to be in this process. */
char *display_report_authority(const struct display_report *report);

#endif
