/* host_list.h - the rules of -allow and -HostsFile, read again where a file
 * has changed.
 *
 * Owner:   embedded; borrows the options. host_list_finish() frees.
 * Threads: the loop thread.
 * Errors:  a file that has become unreadable or wrong is told, and the rules
 *          read last remain.
 */
#ifndef SERVER_ACCESS_HOST_LIST_H
#define SERVER_ACCESS_HOST_LIST_H

#include "server/access/host_rules.h"
#include "server/file_stamp.h"

struct options;

struct host_source {
	const char *option, *file; /* file NULL: not a file */
	const char *how;           /* such a file is made */
	bool (*parse)(struct host_rules *, char *, struct host_why *);
	struct file_stamp read_as;
	struct host_rules rules;
	bool used;
};

struct host_list {
	struct host_source allow, hosts;
	bool deny_all;
};

/* False: a sentence was logged. Looks names up. */
bool host_list_open(struct host_list *list, const struct options *options);
/* Both must agree: one "no" is no, one "ask" is ask. */
enum host_answer host_list_find(
	struct host_list *list, const struct address *address);
void host_list_finish(struct host_list *list);

#endif
