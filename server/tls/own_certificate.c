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
#include "server/tls/private_file.h"
#include "server/tls/self_signed.h"
#include "server/tls/tls_identity.h"

#define FILE_NAME "self-signed.pem"

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

static void read_kept(const char *path, struct kept *kept)
{
	char *text = private_file_read(path);

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

/* ---- both ---- */

static bool keep(
	const char *path, const struct kept *kept, bool renewal, bool *theirs)
{
	const gnutls_datum_t blocks[] = { kept->key, kept->certificate };

	return private_file_keep(path, blocks, 2, renewal, theirs);
}

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
			(path == NULL || !keep(path, kept, renewal, &theirs)))
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
