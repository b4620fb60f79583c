#include "server/access/password_file.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/des.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"
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
};

static bool refuse(const struct source *source, const char *reason)
{
	log_error("%s%s%s: %s", source->option, source->file ? " " : "",
		source->file ? source->file : "", reason);
	return false;
}

/* Copies one password, unless it is empty or too long. */
static bool take(const struct source *source, const char *text, size_t length,
	char to[PASSWORD_FILE_MOST + 1])
{
	if (length == 0)
		return refuse(source, "the password is empty");
	if (length > PASSWORD_FILE_MOST)
		return refuse(
			source, "a password is longer than 255 characters");
	memcpy(to, text, length);
	to[length] = '\0';
	if (length > PASSWORD_FILE_OBFUSCATED)
		log_warning(
			"%s: only the first 8 characters of the password "
			"count for VNC authentication",
			source->option);
	return true;
}

/* Whole into `bytes`, which has room for one byte more than `most`: so a
 * result above `most` means that the file is too long. Negative: refused. */
static ssize_t read_file(const struct source *source, char *bytes, size_t most)
{
	int file = open(source->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t count = 0;
	ssize_t got = 1;
	struct stat about;

	if (file < 0) {
		refuse(source, strerror(errno));
		return -1;
	}
	while (count <= most && got > 0) {
		got = read(file, bytes + count, most + 1 - count);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			count += (size_t)got;
	}
	if (got < 0)
		refuse(source, strerror(errno));
	else if (!fstat(file, &about) && S_ISREG(about.st_mode) &&
		 (about.st_mode & (S_IRGRP | S_IROTH)))
		log_warning("%s %s: other users can read this file",
			source->option, source->file);
	close(file);
	return got < 0 ? -1 : (ssize_t)count;
}

static bool read_obfuscated(struct passwords *passwords, const char *file)
{
	const struct source source = { "-rfbauth", file };
	char bytes[2 * PASSWORD_FILE_OBFUSCATED + 1];
	char plain[PASSWORD_FILE_OBFUSCATED + 1];
	ssize_t length = read_file(&source, bytes, sizeof(bytes) - 1);
	bool good;

	if (length < 0)
		return false;
	if (length != PASSWORD_FILE_OBFUSCATED &&
		length != 2 * PASSWORD_FILE_OBFUSCATED)
		return refuse(&source,
			length ? "not a VNC password file, which is 8 or 16 "
				 "bytes long"
			       : "the file is empty");
	password_file_reveal((uint8_t *)bytes, plain);
	good = take(&source, plain, strlen(plain), passwords->full);
	passwords->has_full = good;
	if (good && length == 2 * PASSWORD_FILE_OBFUSCATED) {
		password_file_reveal(
			(uint8_t *)bytes + PASSWORD_FILE_OBFUSCATED, plain);
		good = take(&source, plain, strlen(plain), passwords->view);
		passwords->has_view = good;
	}
	explicit_bzero(plain, sizeof(plain));
	explicit_bzero(bytes, sizeof(bytes));
	return good;
}

/* x11vnc's file, line by line. */
struct lines {
	const char *at, *end;
	bool view_only; /* __BEGIN_VIEWONLY__ was seen */
};

/* The length of the password in a line; 0 if there is none in it. */
static size_t line_password(const char *line, size_t length)
{
	const char *comment;

	if (length && line[length - 1] == '\r')
		length--;
	if (!length || line[0] == '#' ||
		memmem(line, length, "__SKIP__", strlen("__SKIP__")))
		return 0;
	comment = memmem(line, length, "__COMM__", strlen("__COMM__"));
	if (!comment)
		return length;
	length = (size_t)(comment - line);
	while (length && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	return length;
}

static bool is_line(const char *line, size_t length, const char *word)
{
	return length == strlen(word) && !memcmp(line, word, length);
}

/* The next password; NULL at the end. */
static const char *next_password(struct lines *lines, size_t *length)
{
	while (lines->at < lines->end) {
		const char *line = lines->at;
		size_t left = (size_t)(lines->end - line);
		const char *newline = memchr(line, '\n', left);

		lines->at = newline ? newline + 1 : lines->end;
		*length = line_password(
			line, newline ? (size_t)(newline - line) : left);
		if (is_line(line, *length, "__BEGIN_VIEWONLY__"))
			lines->view_only = true;
		else if (*length)
			return line;
	}
	return NULL;
}

/* What a file says: its first password of each sort. */
struct found {
	const char *full, *view;
	size_t full_length, view_length;
	int full_count, view_count;
};

static void find_passwords(struct found *found, const char *bytes, size_t count)
{
	struct lines lines = { bytes, bytes + count, false };
	const char *text, *second = NULL;
	size_t length, second_length = 0;

	*found = (struct found){ 0 };
	while ((text = next_password(&lines, &length))) {
		if (lines.view_only && found->view_count++ == 0) {
			found->view = text;
			found->view_length = length;
		} else if (!lines.view_only && found->full_count++ == 0) {
			found->full = text;
			found->full_length = length;
		} else if (!second) {
			second = text;
			second_length = length;
		}
	}
	/* Two lines and no __BEGIN_VIEWONLY__: the second is view-only. */
	if (!lines.view_only && found->full_count == 2) {
		found->full_count = found->view_count = 1;
		found->view = second;
		found->view_length = second_length;
	}
}

static bool parse_lines(struct passwords *passwords,
	const struct source *source, const char *bytes, size_t count)
{
	struct found found;

	if (memchr(bytes, '\0', count))
		return refuse(source, "not a text file");
	find_passwords(&found, bytes, count);
	if (!found.full)
		return refuse(source, "there is no password in it");
	if (is_line(found.full, found.full_length, "__EMPTY__") ||
		(found.view &&
			is_line(found.view, found.view_length, "__EMPTY__")))
		return refuse(source,
			"__EMPTY__: an empty password is never accepted; -nopw "
			"lets everybody in");
	if (found.full_count > 1 || found.view_count > 1)
		log_warning(
			"%s %s: only the first password of each kind is "
			"used",
			source->option, source->file);
	passwords->has_full =
		take(source, found.full, found.full_length, passwords->full);
	if (found.view)
		passwords->has_view = take(
			source, found.view, found.view_length, passwords->view);
	return passwords->has_full && (!found.view || passwords->has_view);
}

static bool read_text(struct passwords *passwords, const char *file)
{
	static const char *const forms[] = {
		"rm:", "read:", "cmd:", "custom:"
	};
	const struct source source = { "-passwdfile", file };
	char bytes[LARGEST_FILE + 1];
	ssize_t length;
	bool good;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!strncmp(file, forms[i], strlen(forms[i])))
			return refuse(&source,
				"the forms rm: read: cmd: and custom: are not "
				"built yet");
	}
	length = read_file(&source, bytes, LARGEST_FILE);
	if (length < 0)
		return false;
	if (length > LARGEST_FILE)
		good = refuse(&source, "the file is longer than 64 KiB");
	else
		good = parse_lines(passwords, &source, bytes, (size_t)length);
	explicit_bzero(bytes, sizeof(bytes));
	return good;
}

