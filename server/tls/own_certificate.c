#include "server/tls/own_certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"
#include "base/xmalloc.h"
#include "server/tls/self_signed.h"
#include "server/tls/tls_identity.h"

#define FILE_NAME "self-signed.pem"

enum { MOST_FILE_BYTES = 65536 };

struct kept {
	gnutls_datum_t key, certificate; /* PEM; no data: none */
};

static void forget(struct kept *kept)
{
	self_signed_forget(&kept->key);
	self_signed_forget(&kept->certificate);
}

char *own_certificate_folder(const char *wish)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (wish != NULL)
		return xstrdup(wish);
	/* Relative ones are to be ignored, says the XDG specification. */
	if (config != NULL && config[0] == '/')
		return xasprintf("%s/x11wsvnc", config);
	if (home != NULL && home[0] == '/')
		return xasprintf("%s/.config/x11wsvnc", home);
	return NULL;
}

/* ---- reading ---- */

static gnutls_datum_t copy_block(
	const char *text, const char *begin, const char *end)
{
	const char *from = strstr(text, begin), *to;
	gnutls_datum_t block = { NULL, 0 };

	to = from != NULL ? strstr(from, end) : NULL;
	if (to == NULL)
		return block;
	block.size = (unsigned)(to + strlen(end) - from);
	block.data = gnutls_malloc(block.size + 1);
	if (block.data == NULL)
		abort();
	memcpy(block.data, from, block.size);
	block.data[block.size] = '\0';
	return block;
}

static char *read_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	char *text = NULL;
	ssize_t got;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
		status.st_size < MOST_FILE_BYTES) {
		if ((status.st_mode & 077) && fchmod(fd, 0600) == 0)
			log_warning(
				"%s could be read by others; no longer, "
				"but if one has, remove it and restart",
				path);
		text = xcalloc(1, (size_t)status.st_size + 1);
		got = read(fd, text, (size_t)status.st_size);
		text[got > 0 ? got : 0] = '\0';
	}
	close(fd);
	return text;
}

static void read_kept(const char *path, struct kept *kept)
{
	char *text = read_text(path);

	*kept = (struct kept){ 0 };
	if (text == NULL)
		return;
	kept->key = copy_block(
		text, "-----BEGIN PRIVATE KEY", "END PRIVATE KEY-----");
	if (kept->key.data == NULL)
		kept->key = copy_block(text, "-----BEGIN EC PRIVATE KEY",
			"END EC PRIVATE KEY-----");
	kept->certificate = copy_block(
		text, "-----BEGIN CERTIFICATE", "END CERTIFICATE-----");
	gnutls_memset(text, 0, strlen(text));
	free(text);
}

/* ---- writing ---- */

/* The folder and those above it that are missing; only the owner's. */
static bool make_folder(const char *folder)
{
	char *path = xstrdup(folder), *slash = path;
	int why = 0;

	while (why == 0 && (slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			why = errno;
		*slash = '/';
	}
	if (why == 0 && mkdir(path, 0700) < 0 && errno != EEXIST)
		why = errno;
	free(path);
	errno = why;
	return why == 0;
}

static bool write_block(int fd, const gnutls_datum_t *block)
{
	bool ended = block->size > 0 && block->data[block->size - 1] == '\n';

	return write(fd, block->data, block->size) == (ssize_t)block->size &&
	       (ended || write(fd, "\n", 1) == 1);
}

static bool write_file(const char *path, const struct kept *kept)
{
	int fd = open(path,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool good;

	if (fd < 0)
		return false;
	errno = ENOSPC; /* what a short write means */
	good = fchmod(fd, 0600) == 0 && write_block(fd, &kept->key) &&
	       write_block(fd, &kept->certificate) && fsync(fd) == 0;
	close(fd);
	return good;
}

/* A file that appeared meanwhile, written by another instance that starts too,
 * is the one to use: *theirs. */
static bool put_in_place(
	const char *temporary, const char *path, bool renewal, bool *theirs)
{
	if (!renewal && link(temporary, path) == 0) {
		unlink(temporary);
		return true;
	}
	if (!renewal && errno == EEXIST) {
		unlink(temporary);
		*theirs = true;
		return true;
	}
	return rename(temporary, path) == 0; /* no links on this disk, or so */
}

static bool keep(const char *folder, const char *path, const struct kept *kept,
	bool renewal, bool *theirs)
{
	uint32_t random;
	char *temporary;
	bool good;
	int why;

	if (!make_folder(folder))
		return false;
	random_bytes(&random, sizeof(random));
	temporary = xasprintf("%s.%08x", path, random);
	good = write_file(temporary, kept) &&
	       put_in_place(temporary, path, renewal, theirs);
	why = errno;
	if (!good)
		unlink(temporary);
	free(temporary);
	errno = why;
	return good;
}

/* ---- both ---- */

static bool make(const struct machine_names *names, struct kept *kept)
{
	self_signed_forget(&kept->certificate);
	if (kept->key.data != NULL && self_signed_make(names, time(NULL),
					      &kept->key, &kept->certificate))
		return true;
	self_signed_forget(&kept->key);
	return self_signed_make_key(&kept->key) &&
	       self_signed_make(
		       names, time(NULL), &kept->key, &kept->certificate);
}

static void say_in_memory(const char *folder)
{
	if (folder == NULL)
		log_info(
			"the self-signed certificate is for this run only: "
			"neither -certdir, $XDG_CONFIG_HOME nor $HOME says "
			"where to keep it");
	else
		log_info(
			"the self-signed certificate is for this run only: "
			"cannot write to %s: %s (-certdir names another "
			"folder)",
			folder, strerror(errno));
}

/* What is kept now; makes and writes what is missing. */
static bool get(bool for_once, const char *folder,
	const struct machine_names *names, struct kept *kept)
{
	char *path = folder ? xasprintf("%s/" FILE_NAME, folder) : NULL;
	bool renewal, theirs = false, good = true;

	*kept = (struct kept){ 0 };
	if (path != NULL)
		read_kept(path, kept);
	if (kept->key.data == NULL || kept->certificate.data == NULL ||
		!self_signed_fits(
			names, time(NULL), &kept->key, &kept->certificate)) {
		renewal = path != NULL && access(path, F_OK) == 0;
		good = make(names, kept);
		if (good && !for_once &&
			(path == NULL ||
				!keep(folder, path, kept, renewal, &theirs)))
			say_in_memory(folder);
		if (theirs) {
			forget(kept);
			read_kept(path, kept);
		}
	}
	free(path);
	return good && kept->key.data != NULL && kept->certificate.data != NULL;
}

struct tls_identity *own_certificate_get(bool for_once, const char *folder,
	const struct machine_names *names, const struct tls_files *files,
	char **error)
{
	struct tls_identity *identity = NULL;
	struct kept kept;

	if (get(for_once, folder, names, &kept))
		identity = tls_identity_from("the self-signed certificate",
			kept.certificate, kept.key, files, error);
	else
		*error =
			xstrdup("cannot make a self-signed certificate "
				"(-nossl does without TLS)");
	forget(&kept);
	return identity;
}
