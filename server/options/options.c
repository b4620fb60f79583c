#include "server/options/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/options/option_check.h"
#include "server/options/option_check_relay.h"
#include "server/options/option_desktops.h"
#include "server/options/option_known.h"
#include "server/options/option_nearest.h"
#include "server/options/option_renewal.h"
#include "server/options/option_table.h"
#include "server/options/option_value.h"
#include "server/options/option_words.h"

/* A name that was accepted and does nothing. These lines wait for the end:
 * only then is it known whether -q wants them. */
struct note {
	const struct option_known *known;
	struct option_name name;
};

struct parser {
	struct options *options;
	struct option_words *words;
	size_t at; /* the next word */
	struct option_renewal renewal;
	struct note *notes; /* at most one a word */
	size_t note_count;
};

/* One word of the command line, taken apart. */
struct word {
	struct option_name name;
	char *value; /* after '='; NULL if there is none */
};

#define NAME_FORMAT "-%.*s"
#define NAME(name) (int)(name).length, (name).start

static char *next_word(const struct parser *parser)
{
	return parser->at < parser->words->count
		       ? parser->words->list[parser->at].text
		       : NULL;
}

static void free_list(char **list)
{
	for (char **text = list; text && *text; text++)
		free(*text);
	free(list);
}

static char *take_word(struct parser *parser)
{
	return parser->words->list[parser->at++].text;
}

/* The end of the word that was taken last, where ps shows it. */
static void wipe(struct parser *parser, const char *value)
{
	const struct option_text *word = &parser->words->list[parser->at - 1];
	size_t hidden = value ? strlen(value) : 0;
	char *seen = word->seen;

	if (seen && hidden <= strlen(seen))
		memset(seen + strlen(seen) - hidden, 0, hidden);
}

/* Where the word stands that was taken last, for what is wrong with it. */
static void say_where(const struct parser *parser)
{
	int line = parser->words->list[parser->at - 1].line;

	if (line > 0)
		log_error("that is in %s, line %d", parser->words->file, line);
}

static bool takes_next(const struct option_entry *entry, const char *next)
{
	return next && option_value_fits(entry, next);
}

/* What follows the option's name in the same word; NULL: nothing. */
static char *suffix(const struct word *word, const struct option_entry *entry)
{
	size_t length = option_table_name(entry).length;

	return word->name.length > length ? (char *)word->name.start + length
					  : NULL;
}

static bool parse_entry(struct parser *parser, const struct word *word,
	const struct option_entry *entry, bool opposite)
{
	struct option_why why;
	char *value = word->value;
	bool good;

	if (!option_renewal_begin(&parser->renewal, entry,
		    parser->words->list[parser->at - 1].place)) {
		log_error(NAME_FORMAT
			": is for all desktops alike, and not "
			"for one of them",
			NAME(word->name));
		return false;
	}
	if (!value && entry->kind == OPTION_SUFFIX)
		value = suffix(word, entry);
	if (!value && takes_next(entry, next_word(parser)))
		value = take_word(parser);
	if (entry->field == offsetof(struct options, port) &&
		entry->flag == OPTION_NO_FIELD)
		parser->options->port_given = true;
	good = option_value_store(
		entry, opposite, value, parser->options, &why);
	if (!good)
		log_error(NAME_FORMAT ": %s", NAME(word->name), why.text);
	if (entry->secret)
		wipe(parser, value);
	return good;
}

/* OPTION_WORDS: the words after the first. */
static bool parse_more(struct parser *parser, const struct word *word,
	const struct option_entry *entry)
{
	int count;

	if (entry->kind != OPTION_WORDS || word->value)
		return true;
	for (count = 1; count < entry->most; count++)
		if (takes_next(entry, next_word(parser)) &&
			!parse_entry(parser, word, entry, false))
			return false;
	return true;
}

static bool known_takes_next(const struct option_known *known, const char *next)
{
	bool truth;

	if (!next)
		return false;
	switch (known->value) {
	case OPTION_KNOWN_NONE:
		return option_value_truth(next, &truth);
	case OPTION_KNOWN_MAYBE:
		return next[0] != '-';
	case OPTION_KNOWN_COUNT:
		return option_value_is_number(next);
	default:
		return true;
	}
}

