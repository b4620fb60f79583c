#include "server/access/accept_rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USUAL_TIMEOUT_S = 120 };

/* xmessage ends with 0 when nobody answers, so 0 must not be a yes. */
#define XMESSAGE                                                               \
	"exec xmessage -center -buttons yes:10,no:11,view:12 "                 \
	"\"x11wsvnc: a viewer wants to come in from $RFB_CLIENT_IP\""

static bool starts_with(const char **at, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*at, word, length) != 0)
		return false;
	*at += length;
	return true;
}

/* ":120" and "+100+50", in either order. */
static bool parse_popup(struct accept_rule *rule, const char *at)
{
	int used;

	rule->popup = true;
	rule->view = 3;
	rule->mouse = rule->keys = true;
	if (starts_with(&at, "mouse"))
		rule->keys = false;
	else if (starts_with(&at, "key"))
		rule->mouse = false;
	while (*at != '\0') {
		used = 0;
		if (sscanf(at, ":%5d%n", &rule->timeout_s, &used) != 1 ||
			used == 0) {
			if (sscanf(at, "+%5d+%5d%n", &rule->x, &rule->y,
				    &used) != 2 ||
				used == 0)
				return false;
			rule->placed = true;
		}
		at += used;
	}
	return rule->timeout_s >= 0;
}

/* One of "yes:0"; *which is where its number goes. */
static bool parse_action(struct accept_rule *rule, const char **at)
{
	static const struct {
		const char *word;
		enum accept_answer answer;
	} words[] = {
		{ "yes:", ACCEPT_YES },
		{ "no:", ACCEPT_NO },
		{ "view:", ACCEPT_VIEW },
	};
	int *const numbers[] = { &rule->yes, &rule->no, &rule->view };
	char *end;
	long number;
	size_t i;

	for (i = 0; i < 3 && !starts_with(at, words[i].word); i++)
		;
	if (i == 3)
		return false;
	if (**at == '*') {
		rule->otherwise = words[i].answer;
		++*at;
		return true;
	}
	number = strtol(*at, &end, 10);
	if (end == *at || number < 0 || number > 255)
		return false;
	*numbers[i] = (int)number;
	*at = end;
	return true;
}

static bool is_prefixed(const char *text)
{
	return strncmp(text, "yes:", 4) == 0 || strncmp(text, "no:", 3) == 0 ||
	       strncmp(text, "view:", 5) == 0;
}

static bool parse_prefix(struct accept_rule *rule, const char **at)
{
	rule->yes = rule->no = rule->view = -1;
	rule->otherwise = ACCEPT_NO;
	do {
		if (!parse_action(rule, at))
			return false;
	} while (starts_with(at, ","));
	if (**at != ' ')
		return false;
	*at += strspn(*at, " ");
	return **at != '\0';
}

bool accept_rule_parse(struct accept_rule *rule, const char *text)
{
	const char *at = text;

	*rule = (struct accept_rule){
		.timeout_s = USUAL_TIMEOUT_S, .yes = 0, .no = -1, .view = -1
	};
	if (strcmp(text, "xmessage") == 0) {
		rule->command = XMESSAGE;
		rule->yes = 10;
		rule->view = 12;
		return true;
	}
	if (starts_with(&at, "popup"))
		return parse_popup(rule, at);
	if (is_prefixed(at) && !parse_prefix(rule, &at))
		return false;
	rule->command = at;
	return *at != '\0';
}

enum accept_answer accept_rule_answer(
	const struct accept_rule *rule, int status)
{
	if (status == rule->yes)
		return ACCEPT_YES;
	if (status == rule->view)
		return ACCEPT_VIEW;
	return status == rule->no ? ACCEPT_NO : rule->otherwise;
}