static bool take_argument(const char *option, const char *text,
	char to[PASSWORD_FILE_MOST + 1], bool *has)
{
	const struct source source = { option, NULL };

	*has = take(&source, text, strlen(text), to);
	return *has;
}

static bool read_full(
	struct passwords *passwords, const struct options *options)
{
	if (options->vnc_password_file)
		return read_obfuscated(passwords, options->vnc_password_file);
	if (options->password_file)
		return read_text(passwords, options->password_file);
	if (options->password)
		return take_argument("-passwd", options->password,
			passwords->full, &passwords->has_full);
	return true;
}

/* A view-only password that VncAuth cannot tell from the full one would open
 * everything. */
static bool check_apart(const struct passwords *passwords)
{
	if (!passwords->has_view)
		return true;
	if (!passwords->has_full) {
		log_error("the view-only password needs a full one beside it");
		return false;
	}
	if (strncmp(passwords->full, passwords->view, PASSWORD_FILE_OBFUSCATED))
		return true;
	log_error(
		"the view-only password is the same as the full one (the "
		"first 8 characters count)");
	return false;
}

bool password_file_read(
	struct passwords *passwords, const struct options *options)
{
	bool good;

	*passwords = (struct passwords){ 0 };
	good = read_full(passwords, options);
	if (good && options->view_password)
		good = take_argument("-viewpasswd", options->view_password,
			passwords->view, &passwords->has_view);
	good = good && check_apart(passwords);
	if (!good)
		password_file_forget(passwords);
	return good;
}

void password_file_forget(struct passwords *passwords)
{
	explicit_bzero(passwords, sizeof(*passwords));
}
