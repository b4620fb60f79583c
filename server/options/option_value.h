/* option_value.h - the text of one option's value, read and stored.
 *
 * Owner:   what is stored belongs to struct options (options_finish()).
 * Threads: the loop thread.
 * Errors:  false; `why` then says what was expected, fit to follow the
 *          option's name and a colon.
 */
#ifndef SERVER_OPTION_VALUE_H
#define SERVER_OPTION_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "server/options/option_table.h"

struct options;

struct option_why {
	char text[256];
};

/* 1 0 yes no true false on off, in any case. False: none of these. */
bool option_value_truth(const char *text, bool *truth);

/* Digits, perhaps after a minus, and nothing else. */
bool option_value_is_number(const char *text);

/* Whether a word after `entry` is its value, where the value may be absent. */
bool option_value_fits(const struct option_entry *entry, const char *text);

/* Gives the default to every field the entry stores. */
void option_value_reset(
	const struct option_entry *entry, struct options *options);

/* `text` is NULL where the option was given without a value. */
bool option_value_store(const struct option_entry *entry, bool opposite,
	const char *text, struct options *options, struct option_why *why);

/* Whether both say the same of the entry. */
bool option_value_equal(const struct option_entry *entry,
	const struct options *a, const struct options *b);
/* Of a switch or a number. */
void option_value_copy(const struct option_entry *entry, struct options *to,
	const struct options *from);

void option_value_finish(
	const struct option_entry *entry, struct options *options);

#endif
