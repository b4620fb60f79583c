/* option_words.h - the words that say what is wanted, from all places: the rc
 * file, $X11WSVNC_OPTIONS, the command line, in this order.
 *
 * The rc file is x11vnc's: an option a line, with or without its dash, its
 * value being the rest of the line; '#' begins a comment (not "\#"), a '\' at
 * the end goes on in the next line.
 *
 * Owner:   option_words_finish(), which wipes them: passwords are among them.
 * Threads: any.
 */
#ifndef SERVER_OPTIONS_OPTION_WORDS_H
#define SERVER_OPTIONS_OPTION_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Where a word stands. */
enum option_place {
	OPTION_FROM_RC,
	OPTION_FROM_ENVIRONMENT,
	OPTION_FROM_COMMAND_LINE,
	OPTION_FROM_DESKTOPS, /* of one desktop: option_desktops.h */
};

struct option_text {
	char *text;
	char *seen; /* the same in argv, where ps shows it; else NULL */
	int line;   /* of the file it stands in; 0: in none */
	enum option_place place;
};

struct option_words {
	struct option_text *list;
	size_t count;
	char *file;              /* the rc file that was read, or NULL */
	enum option_place place; /* of what is added next */
};

/* False: a sentence was logged, and there is nothing to finish. */
bool option_words_collect(struct option_words *words, int argc, char **argv);
/* The same words but for the rc file's, which are read again. */
bool option_words_collect_again(
	struct option_words *words, const struct option_words *before);
void option_words_finish(struct option_words *words);

/* One more from a line of an rc file; `line` is changed. */
void option_words_add_line(struct option_words *words, char *line, int number);
/* One word. */
void option_words_add(struct option_words *words, const char *text);
/* All that the other has. */
void option_words_add_all(
	struct option_words *words, const struct option_words *from);
/* Parted by blanks; in quotes of either kind blanks do not part. */
void option_words_add_phrase(struct option_words *words, const char *phrase);

#endif
