#include "server/tls/tls_identity.h"

#include <assert.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/input_file.h"
#include "base/xmalloc.h"

enum {
	MOST_FILE_BYTES = 1 << 20,
	MOST_CHAIN = 16, /* certificates */
};

/* What is being put together, and where each part came from. */
struct parts {
	const char *certificate_name, *key_name, *password;
	gnutls_datum_t certificate, key;
	gnutls_x509_crt_t *chain;
	unsigned chain_length;
	gnutls_x509_privkey_t private_key;
};

/* ---- files ---- */

/* `how` such a file is made. *bytes is forget()'s, on failure too. */
static bool read_file(const char *path, const char *how,
	enum input_file_when when, gnutls_datum_t *bytes, char **error)
{
	struct input_file_why why;
	size_t length = 0;

	bytes->data = (unsigned char *)input_file_read(
		path, when, MOST_FILE_BYTES, &length, &why);
	bytes->size = (unsigned)length;
	if (bytes->data == NULL)
		*error = xasprintf("cannot read %s: %s%s", path, why.text,
			input_file_making(how));
	return bytes->data != NULL;
}

static void forget(gnutls_datum_t *bytes)
{
	input_file_forget((char *)bytes->data, bytes->size);
	*bytes = (gnutls_datum_t){ NULL, 0 };
}

/* ---- the parts ---- */

static bool take_chain(struct parts *parts, char **error)
{
	int status = gnutls_x509_crt_list_import2(&parts->chain,
		&parts->chain_length, &parts->certificate, GNUTLS_X509_FMT_PEM,
		GNUTLS_X509_CRT_LIST_SORT);

	if (status < 0) {
		parts->chain = NULL;
		parts->chain_length = 0;
		*error = xasprintf("%s is no certificate in PEM form: %s",
			parts->certificate_name, gnutls_strerror(status));
		return false;
	}
	if (parts->chain_length <= MOST_CHAIN)
		return true;
	*error = xasprintf("%s has more than %d certificates",
		parts->certificate_name, MOST_CHAIN);
	return false;
}

static bool take_key(struct parts *parts, char **error)
{
	int status;

	gnutls_x509_privkey_init(&parts->private_key);
	status = gnutls_x509_privkey_import2(parts->private_key, &parts->key,
		GNUTLS_X509_FMT_PEM, parts->password, 0);
	if (status >= 0)
		return true;
	if (status == GNUTLS_E_DECRYPTION_FAILED)
		*error = xasprintf(
			"the key %s is encrypted, and %s (--key-password)",
			parts->key_name,
			parts->password != NULL ? "the password is wrong"
						: "needs a password");
	else
		*error = xasprintf("%s is no private key in PEM form: %s",
			parts->key_name, gnutls_strerror(status));
	return false;
}

static bool check_dates(
	const struct parts *parts, struct tls_identity *identity, char **error)
{
	char when[32] = "long ago";
	struct tm tm;

	identity->begins = gnutls_x509_crt_get_activation_time(parts->chain[0]);
	identity->ends = gnutls_x509_crt_get_expiration_time(parts->chain[0]);
	identity->is_own_issuer =
		gnutls_x509_crt_check_issuer(parts->chain[0], parts->chain[0]);
	if (identity->ends > time(NULL))
		return true;
	if (gmtime_r(&identity->ends, &tm) != NULL)
		strftime(when, sizeof(when), "on %Y-%m-%d", &tm);
	*error = xasprintf("the certificate in %s has expired %s",
		parts->certificate_name, when);
	return false;
}

