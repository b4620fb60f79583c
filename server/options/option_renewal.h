/* option_renewal.h - what a place says anew of what an earlier one said: the
 * last counts most, and of a list, a desktop or who may log in all that was
 * said before counts no more.
 *
 * Owner:   option_renewal_init() to option_renewal_finish(); keeps the options.
 * Threads: any.
 */
#ifndef SERVER_OPTIONS_OPTION_RENEWAL_H
#define SERVER_OPTIONS_OPTION_RENEWAL_H

#include <stdbool.h>
#include <stddef.h>

#include "server/options/option_table.h"
#include "server/options/option_words.h"

struct options;

struct option_renewal {
	struct options *options;
	enum option_place place; /* of the word that came last */
	size_t *named;           /* the fields that it has named */
	size_t count;
};

/* For so many words. */
void option_renewal_init(
	struct option_renewal *renewal, struct options *options, size_t words);
void option_renewal_finish(struct option_renewal *renewal);

/* The option stands there, and will be stored next. False: it is not for this
 * place to say. */
bool option_renewal_begin(struct option_renewal *renewal,
	const struct option_entry *entry, enum option_place place);
/* Whether the last words, being a desktop's, name that field. */
bool option_renewal_is_own(const struct option_renewal *renewal, size_t field);

#endif