static void say_refused(
	const struct option_known *known, struct option_name name)
{
	const char *why =
		known->kind == OPTION_KNOWN_PROTECTION
			? "refusing to start without the protection it asks for"
			: "refusing to start and do something else than it "
			  "asks for";

	if (known->note)
		log_error(NAME_FORMAT ": not built yet; %s (%s)", NAME(name),
			why, known->note);
	else
		log_error(NAME_FORMAT ": not built yet; %s", NAME(name), why);
}

static bool parse_known(struct parser *parser, const struct word *word,
	const struct option_known *known)
{
	char *value = word->value;
	bool refused = known->kind == OPTION_KNOWN_PROTECTION ||
		       known->kind == OPTION_KNOWN_OTHER_JOB;

	if (!value && known_takes_next(known, next_word(parser)))
		value = take_word(parser);
	if (refused)
		refused = !option_known_is_harmless(known, value);
	if (known->secret)
		wipe(parser, value);
	if (refused) {
		say_refused(known, word->name);
		return false;
	}
	if (known->value == OPTION_KNOWN_ONE && !value) {
		log_error(NAME_FORMAT ": needs a value", NAME(word->name));
		return false;
	}
	parser->notes[parser->note_count++] =
		(struct note){ known, word->name };
	return true;
}

static bool say_unknown(struct option_name name)
{
	struct option_name nearest = option_nearest(name);

	if (nearest.length)
		log_error(NAME_FORMAT ": unknown option; did you mean " //
			NAME_FORMAT "?",
			NAME(name), NAME(nearest));
	else
		log_error(NAME_FORMAT ": unknown option; -help lists them",
			NAME(name));
	return false;
}

/* Finds the option in either table, as written first, then in any case. */
static bool parse_option(
	struct parser *parser, const struct word *word, bool *found)
{
	*found = true;
	for (int i = 0; i < 2; i++) {
		enum option_match match =
			i ? OPTION_MATCH_ANY_CASE : OPTION_MATCH_EXACT;
		const struct option_entry *entry;
		const struct option_known *known;
		bool opposite;

		entry = option_table_find(word->name, match, &opposite);
		if (entry)
			return parse_entry(parser, word, entry, opposite) &&
			       parse_more(parser, word, entry);
		known = option_known_find(word->name, match);
		if (known)
			return parse_known(parser, word, known);
	}
	*found = false;
	return false;
}

static struct word split(char *text)
{
	size_t length = strcspn(text, "=");

	return (struct word){ { text, length },
		text[length] ? text + length + 1 : NULL };
}

/* websockify's [ADDR:]PORT HOST:PORT have no names. */
static bool take_place(struct options *options, char *text)
{
	if (!options->source && option_check_relay_is_source(text)) {
		options->source = text;
		return true;
	}
	if (options->source && !options->target && strchr(text, ':')) {
		options->target = xstrdup(text);
		return true;
	}
	return option_check_relay_say_stray(text);
}

/* All that is left is a command, for -create or to be relayed to. */
static bool take_session(struct parser *parser)
{
	size_t count = 0;
	char **words = xcalloc(1, sizeof(*words));

	while (next_word(parser)) {
		words = xrealloc(words, (count + 2) * sizeof(*words));
		words[count++] = xstrdup(take_word(parser));
		words[count] = NULL;
	}
	free_list(parser->options->session);
	parser->options->session = count ? words : NULL;
	if (!count)
		free(words);
	return true;
}

static bool parse_word(struct parser *parser)
{
	char *text = take_word(parser);
	bool dashed = text[0] == '-';
	struct word word;
	bool found, good;

	if (!strcmp(text, "--"))
		return take_session(parser);
	if (!strcmp(text, "-")) {
		log_error("'%s' is not an option; no command can be run", text);
		return false;
	}
	/* x0vncserver takes Name=value without a dash. */
	if (!dashed && !strchr(text, '='))
		return take_place(parser->options, text);
	word = split(text + dashed + !strncmp(text, "--", 2));
	good = parse_option(parser, &word, &found);
	if (found)
		return good;
	return dashed ? say_unknown(word.name)
		      : option_check_relay_say_stray(text);
}

