#include "server/access/rsa_key_file.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "rfb/rsa_key.h"
#include "server/options/options.h"
#include "server/tls/own_certificate.h"
#include "server/tls/private_file.h"

enum { MADE_BITS = 2048 };

static struct rsa_key *from_private(gnutls_x509_privkey_t private)
{
	gnutls_datum_t m, e, d, p, q, u;
	struct rsa_key *key;

	if (gnutls_x509_privkey_get_pk_algorithm(private) != GNUTLS_PK_RSA ||
		gnutls_x509_privkey_export_rsa_raw(
			private, &m, &e, &d, &p, &q, &u) < 0)
		return NULL;
	key = rsa_key_create((struct rsa_number){ p.data, p.size },
		(struct rsa_number){ q.data, q.size },
		(struct rsa_number){ e.data, e.size });
	gnutls_memset(d.data, 0, d.size);
	gnutls_memset(p.data, 0, p.size);
	gnutls_memset(q.data, 0, q.size);
	gnutls_memset(u.data, 0, u.size);
	gnutls_free(m.data);
	gnutls_free(e.data);
	gnutls_free(d.data);
	gnutls_free(p.data);
	gnutls_free(q.data);
	gnutls_free(u.data);
	return key;
}

static struct rsa_key *from_text(char *text)
{
	gnutls_datum_t pem = { (unsigned char *)text, (unsigned)strlen(text) };
	gnutls_x509_privkey_t private;
	struct rsa_key *key = NULL;

	gnutls_x509_privkey_init(&private);
	if (gnutls_x509_privkey_import(private, &pem, GNUTLS_X509_FMT_PEM) >= 0)
		key = from_private(private);
	gnutls_x509_privkey_deinit(private);
	return key;
}

/* PEM; no data: it cannot be made. */
static gnutls_datum_t make(void)
{
	gnutls_datum_t pem = { NULL, 0 };
	gnutls_x509_privkey_t private;

	gnutls_x509_privkey_init(&private);
	if (gnutls_x509_privkey_generate(
		    private, GNUTLS_PK_RSA, MADE_BITS, 0) >= 0)
		gnutls_x509_privkey_export2(private, GNUTLS_X509_FMT_PEM, &pem);
	gnutls_x509_privkey_deinit(private);
	return pem;
}

static void wipe(char *text)
{
	if (text == NULL)
		return;
	explicit_bzero(text, strlen(text));
	free(text);
}

/* What viewers show: TigerVNC the beginning of SHA-1, others SHA-256. */
static void say_fingerprint(const struct rsa_key *key)
{
	uint8_t sha1_digest_bytes[SHA1_DIGEST_SIZE];
	uint8_t sha256_digest_bytes[SHA256_DIGEST_SIZE];
	/* The last colon makes way for the end. */
	char long_text[3 * SHA256_DIGEST_SIZE + 1], short_text[3 * 8 + 1];
	struct buffer public = { 0 };
	struct sha256_ctx sha256;
	struct sha1_ctx sha1;
	int i;

	rsa_key_write_public(key, &public);
	sha1_init(&sha1);
	sha1_update(&sha1, buffer_length(&public), buffer_bytes(&public));
	sha1_digest(&sha1, SHA1_DIGEST_SIZE, sha1_digest_bytes);
	sha256_init(&sha256);
	sha256_update(&sha256, buffer_length(&public), buffer_bytes(&public));
	sha256_digest(&sha256, SHA256_DIGEST_SIZE, sha256_digest_bytes);
	for (i = 0; i < SHA256_DIGEST_SIZE; i++)
		sprintf(long_text + 3 * i, "%02x:", sha256_digest_bytes[i]);
	for (i = 0; i < 8; i++)
		sprintf(short_text + 3 * i, "%02x-", sha1_digest_bytes[i]);
	long_text[sizeof(long_text) - 2] = '\0';
	short_text[sizeof(short_text) - 2] = '\0';
	log_info("the RSA key's SHA-256 fingerprint is %s (TigerVNC says %s)",
		long_text, short_text);
	buffer_finish(&public);
}

static void say_in_memory(const char *path)
{
	if (path == NULL)
		log_info(
			"the RSA key is for this run only: neither -rsakey, "
			"-certdir, $XDG_CONFIG_HOME nor $HOME says where to "
			"keep it");
	else
		log_info(
			"the RSA key is for this run only: cannot write %s: "
			"%s (-rsakey names another file)",
			path, strerror(errno));
}

/* A new key, kept at `path` if that can be. NULL: it was logged. */
static struct rsa_key *make_and_keep(const char *path, bool is_wish)
{
	gnutls_datum_t pem = make();
	struct rsa_key *key = NULL;
	bool theirs = false;
	char *text = NULL;

	if (pem.data == NULL) {
		log_error("cannot make an RSA key");
		return NULL;
	}
	if (path == NULL || !private_file_keep(path, &pem, 1, false, &theirs)) {
		if (is_wish) {
			log_error("-rsakey: cannot write %s: %s", path,
				strerror(errno));
			goto done;
		}
		say_in_memory(path);
	}
	text = theirs ? private_file_read(path)
		      : xstrndup((char *)pem.data, pem.size);
	key = text != NULL ? from_text(text) : NULL;
	if (key == NULL)
		log_error("cannot use the RSA key that was made");
done:
	wipe(text);
	gnutls_memset(pem.data, 0, pem.size);
	gnutls_free(pem.data);
	return key;
}

static char *choose_path(const struct options *options)
{
	char *folder, *path;

	if (options->rsa_key != NULL)
		return xstrdup(options->rsa_key);
	folder = own_certificate_folder(options->certificate_folder);
	path = folder != NULL ? xasprintf("%s/rsa-key.pem", folder) : NULL;
	free(folder);
	return path;
}

struct rsa_key *rsa_key_file_get(const struct options *options)
{
	char *path = choose_path(options);
	char *text = path != NULL ? private_file_read(path) : NULL;
	struct rsa_key *key;

	if (text != NULL) {
		key = from_text(text);
		if (key == NULL)
			log_error("%s is no RSA key (PEM) of 1024 to 8192 bits",
				path);
	} else if (path != NULL && access(path, F_OK) == 0) {
		log_error("cannot read %s: %s", path, strerror(errno));
		key = NULL;
	} else
		key = make_and_keep(path, options->rsa_key != NULL);
	if (key != NULL)
		say_fingerprint(key);
	wipe(text);
	free(path);
	return key;
}
