/* option_entry.h - what the files of the option table are written with: one
 * file a group (option_group_*.c), one entry an option.
 *
 * Threads: any; constant.
 */
#ifndef SERVER_OPTIONS_OPTION_ENTRY_H
#define SERVER_OPTIONS_OPTION_ENTRY_H

#include <stddef.h>

#include "base/initialiser.h"
#include "server/options/option_table.h"
#include "server/options/options.h"

/* The offset of a field, which must have the type: the wrong one does not
 * compile. */
/* clang-format off */
#define AT(member, type)                                                       \
	(offsetof(struct options, member) +                                    \
		0 * sizeof(_Generic(((struct options *)NULL)->member,          \
			type: (char)0)))
/* clang-format on */

#define FLAG_FIELDS(member, value_, names_, opposites_, sentence_)             \
	.kind = OPTION_FLAG, .field = AT(member, bool),                        \
	.flag = OPTION_NO_FIELD, .value = value_, .names = names_,             \
	.opposites = opposites_, .sentence = sentence_
#define NUMBER_FIELDS(member, least_, most_, normal_, names_, sentence_)       \
	.kind = OPTION_NUMBER, .field = AT(member, int),                       \
	.flag = OPTION_NO_FIELD, .least = least_, .most = most_,               \
	.normal = normal_, .argument = "N", .names = names_,                   \
	.sentence = sentence_
#define TEXT_FIELDS(member, argument_, names_, sentence_)                      \
	.kind = OPTION_TEXT, .field = AT(member, char *),                      \
	.flag = OPTION_NO_FIELD, .argument = argument_, .names = names_,       \
	.sentence = sentence_
#define LIST_FIELDS(member, argument_, names_, sentence_)                      \
	.kind = OPTION_LIST, .field = AT(member, char **),                     \
	.flag = OPTION_NO_FIELD, .argument = argument_, .names = names_,       \
	.sentence = sentence_

#define FLAG(...) INITIALISER(FLAG_FIELDS(__VA_ARGS__))
#define NUMBER(...) INITIALISER(NUMBER_FIELDS(__VA_ARGS__))
#define TEXT(...) INITIALISER(TEXT_FIELDS(__VA_ARGS__))
#define LIST(...) INITIALISER(LIST_FIELDS(__VA_ARGS__))
#define SECRET(...) INITIALISER(TEXT_FIELDS(__VA_ARGS__), .secret = true)

/* The same where each desktop may have its own. */
#define OWN_FLAG(...)                                                          \
	INITIALISER(FLAG_FIELDS(__VA_ARGS__), .scope = OPTION_OF_ONE)
#define OWN_NUMBER(...)                                                        \
	INITIALISER(NUMBER_FIELDS(__VA_ARGS__), .scope = OPTION_OF_ONE)
#define OWN_TEXT(...)                                                          \
	INITIALISER(TEXT_FIELDS(__VA_ARGS__), .scope = OPTION_OF_ONE)
#define OWN_LIST(...)                                                          \
	INITIALISER(LIST_FIELDS(__VA_ARGS__), .scope = OPTION_OF_ONE)
/* The same of what says who may log in. */
#define LOGIN_FLAG(...)                                                        \
	INITIALISER(FLAG_FIELDS(__VA_ARGS__), .scope = OPTION_OF_ONE_LOGIN)
#define LOGIN_TEXT(...)                                                        \
	INITIALISER(TEXT_FIELDS(__VA_ARGS__), .scope = OPTION_OF_ONE_LOGIN)
#define LOGIN_SECRET(...)                                                      \
	INITIALISER(TEXT_FIELDS(__VA_ARGS__), .scope = OPTION_OF_ONE_LOGIN,    \
		.secret = true)

/* A group's entries, its place in the documents being that in option_table.c.
 */
struct option_group {
	const char *title;
	const struct option_entry *entries;
	size_t count;
};

#define OPTION_GROUP(title_, entries_)                                         \
	INITIALISER(.title = title_, .entries = entries_,                      \
		.count = sizeof(entries_) / sizeof((entries_)[0]))

extern const struct option_group option_group_screen;
extern const struct option_group option_group_network;
extern const struct option_group option_group_page;
extern const struct option_group option_group_relay;
extern const struct option_group option_group_tls;
extern const struct option_group option_group_access;
extern const struct option_group option_group_clipboard;
extern const struct option_group option_group_input;
extern const struct option_group option_group_process;

#endif
