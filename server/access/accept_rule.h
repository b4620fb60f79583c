/* accept_rule.h - what x11vnc's -accept asks for, and what an answer means.
 *
 * Owner:   a plain value; borrows the option's text.
 * Threads: any; pure.
 * Errors:  false: `text` is none of the forms.
 */
#ifndef SERVER_ACCESS_ACCEPT_RULE_H
#define SERVER_ACCESS_ACCEPT_RULE_H

#include <stdbool.h>

enum accept_answer { ACCEPT_NO, ACCEPT_YES, ACCEPT_VIEW };

struct accept_rule {
	bool popup;
	bool mouse, keys; /* what the popup listens to */
	bool placed;
	int x, y;
	int timeout_s;       /* 0: none */
	const char *command; /* for sh -c; NULL: a popup */
	/* By the command's status; -1: no number. */
	int yes, no, view;
	enum accept_answer otherwise;
};

bool accept_rule_parse(struct accept_rule *rule, const char *text);

enum accept_answer accept_rule_answer(
	const struct accept_rule *rule, int status);

#endif