static bool put_together(
	const struct parts *parts, struct tls_identity *identity, char **error)
{
	size_t size = sizeof(identity->fingerprint);
	int status = gnutls_certificate_set_x509_key(identity->credentials,
		parts->chain, (int)parts->chain_length, parts->private_key);

	if (status >= 0)
		status = gnutls_x509_crt_get_fingerprint(parts->chain[0],
			GNUTLS_DIG_SHA256, identity->fingerprint, &size);
	if (status >= 0)
		return true;
	if (status == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
		*error = xasprintf(
			"the key %s does not belong to the certificate %s",
			parts->key_name, parts->certificate_name);
	else
		*error = xasprintf("cannot use certificate %s with key %s: %s",
			parts->certificate_name, parts->key_name,
			gnutls_strerror(status));
	return false;
}

static void finish_parts(struct parts *parts)
{
	unsigned i;

	for (i = 0; i < parts->chain_length; i++)
		gnutls_x509_crt_deinit(parts->chain[i]);
	gnutls_free(parts->chain);
	if (parts->private_key != NULL)
		gnutls_x509_privkey_deinit(parts->private_key);
}

static struct tls_identity *assemble(struct parts *parts, char **error)
{
	struct tls_identity *identity = xcalloc(1, sizeof(*identity));
	bool good;

	identity->references = 1;
	gnutls_certificate_allocate_credentials(&identity->credentials);
	good = take_chain(parts, error) && take_key(parts, error) &&
	       check_dates(parts, identity, error) &&
	       put_together(parts, identity, error);
	finish_parts(parts);
	if (good)
		return identity;
	tls_identity_unref(identity);
	return NULL;
}

/* ---- whom we trust ---- */

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* False: *error is set. *count is how many there were, or GnuTLS's error. */
static bool add_authorities(struct tls_identity *identity,
	const struct tls_files *files, int *count, char **error)
{
	const char *from = files->authority;
	gnutls_datum_t text = { NULL, 0 };

	if (from[0] == '\0') {
		*count = gnutls_certificate_set_x509_system_trust(
			identity->credentials);
		return true;
	}
	if (is_folder(from)) {
		*count = gnutls_certificate_set_x509_trust_dir(
			identity->credentials, from, GNUTLS_X509_FMT_PEM);
		return true;
	}
	if (!read_file(from, "", files->when, &text, error))
		return false;
	*count = gnutls_certificate_set_x509_trust_mem(
		identity->credentials, &text, GNUTLS_X509_FMT_PEM);
	forget(&text);
	return true;
}

static bool trust_authorities(struct tls_identity *identity,
	const struct tls_files *files, char **error)
{
	int count = 0;

	if (!add_authorities(identity, files, &count, error))
		return false;
	if (count > 0)
		return true;
	*error = xasprintf(
		"no certificate of an authority could be read from %s: %s",
		files->authority[0] ? files->authority : "the system",
		count < 0 ? gnutls_strerror(count) : "it has none");
	return false;
}

static bool distrust_revoked(struct tls_identity *identity,
	const struct tls_files *files, char **error)
{
	gnutls_datum_t text = { NULL, 0 };
	int count;

	if (files->revoked == NULL)
		return true;
	if (!read_file(files->revoked, "", files->when, &text, error))
		return false;
	count = gnutls_certificate_set_x509_crl_mem(
		identity->credentials, &text, GNUTLS_X509_FMT_PEM);
	forget(&text);
	if (count >= 0)
		return true;
	*error =
		xasprintf("cannot use %s as a list of revoked certificates: %s",
			files->revoked, gnutls_strerror(count));
	return false;
}

/* Takes `identity`, which may be NULL. */
static struct tls_identity *trust(struct tls_identity *identity,
	const struct tls_files *files, char **error)
{
	if (identity == NULL || files->authority == NULL ||
		(trust_authorities(identity, files, error) &&
			distrust_revoked(identity, files, error)))
		return identity;
	tls_identity_unref(identity);
	return NULL;
}

/* Both may be in one file, which can be a pipe: it is read once. */
static bool read_parts(
	struct parts *parts, const struct tls_files *files, char **error)
{
	if (!read_file(files->certificate,
		    "; without -cert one of its own is made", files->when,
		    &parts->certificate, error))
		return false;
	parts->key = parts->certificate;
	return files->key == NULL ||
	       read_file(files->key,
		       "; without -key it is taken from the file that -cert "
		       "names",
		       files->when, &parts->key, error);
}

struct tls_identity *tls_identity_load(
	const struct tls_files *files, char **error)
{
	struct parts parts = { .certificate_name = files->certificate,
		.key_name = files->key ? files->key : files->certificate,
		.password = files->password };
	struct tls_identity *identity = NULL;

	*error = NULL;
	if (read_parts(&parts, files, error))
		identity = assemble(&parts, error);
	if (files->key != NULL)
		forget(&parts.key);
	forget(&parts.certificate);
	return trust(identity, files, error);
}

struct tls_identity *tls_identity_from(const char *name,
	gnutls_datum_t certificate, gnutls_datum_t key,
	const struct tls_files *files, char **error)
{
	struct tls_identity *identity;
	struct parts parts = { .certificate_name = name,
		.key_name = name,
		.certificate = certificate,
		.key = key };

	*error = NULL;
	identity = assemble(&parts, error);
	return trust(identity, files, error);
}

struct tls_identity *tls_identity_ref(struct tls_identity *identity)
{
	identity->references++;
	return identity;
}

void tls_identity_unref(struct tls_identity *identity)
{
	if (identity == NULL)
		return;
	assert(identity->references > 0);
	if (--identity->references > 0)
		return;
	gnutls_certificate_free_credentials(identity->credentials);
	free(identity);
}