static void say_note(const struct note *note)
{
	const struct option_known *known = note->known;
	const char *opening = known->note ? ": " : "";
	const char *more = known->note ? known->note : "";

	switch (known->kind) {
	case OPTION_KNOWN_NOT_NEEDED:
		log_info(NAME_FORMAT ": not needed here, ignored%s%s",
			NAME(note->name), opening, more);
		break;
	case OPTION_KNOWN_FILES:
		log_warning(NAME_FORMAT
			": file transfer is deliberately not "
			"built, ignored%s%s",
			NAME(note->name), opening, more);
		break;
	default:
		log_warning(NAME_FORMAT ": has no effect yet, ignored%s%s",
			NAME(note->name), opening, more);
		break;
	}
}

static void say_notes(const struct parser *parser)
{
	for (size_t i = 0; i < parser->note_count; i++) {
		const struct note *note = &parser->notes[i];

		if (parser->options->quiet &&
			note->known->kind == OPTION_KNOWN_NOT_NEEDED)
			continue;
		say_note(note);
	}
}

/* Before the rest is checked: $DISPLAY and $HOME count there. */
static bool set_environment(const struct options *options)
{
	char **variable = options->environment;

	for (; variable && *variable; variable++) {
		struct word word = split(*variable);
		char *name;

		if (!word.value || !word.name.length) {
			log_error("-env: '%s' is not of the form NAME=VALUE",
				*variable);
			return false;
		}
		name = xstrndup(word.name.start, word.name.length);
		setenv(name, word.value, 1);
		free(name);
	}
	return true;
}

/* Takes the words. `before` is what they said before, at the first time NULL;
 * where they are one desktop's, what they say for all. */
static bool parse_words(struct options *options, struct option_words *words,
	const struct options *before, bool one_of_several)
{
	struct parser parser = { .options = options, .words = words };
	bool good = true;

	*options = (struct options){ .words = words };
	for (size_t i = 0; i < option_table_count(); i++)
		option_value_reset(option_table_at(i), options);
	parser.notes = xcalloc(words->count + 1, sizeof(*parser.notes));
	option_renewal_init(&parser.renewal, options, words->count);
	while (good && parser.at < words->count) {
		good = parse_word(&parser);
		if (!good)
			say_where(&parser);
	}
	if (good && !before)
		say_notes(&parser);
	options->one_of_several = one_of_several;
	if (one_of_several)
		options->port_given = option_renewal_is_own(
			&parser.renewal, offsetof(struct options, port));
	/* Nobody is asked twice. */
	if (before && options->port == OPTIONS_PORT_ASKED)
		options->port = before->port;
	good = good && set_environment(options) && option_check(options);
	free(parser.notes);
	option_renewal_finish(&parser.renewal);
	if (!good)
		options_finish(options);
	return good;
}

/* And then each of several desktops. */
static bool parse_all(struct options *options, struct option_words *words,
	const struct options *before)
{
	if (!parse_words(options, words, before, false))
		return false;
	if (option_desktops_make(options,
		    before != NULL ? INPUT_FILE_ANY_TIME : INPUT_FILE_AT_START))
		return true;
	options_finish(options);
	return false;
}

bool options_parse(struct options *options, int argc, char **argv)
{
	struct option_words *words = xcalloc(1, sizeof(*words));

	*options = (struct options){ 0 };
	if (option_words_collect(words, argc, argv))
		return parse_all(options, words, NULL);
	free(words);
	return false;
}

bool options_parse_again(struct options *fresh, const struct options *options)
{
	struct option_words *words = xcalloc(1, sizeof(*words));

	*fresh = (struct options){ 0 };
	if (option_words_collect_again(words, options->words))
		return parse_all(fresh, words, options);
	free(words);
	return false;
}

bool options_parse_desktop(struct options *desktop,
	const struct options *options, struct option_words *own)
{
	struct option_words *words = xcalloc(1, sizeof(*words));

	option_words_add_all(words, options->words);
	option_words_add_all(words, own);
	words->file = own->file;
	own->file = NULL;
	option_words_finish(own);
	return parse_words(desktop, words, options, true);
}

void options_finish(struct options *options)
{
	for (size_t i = 0; i < option_table_count(); i++)
		option_value_finish(option_table_at(i), options);
	if (options->words)
		option_words_finish(options->words);
	free(options->words);
	options->words = NULL;
	free_list(options->session);
	options->session = NULL;
	free(options->display_command);
	options->display_command = NULL;
	free(options->display);
	options->display = NULL;
	option_desktops_finish(options->desktops);
	options->desktops = NULL;
}
