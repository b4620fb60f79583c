/* sandbox_plan.h - goes into the sandbox that the options leave: which files
 * they name, which of them are read again or written later.
 *
 * Threads: before there is a second one.
 * Errors:  false: a sentence was logged.
 */
#ifndef SERVER_SANDBOX_SANDBOX_PLAN_H
#define SERVER_SANDBOX_SANDBOX_PLAN_H

#include <stdbool.h>

struct options;

/* `control_path` is removed at the end; NULL: there is none.
 * Once everything is open and before anybody is served; says in one line what
 * stands. */
bool sandbox_plan_enter(
	const struct options *options, const char *control_path);

#endif
