#include "server/access/password_file.h"

#include <errno.h>
#include <nettle/des.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input_file.h"
#include "base/log.h"
#include "base/random.h"
#include "base/xmalloc.h"
#include "server/access/password_lines.h"
#include "server/options/options.h"

enum { LARGEST_FILE = 64 * 1024 };

/* The key that every VNC program has used for its password file since 1998,
 * already in DES's bit order: VNC feeds DES the bits of each key byte the
 * other way round (the plain bytes are 23 82 107 6 35 78 88 7). */
static const uint8_t known_key[DES_KEY_SIZE] = { 0xe8, 0x4a, 0xd6, 0x60, 0xc4,
	0x72, 0x1a, 0xe0 };

void password_file_obfuscate(
	const char *plain, uint8_t hidden[PASSWORD_FILE_OBFUSCATED])
{
	uint8_t block[DES_BLOCK_SIZE] = { 0 };
	struct des_ctx des;

	memcpy(block, plain, strnlen(plain, sizeof(block)));
	des_set_key(&des, known_key);
	des_encrypt(&des, sizeof(block), hidden, block);
	explicit_bzero(block, sizeof(block));
}

void password_file_reveal(const uint8_t hidden[PASSWORD_FILE_OBFUSCATED],
	char plain[PASSWORD_FILE_OBFUSCATED + 1])
{
	struct des_ctx des;

	des_set_key(&des, known_key);
	des_decrypt(&des, DES_BLOCK_SIZE, (uint8_t *)plain, hidden);
	plain[PASSWORD_FILE_OBFUSCATED] = '\0';
}

void password_file_invent(char plain[PASSWORD_FILE_OBFUSCATED + 1])
{
	/* Without 0 O o 1 l I i 5 S s 2 Z z and u v, which are confused. */
	static const char letters[] =
		"346789abcdefghjkmnpqrtwxy"
		"ABCDEFGHJKLMNPQRTWXY";
	/* Bytes from here up would make the first letters likelier. */
	const unsigned fair = 256 - 256 % (sizeof(letters) - 1);
	int count = 0;

	while (count < PASSWORD_FILE_OBFUSCATED) {
		uint8_t byte;

		random_bytes(&byte, 1);
		if (byte < fair)
			plain[count++] = letters[byte % (sizeof(letters) - 1)];
	}
	plain[count] = '\0';
}

/* Where a password comes from, for the log. */
struct source {
	const char *option;
	const char *file; /* NULL: the command line */
	const char *how;  /* such a file is made */
};

static bool refuse(const struct source *source, const char *reason)
{
	log_error("%s%s%s: %s", source->option, source->file ? " " : "",
		source->file ? source->file : "", reason);
	return false;
}

static void warn_of_length(const struct source *source, const char *list)
{
	if (password_lines_any_longer(list))
		log_warning(
			"%s: only the first 8 characters of a password count "
			"for VNC authentication; all of them count where a "
			"name is asked too: -sectypes "
			"TLSPlain,X509Plain,Plain lets nobody in with less",
			source->option);
}

/* Puts one password where another may be. */
static bool take(const struct source *source, const char *text, char *list)
{
	const char *why;

	list[0] = '\0';
	why = password_lines_add(list, text, strlen(text));
	if (why)
		return refuse(source, why);
	warn_of_length(source, list);
	return true;
}

static void warn_of_readers(const struct source *source)
{
	struct stat about;

	if (stat(source->file, &about) == 0 && S_ISREG(about.st_mode) &&
		(about.st_mode & (S_IRGRP | S_IROTH)) != 0)
		log_warning("%s %s: other users can read this file",
			source->option, source->file);
}

/* NULL: refused. */
static char *read_file(
	const struct source *source, enum input_file_when when, size_t *length)
{
	struct input_file_why why;
	char *bytes =
		input_file_read(source->file, when, LARGEST_FILE, length, &why);

	if (bytes == NULL)
		log_error("%s %s: %s%s", source->option, source->file, why.text,
			input_file_making(source->how));
	else
		warn_of_readers(source);
	return bytes;
}

static bool take_obfuscated(struct passwords *passwords,
	const struct source *source, const uint8_t *bytes, size_t length)
{
	char plain[PASSWORD_FILE_OBFUSCATED + 1];
	bool good;

	if (length != PASSWORD_FILE_OBFUSCATED &&
		length != 2 * PASSWORD_FILE_OBFUSCATED)
		return refuse(source,
			length ? "not a VNC password file, which is 8 or 16 "
				 "bytes long"
			       : "the file is empty");
	password_file_reveal(bytes, plain);
	good = take(source, plain, passwords->full);
	passwords->has_full = good;
	if (good && length == 2 * PASSWORD_FILE_OBFUSCATED) {
		password_file_reveal(bytes + PASSWORD_FILE_OBFUSCATED, plain);
		good = take(source, plain, passwords->view);
		passwords->has_view = good;
	}
	explicit_bzero(plain, sizeof(plain));
	return good;
}

