/* tls_identity.h - one certificate with its key, ready for GnuTLS; never
 * changed, only replaced by another when its files change.
 *
 * Owner:   reference counted: each TLS session keeps the one it began with.
 * Threads: the loop thread.
 * Errors:  NULL, and *error gets a sentence with the file and the reason, the
 *          caller's.
 */
#ifndef SERVER_TLS_IDENTITY_H
#define SERVER_TLS_IDENTITY_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/input_file.h"

struct tls_files {
	const char *certificate; /* PEM, with its chain */
	const char *key;         /* PEM; NULL: in the certificate's file */
	const char *password;    /* of an encrypted key, or NULL */
	/* Who may sign viewers' certificates: a PEM file or a folder of such;
	 * "" for the system's. NULL: nobody is asked for one. */
	const char *authority;
	const char *revoked; /* PEM; or NULL */
	enum input_file_when when;
};

struct tls_identity {
	unsigned references;
	gnutls_certificate_credentials_t credentials;
	time_t begins, ends;     /* of the certificate */
	bool is_own_issuer;      /* nobody else vouches for it */
	uint8_t fingerprint[32]; /* SHA-256 of it */
};

/* An expired certificate is an error. One that is not valid yet is none: on a
 * machine without a battery the clock is likelier wrong. */
struct tls_identity *tls_identity_load(
	const struct tls_files *files, char **error);
/* The same with certificate and key from memory, each PEM; `name` is for
 * messages. */
struct tls_identity *tls_identity_from(const char *name,
	gnutls_datum_t certificate, gnutls_datum_t key,
	const struct tls_files *files, char **error);

struct tls_identity *tls_identity_ref(struct tls_identity *identity);
void tls_identity_unref(struct tls_identity *identity);

#endif
