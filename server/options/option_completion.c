/* What bash and zsh need to complete our options, from the one table.
 *
 * What may stand behind an option is read out of its argument as the help shows
 * it: FILE is a file, send|recv are two words. */
#include <stdio.h>
#include <string.h>

#include "server/options/option_table.h"
#include "server/options/options.h"

struct action {
	const char *word; /* in the argument's text; the first that fits */
	const char *bash; /* of compgen */
	const char *zsh;
};

static const struct action actions[] = {
	{ "FILE", "-o default -f", "_files" },
	{ "PATH", "-o default -f", "_files" },
	{ "DIR", "-d", "_files -/" },
	{ "COMMAND", "-c", "_command_names" },
	{ "USER", "-u", "_users" },
	{ "HOST", "-A hostname", "_hosts" },
};

enum { ACTIONS = sizeof(actions) / sizeof(actions[0]) };

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Whether the text has the word, and not only as a part of another. */
static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);
	const char *at = text;

	while ((at = strstr(at, word)) != NULL) {
		if ((at == text || !is_upper(at[-1])) && !is_upper(at[length]))
			return true;
		at += length;
	}
	return false;
}

/* NULL: nothing that a shell could know. */
static const struct action *action_of(const struct option_entry *entry)
{
	int i;

	if (entry->argument == NULL)
		return NULL;
	for (i = 0; i < ACTIONS; i++)
		if (has_word(entry->argument, actions[i].word))
			return &actions[i];
	return NULL;
}

/* Whether the next word belongs to the option whatever it is. */
static bool must_follow(const struct option_entry *entry)
{
	return entry->kind != OPTION_NUMBER_OR_NONE &&
	       entry->kind != OPTION_TEXT_OR_NONE &&
	       entry->kind != OPTION_WORDS && entry->kind != OPTION_CURSOR;
}

/* The argument itself is the words to choose from. */
static bool is_choice(const struct option_entry *entry)
{
	const char *text = entry->argument;

	if (text == NULL || strchr(text, '|') == NULL)
		return false;
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_|")] ==
	       '\0';
}

/* Writes the text for between single quotes, with a backslash before each of
 * `special`. */
static void quoted(const char *text, const char *special)
{
	for (; *text != '\0'; text++) {
		if (strchr(special, *text) != NULL)
			putchar('\\');
		if (*text == '\'')
			printf("'\\''");
		else
			putchar(*text);
	}
}

static void words_of_choice(const char *text)
{
	for (; *text != '\0'; text++)
		putchar(*text == '|' ? ' ' : *text);
}

/* Every name of the option as a pattern of bash's case. */
static void bash_pattern(const struct option_entry *entry)
{
	const char *names = entry->names, *between = "\t";
	struct option_name name;

	while (option_name_next(&names, &name)) {
		printf("%s'-%.*s'", between, (int)name.length, name.start);
		between = " | ";
	}
	printf(")\n");
}

static void bash_value(const struct option_entry *entry)
{
	const struct action *action = action_of(entry);

	if (entry->argument == NULL)
		return;
	bash_pattern(entry);
	printf("\t\tfollows=%d\n", must_follow(entry));
	if (is_choice(entry)) {
		printf("\t\twith=(-W '");
		words_of_choice(entry->argument);
		printf("')\n");
	} else if (action != NULL) {
		printf("\t\twith=(%s)\n", action->bash);
	}
	printf("\t\t;;\n");
}

static void bash_names(const char *names)
{
	struct option_name name;

	while (option_name_next(&names, &name))
		printf(" -%.*s", (int)name.length, name.start);
}

/* Behind -name= bash gives the name, "=" and the value as three words. */
static void print_bash(void)
{
	size_t i;

	printf("# bash completion for x11wsvnc, made from its table of "
	       "options.\n"
	       "_x11wsvnc()\n{\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
	       "\tlocal before=${COMP_WORDS[COMP_CWORD-1]} follows=0 names\n"
	       "\tlocal -a with=()\n"
	       "\tif [ \"$word\" = = ]; then\n"
	       "\t\tword=\n"
	       "\telif [ \"$before\" = = ]; then\n"
	       "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}\n"
	       "\tfi\n"
	       "\tcase ${before/#--/-} in\n");
	for (i = 0; i < option_table_count(); i++)
		bash_value(option_table_at(i));
	printf("\tesac\n\tnames='");
	for (i = 0; i < option_table_count(); i++) {
		bash_names(option_table_at(i)->names);
		if (option_table_at(i)->opposites != NULL)
			bash_names(option_table_at(i)->opposites);
	}
	printf("'\n"
	       "\tCOMPREPLY=()\n"
	       "\tif [ ${#with[@]} -gt 0 ] && [[ $follows = 1 || $word != -* "
	       "]]; "
	       "then\n"
	       "\t\t[[ ${with[*]} != *-[fd] ]] || compopt -o filenames\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen \"${with[@]}\" -- "
	       "\"$word\")\n"
	       "\telif [ $follows = 0 ]; then\n"
	       "\t\t[[ $word != --* ]] || names=${names// -/ --}\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -W \"$names\" -- "
	       "\"$word\")\n"
	       "\tfi\n"
	       "} 2>/dev/null\n"
	       "complete -F _x11wsvnc x11wsvnc\n");
}

/* '*'{'-a','-b'}: the same option by several names, at any place. */
static void zsh_names(const char *names)
{
	const char *between = "";
	struct option_name name, following;
	const char *rest = names;
	bool several;

	option_name_next(&rest, &name);
	several = option_name_next(&rest, &following);
	printf(" \\\n\t'*'%s", several ? "{" : "");
	while (option_name_next(&names, &name)) {
		printf("%s'-%.*s'", between, (int)name.length, name.start);
		between = ",";
	}
	if (several)
		putchar('}');
}

static void zsh_value(const struct option_entry *entry)
{
	const struct action *action = action_of(entry);

	if (entry->argument == NULL)
		return;
	printf(must_follow(entry) ? "':" : "'::");
	quoted(entry->argument, ":\\");
	putchar(':');
	if (is_choice(entry)) {
		putchar('(');
		words_of_choice(entry->argument);
		putchar(')');
	} else {
		printf("%s", action != NULL ? action->zsh : " ");
	}
	putchar('\'');
}

static void zsh_entry(const struct option_entry *entry)
{
	struct option_name name = option_table_name(entry);

	zsh_names(entry->names);
	printf("'[");
	quoted(entry->sentence, "[]:\\");
	printf("]'");
	zsh_value(entry);
	if (entry->opposites != NULL) {
		zsh_names(entry->opposites);
		printf("'[the contrary of -%.*s]'", (int)name.length,
			name.start);
	}
}

static void print_zsh(void)
{
	size_t i;

	printf("#compdef x11wsvnc\n"
	       "# zsh completion for x11wsvnc, made from its table of "
	       "options.\n"
	       "_arguments -S");
	for (i = 0; i < option_table_count(); i++)
		zsh_entry(option_table_at(i));
	putchar('\n');
}

void options_print_completion(const char *shell)
{
	if (strcmp(shell, "bash") == 0)
		print_bash();
	else
		print_zsh();
}
