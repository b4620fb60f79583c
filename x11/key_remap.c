#include "x11/key_remap.h"

#include <X11/Xlib.h>
#include <X11/keysym.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/input_file.h"
#include "base/xmalloc.h"

enum { MOST_FILE_BYTES = 1 << 16 };

/* DEAD: the accent typed alone. */
static const struct {
	KeySym dead, alone;
} accents[] = {
	{ XK_dead_grave, XK_grave },
	{ XK_dead_acute, XK_acute },
	{ XK_dead_circumflex, XK_asciicircum },
	{ XK_dead_tilde, XK_asciitilde },
	{ XK_dead_macron, XK_macron },
	{ XK_dead_breve, XK_breve },
	{ XK_dead_abovedot, XK_abovedot },
	{ XK_dead_diaeresis, XK_diaeresis },
	{ XK_dead_abovering, XK_degree },
	{ XK_dead_doubleacute, XK_doubleacute },
	{ XK_dead_caron, XK_caron },
	{ XK_dead_cedilla, XK_cedilla },
	{ XK_dead_ogonek, XK_ogonek },
};

KeySym key_remap_symbol(const char *name)
{
	char *end;
	unsigned long number;

	if (strncmp(name, "0x", 2) == 0) {
		number = strtoul(name, &end, 16);
		return *end == '\0' && number <= 0xffffffff ? number : NoSymbol;
	}
	if (strncmp(name, "Button", 6) == 0 && name[6] >= '1' &&
		name[6] <= '9' && name[7] == '\0')
		return KEY_REMAP_BUTTON + (KeySym)(name[6] - '0');
	return XStringToKeysym(name);
}

static bool add(struct key_remap *remap, KeySym from, KeySym to)
{
	if (remap->count == KEY_REMAP_MOST)
		return false;
	remap->pairs[remap->count].from = from;
	remap->pairs[remap->count++].to = to;
	return true;
}

static bool add_accents(struct key_remap *remap)
{
	size_t i;

	for (i = 0; i < sizeof(accents) / sizeof(accents[0]); i++)
		if (!add(remap, accents[i].dead, accents[i].alone))
			return false;
	return true;
}

/* The signs between two symbols, the longer ones first. */
static char *split(char *pair, bool *both_ways)
{
	static const char *const signs[] = { "<>", "->", "-", " ", "\t" };
	size_t i;

	*both_ways = false;
	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		char *at = strstr(pair, signs[i]);

		if (at == NULL || at == pair)
			continue;
		*at = '\0';
		*both_ways = signs[i][0] == '<';
		at += strlen(signs[i]);
		return at + strspn(at, " \t");
	}
	return NULL;
}

/* NULL: good; else what is wrong with it. */
static const char *add_pair(struct key_remap *remap, char *pair)
{
	KeySym from, to;
	bool both_ways;
	char *second;

	if (strncmp(pair, "DEAD", 4) == 0)
		return add_accents(remap) ? NULL : "too many";
	second = split(pair, &both_ways);
	if (second == NULL)
		return "not of the form FROM-TO";
	second[strcspn(second, " \t\r#")] = '\0';
	from = key_remap_symbol(pair);
	to = key_remap_symbol(second);
	if (from == NoSymbol ||
		(to == NoSymbol && strcmp(second, "NoSymbol") != 0))
		return "no such key symbol";
	if (!add(remap, from, to) || (both_ways && !add(remap, to, from)))
		return "too many";
	return NULL;
}

static bool parse_words(struct key_remap *remap, char *text,
	const char *separators, char **error)
{
	char *rest = text, *word;
	const char *wrong;
	char *shown;

	while ((word = strtok_r(rest, separators, &rest)) != NULL) {
		word += strspn(word, " \t");
		if (*word == '\0' || *word == '#')
			continue;
		shown = xstrdup(word);
		wrong = add_pair(remap, word);
		if (wrong != NULL)
			*error = xasprintf("-remap: '%s': %s", shown, wrong);
		free(shown);
		if (wrong != NULL)
			return false;
	}
	return true;
}

/* What a file of that name says, one pair a line, or else the pairs themselves,
 * parted by commas. NULL: *error. */
static char *read_pairs(const char *text, const char **separators, char **error)
{
	struct input_file_why why;
	size_t length;
	char *pairs = input_file_read(
		text, INPUT_FILE_ANY_TIME, MOST_FILE_BYTES, &length, &why);

	*separators = pairs != NULL ? "\n" : ",";
	if (pairs == NULL &&
		(errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG))
		return xstrdup(text);
	if (pairs == NULL)
		*error = xasprintf("-remap %s: %s", text, why.text);
	return pairs;
}

bool key_remap_parse(struct key_remap *remap, const char *text, char **error)
{
	const char *separators;
	char *pairs = read_pairs(text, &separators, error);
	bool good =
		pairs != NULL && parse_words(remap, pairs, separators, error);

	free(pairs);
	return good;
}

bool key_remap_is_button(KeySym keysym)
{
	return keysym > KEY_REMAP_BUTTON && keysym <= KEY_REMAP_BUTTON + 9;
}

KeySym key_remap_apply(const struct key_remap *remap, KeySym keysym)
{
	int i;

	for (i = 0; i < remap->count; i++)
		if (remap->pairs[i].from == keysym)
			return remap->pairs[i].to;
	return keysym;
}