static bool read_obfuscated(struct passwords *passwords, const char *file,
	enum input_file_when when)
{
	const struct source source = { "-rfbauth", file,
		"; x11wsvnc -storepasswd FILE makes one" };
	size_t length = 0;
	char *bytes = read_file(&source, when, &length);
	bool good = bytes != NULL && take_obfuscated(passwords, &source,
					     (uint8_t *)bytes, length);

	input_file_forget(bytes, length);
	return good;
}

static bool parse_lines(struct passwords *passwords,
	const struct source *source, const char *bytes, size_t count)
{
	const char *why = password_lines_parse(passwords, bytes, count);

	if (why)
		return refuse(source, why);
	warn_of_length(source, passwords->full);
	warn_of_length(source, passwords->view);
	return true;
}

/* What a command prints; NULL: refused. */
static char *read_output(const struct source *source, size_t *length)
{
	FILE *pipe = popen(source->file, "re");
	char *bytes;

	if (!pipe) {
		refuse(source, strerror(errno));
		return NULL;
	}
	bytes = xmalloc(LARGEST_FILE);
	*length = fread(bytes, 1, LARGEST_FILE, pipe);
	/* One that has more to print is ended by that, and has failed. */
	if (pclose(pipe) == 0)
		return bytes;
	refuse(source, "the command failed");
	input_file_forget(bytes, *length);
	return NULL;
}

/* x11vnc's forms of -passwdfile. */
enum form { FORM_FILE, FORM_REMOVE, FORM_READ, FORM_COMMAND, FORM_CUSTOM };

static enum form form_of(const char **file)
{
	static const char *const prefixes[] = {
		"rm:", "read:", "cmd:", "custom:"
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t length = strlen(prefixes[i]);

		if (strncmp(*file, prefixes[i], length) != 0)
			continue;
		*file += length;
		return (enum form)(FORM_REMOVE + i);
	}
	return FORM_FILE;
}

static bool read_text(struct passwords *passwords, const char *file,
	enum input_file_when when)
{
	enum form form = form_of(&file);
	const struct source source = { "-passwdfile", file,
		"; it is a text of your own, the password its first line" };
	size_t length = 0;
	char *bytes;
	bool good;

	if (form == FORM_CUSTOM)
		return refuse(&source,
			"the form custom:, a program that looks at VncAuth's "
			"answers, is not built; cmd: prints passwords, -accept "
			"decides by a program");
	bytes = form == FORM_COMMAND ? read_output(&source, &length)
				     : read_file(&source, when, &length);
	if (bytes == NULL)
		return false;
	good = parse_lines(passwords, &source, bytes, length);
	input_file_forget(bytes, length);
	if (form == FORM_REMOVE && unlink(file) < 0)
		return refuse(&source, "cannot be removed, as rm: asks for");
	return good;
}

static bool take_argument(const char *option, const char *text,
	char to[PASSWORD_FILE_MOST_BYTES], bool *has)
{
	const struct source source = { option, NULL, NULL };

	*has = take(&source, text, to);
	return *has;
}

static bool read_full(struct passwords *passwords,
	const struct options *options, enum input_file_when when)
{
	if (options->vnc_password_file)
		return read_obfuscated(
			passwords, options->vnc_password_file, when);
	if (options->password_file)
		return read_text(passwords, options->password_file, when);
	if (options->password)
		return take_argument("-passwd", options->password,
			passwords->full, &passwords->has_full);
	return true;
}

/* A view-only password that VncAuth cannot tell from a full one would open
 * everything. */
static bool check_apart(const struct passwords *passwords)
{
	if (!passwords->has_view)
		return true;
	if (!passwords->has_full) {
		log_error("the view-only password needs a full one beside it");
		return false;
	}
	if (!password_lines_meet(passwords->full, passwords->view))
		return true;
	log_error(
		"the view-only password is the same as the full one (the "
		"first 8 characters count)");
	return false;
}

bool password_file_read(struct passwords *passwords,
	const struct options *options, enum input_file_when when)
{
	bool good;

	*passwords = (struct passwords){ 0 };
	good = read_full(passwords, options, when);
	if (good && options->view_password)
		good = take_argument("-viewpasswd", options->view_password,
			passwords->view, &passwords->has_view);
	good = good && check_apart(passwords);
	if (!good)
		password_file_forget(passwords);
	return good;
}

bool password_file_is_reread(const struct options *options)
{
	const char *file = options->password_file;

	return file != NULL && form_of(&file) == FORM_READ;
}

bool password_file_can_change(const struct options *options)
{
	const char *file = options->password_file;
	enum form form = file != NULL ? form_of(&file) : FORM_FILE;

	return options->vnc_password_file != NULL ||
	       (file != NULL && (form == FORM_FILE || form == FORM_READ));
}

void password_file_reread(
	struct passwords *passwords, const struct options *options)
{
	struct passwords fresh;

	if (!password_file_is_reread(options))
		return;
	if (password_file_read(&fresh, options, INPUT_FILE_ANY_TIME))
		*passwords = fresh;
	password_file_forget(&fresh);
}

void password_file_forget(struct passwords *passwords)
{
	explicit_bzero(passwords, sizeof(*passwords));
}
