#include "server/options/option_name.h"

#include <string.h>
#include <strings.h>

bool option_name_next(const char **names, struct option_name *name)
{
	if (!*names)
		return false;
	*names += strspn(*names, " ");
	name->start = *names;
	name->length = strcspn(*names, " ");
	*names += name->length;
	return name->length > 0;
}

static bool same(struct option_name mine, struct option_name name,
	enum option_match match)
{
	bool open = mine.length > 1 && mine.start[mine.length - 1] == '*';

	if (open)
		mine.length--;
	if (open ? name.length < mine.length : name.length != mine.length)
		return false;
	if (match == OPTION_MATCH_ANY_CASE && mine.length > 2)
		return !strncasecmp(mine.start, name.start, mine.length);
	return !strncmp(mine.start, name.start, mine.length);
}

bool option_name_in(
	const char *names, struct option_name name, enum option_match match)
{
	struct option_name mine;

	while (option_name_next(&names, &mine)) {
		if (same(mine, name, match))
			return true;
	}
	return false;
}
