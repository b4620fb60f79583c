/* tls_identity.h - our certificate and key, as GnuTLS keeps them.
 *
 * Owner:   tls_identity_load() gives, tls_identity_destroy() frees, after every
 *          layer made with it.
 * Threads: the loop thread.
 */
#ifndef SERVER_TLS_IDENTITY_H
#define SERVER_TLS_IDENTITY_H

#include <gnutls/gnutls.h>

struct tls_identity {
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priority;
};

/* `key` NULL: in the certificate's file. NULL: *error gets a sentence with the
 * file and the reason, the caller's. */
struct tls_identity *tls_identity_load(
	const char *certificate, const char *key, char **error);
void tls_identity_destroy(struct tls_identity *identity);

#endif
