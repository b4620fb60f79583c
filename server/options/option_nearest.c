#include "server/options/option_nearest.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "server/options/option_known.h"
#include "server/options/option_table.h"

enum {
	LONGEST = 40,  /* longer ones are compared by their beginning */
	LEAST_END = 4, /* letters: "-port" is -rfbport */
};

struct best {
	struct option_name name;
	size_t edits;
};

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The optimal string alignment distance, three rows at a time. */
static size_t distance(struct option_name a, struct option_name b)
{
	size_t rows[3][LONGEST + 1] = { { 0 } };
	size_t last;

	a.length = least(a.length, LONGEST);
	b.length = last = least(b.length, LONGEST);
	for (size_t j = 0; j <= b.length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.length; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3];
		const size_t *higher = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b.length; j++) {
			bool same = same_letter(a.start[i - 1], b.start[j - 1]);

			row[j] = least(above[j], row[j - 1]) + 1;
			row[j] = least(row[j], above[j - 1] + !same);
			if (i > 1 && j > 1 &&
				same_letter(a.start[i - 1], b.start[j - 2]) &&
				same_letter(a.start[i - 2], b.start[j - 1]))
				row[j] = least(row[j], higher[j - 2] + 1);
		}
	}
	return rows[a.length % 3][last];
}

static bool is_end_of(struct option_name end, struct option_name whole)
{
	const char *at = whole.start + whole.length - end.length;

	return end.length >= LEAST_END && end.length <= whole.length &&
	       strncasecmp(at, end.start, end.length) == 0;
}

static void consider(
	const char *names, struct option_name name, struct best *best)
{
	struct option_name mine;

	while (option_name_next(&names, &mine)) {
		size_t edits = is_end_of(name, mine) ? 1 : distance(name, mine);

		if (edits < best->edits)
			*best = (struct best){ mine, edits };
	}
}

struct option_name option_nearest(struct option_name name)
{
	struct best best = { { "", 0 }, name.length / 2 + name.length % 2 };

	for (size_t i = 0; i < option_table_count(); i++) {
		consider(option_table_at(i)->names, name, &best);
		consider(option_table_at(i)->opposites, name, &best);
	}
	for (size_t i = 0; i < option_known_count(); i++)
		consider(option_known_at(i)->names, name, &best);
	return best.name;
}
