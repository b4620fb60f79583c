/* password_file.h - the two passwords that the options name, in plain text.
 *
 * Sources: -rfbauth (vncpasswd's file: 8 or 16 bytes, DES with a key that
 *          everybody knows), -passwdfile (password_lines.h; of a file, or of a
 *          command), -passwd and -viewpasswd.
 * Owner:   whoever embeds struct passwords; password_file_forget() wipes it.
 * Threads: the loop thread.
 * Errors:  false: a sentence was logged that names the file and the reason, and
 *          nothing was read. An empty password never counts as one.
 */
#ifndef SERVER_PASSWORD_FILE_H
#define SERVER_PASSWORD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/input_file.h"

struct options;

enum {
	PASSWORD_FILE_MOST = 255,         /* characters of one password */
	PASSWORD_FILE_MOST_BYTES = 32768, /* of all of a kind */
	PASSWORD_FILE_OBFUSCATED = 8,     /* bytes of one password in -rfbauth's
					     file, and all that VncAuth looks at */
};

struct passwords {
	/* Several are parted by newlines. */
	char full[PASSWORD_FILE_MOST_BYTES];
	char view[PASSWORD_FILE_MOST_BYTES];
	bool has_full, has_view; /* the view-only ones never stand alone */
};

/* True with neither password where the options name no source. */
bool password_file_read(struct passwords *passwords,
	const struct options *options, enum input_file_when when);
/* The form read: of -passwdfile: reads again what is read at each login. What
 * has become wrong is told, and the old passwords remain. */
bool password_file_is_reread(const struct options *options);
void password_file_reread(
	struct passwords *passwords, const struct options *options);
/* Whether it can be read once more: it is a file, and still there. */
bool password_file_can_change(const struct options *options);
void password_file_forget(struct passwords *passwords);

/* To and from the form of -rfbauth's file. `plain` holds at most eight
 * characters and has room for nine. */
void password_file_obfuscate(
	const char *plain, uint8_t hidden[PASSWORD_FILE_OBFUSCATED]);
void password_file_reveal(const uint8_t hidden[PASSWORD_FILE_OBFUSCATED],
	char plain[PASSWORD_FILE_OBFUSCATED + 1]);

/* A password for one run of the program: eight characters that cannot be
 * mistaken for each other when read aloud or off a screen. */
void password_file_invent(char plain[PASSWORD_FILE_OBFUSCATED + 1]);

#endif
