#include "server/access/blacklist.h"

#include <stddef.h>

enum {
	FIRST_DELAY_MS = 250,
	LONGEST_DELAY_MS = 4000,
	LONGEST_BLOCK_MS = 60 * 60 * 1000,
	/* Two typing errors a day are no attack. */
	FORGOTTEN_MS = 2 * LONGEST_BLOCK_MS,
};

/* `first` doubled `times` times, up to `most`. */
static uint64_t doubled(uint64_t first, unsigned times, uint64_t most)
{
	while (times-- > 0 && first < most)
		first *= 2;
	return first < most ? first : most;
}

static int find(const struct blacklist *list, const struct address *network)
{
	int i;

	for (i = 0; i < list->count; i++)
		if (address_equal(&list->entries[i].network, network))
			return i;
	return -1;
}

static struct blacklist_entry *longest_quiet(struct blacklist *list)
{
	struct blacklist_entry *oldest = &list->entries[0];
	int i;

	for (i = 1; i < list->count; i++)
		if (list->entries[i].last_ms < oldest->last_ms)
			oldest = &list->entries[i];
	return oldest;
}

static struct blacklist_entry *find_or_add(
	struct blacklist *list, const struct address *network)
{
	int at = find(list, network);
	struct blacklist_entry *entry;

	if (at >= 0)
		return &list->entries[at];
	entry = list->count < BLACKLIST_MOST ? &list->entries[list->count++]
					     : longest_quiet(list);
	*entry = (struct blacklist_entry){ .network = *network };
	return entry;
}

static unsigned delay_ms(const struct blacklist_entry *entry)
{
	return (unsigned)doubled(
		FIRST_DELAY_MS, entry->wrong - 1, LONGEST_DELAY_MS);
}

unsigned blacklist_wrong(struct blacklist *list, const struct address *address,
	const struct blacklist_limits *limits, uint64_t guess, uint64_t now_ms)
{
	struct address network = address_network(address);
	struct blacklist_entry *entry = find_or_add(list, &network);

	if (entry->wrong > 0 && now_ms - entry->last_ms > FORGOTTEN_MS)
		entry->wrong = 0;
	if (entry->wrong > 0 && guess != 0 && guess == entry->last_guess)
		return delay_ms(entry);
	entry->wrong++;
	entry->last_guess = guess;
	entry->last_ms = now_ms;
	if (limits->threshold > 0 && entry->wrong >= limits->threshold)
		entry->until_ms =
			now_ms + doubled((uint64_t)limits->timeout_s * 1000,
					 entry->wrong - limits->threshold,
					 LONGEST_BLOCK_MS);
	return delay_ms(entry);
}

void blacklist_block(struct blacklist *list, const struct address *address,
	uint64_t now_ms, uint64_t for_ms)
{
	struct address network = address_network(address);
	struct blacklist_entry *entry = find_or_add(list, &network);

	entry->last_ms = now_ms;
	entry->until_ms = now_ms + for_ms;
}

void blacklist_right(struct blacklist *list, const struct address *address)
{
	struct address network = address_network(address);
	int at = find(list, &network);

	if (at >= 0)
		list->entries[at] = list->entries[--list->count];
}

uint64_t blacklist_remaining(const struct blacklist *list,
	const struct address *address, uint64_t now_ms)
{
	struct address network = address_network(address);
	int at = find(list, &network);

	if (at < 0 || list->entries[at].until_ms <= now_ms)
		return 0;
	return list->entries[at].until_ms - now_ms;
}
