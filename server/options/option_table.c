#include "server/options/option_table.h"

#include "server/options/option_entry.h"

/* In the order of the documents. */
static const struct option_group *const groups[] = {
	&option_group_screen,
	&option_group_network,
	&option_group_page,
	&option_group_tls,
	&option_group_access,
	&option_group_input,
	&option_group_clipboard,
	&option_group_relay,
	&option_group_process,
};
enum { GROUPS = sizeof(groups) / sizeof(groups[0]) };

size_t option_table_groups(void)
{
	return GROUPS;
}

const char *option_table_group_title(size_t group)
{
	return groups[group]->title;
}

size_t option_table_group_count(size_t group)
{
	return groups[group]->count;
}

const struct option_entry *option_table_group_at(size_t group, size_t index)
{
	return &groups[group]->entries[index];
}

size_t option_table_count(void)
{
	size_t count = 0;

	for (size_t i = 0; i < GROUPS; i++)
		count += groups[i]->count;
	return count;
}

const struct option_entry *option_table_at(size_t index)
{
	size_t group = 0;

	while (index >= groups[group]->count)
		index -= groups[group++]->count;
	return &groups[group]->entries[index];
}

const struct option_entry *option_table_find(
	struct option_name name, enum option_match match, bool *opposite)
{
	for (size_t i = 0; i < option_table_count(); i++) {
		const struct option_entry *entry = option_table_at(i);

		*opposite = option_name_in(entry->opposites, name, match);
		if (*opposite || option_name_in(entry->names, name, match))
			return entry;
	}
	return NULL;
}

struct option_name option_table_name(const struct option_entry *entry)
{
	const char *names = entry->names;
	struct option_name name;

	option_name_next(&names, &name);
	return name;
}
