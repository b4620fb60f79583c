#include "server/options/option_live.h"

#include "server/options/option_name.h"
#include "server/options/option_table.h"
#include "server/options/option_value.h"
#include "server/options/options.h"

static const char live[] =
	"q v fps readtimeout maxrate maxtotalrate maxwaiting maxwaitingperhost "
	"maxclients logintimeout sniffwait timeout IdleTimeout MaxIdleTime "
	"MaxConnectionTime MaxDisconnectionTime BlacklistThreshold "
	"BlacklistTimeout UseBlacklist DisconnectClients minquality maxquality "
	"once";

bool option_live_has(const struct option_entry *entry)
{
	const char *names = entry->names;
	struct option_name one;

	while (option_name_next(&names, &one))
		if (option_name_in(live, one, OPTION_MATCH_EXACT))
			return true;
	return false;
}

/* Several options may share a field. */
static bool is_first_of_field(size_t index)
{
	size_t field = option_table_at(index)->field;

	while (index-- > 0)
		if (option_table_at(index)->field == field)
			return false;
	return true;
}

void option_live_take(struct options *now, const struct options *fresh,
	enum option_scope scope, struct buffer *taken, struct buffer *later)
{
	for (size_t i = 0; i < option_table_count(); i++) {
		const struct option_entry *entry = option_table_at(i);
		struct option_name name = option_table_name(entry);
		bool lives;

		if (entry->scope < scope || !is_first_of_field(i) ||
			option_value_equal(entry, now, fresh))
			continue;
		lives = option_live_has(entry);
		if (lives)
			option_value_copy(entry, now, fresh);
		buffer_printf(lives ? taken : later, " -%.*s", (int)name.length,
			name.start);
	}
}
