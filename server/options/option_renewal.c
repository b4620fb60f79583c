#include "server/options/option_renewal.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "server/options/option_value.h"
#include "server/options/options.h"

void option_renewal_init(
	struct option_renewal *renewal, struct options *options, size_t words)
{
	*renewal = (struct option_renewal){ .options = options };
	/* At most one a word. */
	renewal->named = xcalloc(words + 1, sizeof(*renewal->named));
}

void option_renewal_finish(struct option_renewal *renewal)
{
	free(renewal->named);
	renewal->named = NULL;
}

static bool is_named(const struct option_renewal *renewal, size_t field)
{
	for (size_t i = 0; i < renewal->count; i++)
		if (renewal->named[i] == field)
			return true;
	return false;
}

bool option_renewal_is_own(const struct option_renewal *renewal, size_t field)
{
	return renewal->place == OPTION_FROM_DESKTOPS &&
	       is_named(renewal, field);
}

static void forget(
	struct option_renewal *renewal, const struct option_entry *entry)
{
	option_value_finish(entry, renewal->options);
	option_value_reset(entry, renewal->options);
	if (entry->flag != OPTION_NO_FIELD)
		*(bool *)((char *)renewal->options + entry->flag) = false;
}

static void forget_named(struct option_renewal *renewal, const char *name)
{
	const struct option_name one = { name, strlen(name) };
	bool opposite;

	forget(renewal, option_table_find(one, OPTION_MATCH_EXACT, &opposite));
}

/* What all said of who may log in, where this one says it for itself. */
static void forget_logins(struct option_renewal *renewal)
{
	for (size_t i = 0; i < option_table_count(); i++) {
		const struct option_entry *entry = option_table_at(i);

		if (entry->scope == OPTION_OF_ONE_LOGIN &&
			!is_named(renewal, entry->field))
			forget(renewal, entry);
	}
}

bool option_renewal_begin(struct option_renewal *renewal,
	const struct option_entry *entry, enum option_place place)
{
	bool own = place == OPTION_FROM_DESKTOPS;

	if (place != renewal->place)
		renewal->count = 0;
	renewal->place = place;
	if (own && entry->scope == OPTION_OF_ALL)
		return false;
	if (is_named(renewal, entry->field))
		return true;
	if (own || entry->renewed)
		forget(renewal, entry);
	if (own && entry->renews != NULL)
		forget_named(renewal, entry->renews);
	if (own && entry->scope == OPTION_OF_ONE_LOGIN)
		forget_logins(renewal);
	renewal->named[renewal->count++] = entry->field;
	return true;
}
