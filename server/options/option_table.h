/* option_table.h - every option the program has, one entry each.
 *
 * The entries are in option_group_*.c, a file for each group.
 *
 * The parser, -help, the man page and the README table are made from it.
 *
 * Threads: any; constant.
 */
#ifndef SERVER_OPTION_TABLE_H
#define SERVER_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "server/options/option_name.h"

enum option_kind {
	OPTION_FLAG,   /* bool: `value`; an opposite name stores !value */
	OPTION_NUMBER, /* int in least..most */
	OPTION_NUMBER_OR_NONE, /* the same; the number may be left out */
	OPTION_TEXT,           /* char *, never empty */
	OPTION_TEXT_OR_NONE,   /* the same; the next word unless it is an option
				*/
	OPTION_WORD,   /* char *: `word`, a shorthand for another option */
	OPTION_CHOICE, /* char *, one of `argument`'s words parted by '|' */
	OPTION_LINES,  /* char **, NULL-ended, each as given; may be given
			  again */
	OPTION_LIST,   /* char **, NULL-ended; may be given again */
	OPTION_WORDS,  /* char **, NULL-ended: up to `most` of the next words,
			  as far as they do not begin with '-' */
	OPTION_SUFFIX, /* char *: what follows the first name, in the same word
			  or the next if it is a number; maybe "" */
	OPTION_CURSOR, /* bool; x11vnc's cursor styles may follow */
};

/* Whether one of several desktops may have it otherwise than the others. */
enum option_scope {
	OPTION_OF_ALL,
	OPTION_OF_ONE,
	/* The same, and a desktop that names any of these has none of what was
	 * said of them for all: who may come in is said in one place. */
	OPTION_OF_ONE_LOGIN,
};

/* Offset that stands for no field. */
#define OPTION_NO_FIELD ((size_t)-1)

struct option_entry {
	enum option_kind kind;
	const char *names;     /* the documented name first, then aliases */
	const char *opposites; /* of a flag: names that say the contrary */
	const char *argument;  /* as the help shows it; NULL for a flag */
	size_t field;          /* offset in struct options */
	size_t flag; /* offset of a bool set whenever the option is given */
	bool value;  /* what a flag stores; the default is the contrary */
	const char *word; /* what a shorthand stores; of a number: a
			     word that may stand in its place */
	int word_number;  /* and then is this number */
	enum option_scope scope;
	const char *renews;      /* where one desktop names this, what all said
				    of that option is not for it */
	bool renewed;            /* a list: the environment and the command line
				    say all of it anew */
	bool secret;             /* the value is wiped from argv */
	int least, most, normal; /* of a number */
	const char *sentence;    /* without a full stop */
};

size_t option_table_count(void);
const struct option_entry *option_table_at(size_t index);

/* The same by groups, as the documents show them. */
size_t option_table_groups(void);
const char *option_table_group_title(size_t group);
size_t option_table_group_count(size_t group);
const struct option_entry *option_table_group_at(size_t group, size_t index);

/* NULL if there is none. *opposite tells that a flag's opposite was named. */
const struct option_entry *option_table_find(
	struct option_name name, enum option_match match, bool *opposite);

/* The documented name. */
struct option_name option_table_name(const struct option_entry *entry);

#endif
