/* tls_context.h - what the TLS sessions of all connections share: the
 * certificate in use, what is negotiated, the key of the session tickets.
 *
 * Owner:   tls_context_create() gives; tls_context_destroy() frees, after
 *          every layer made with it.
 * Threads: the loop thread.
 */
#ifndef SERVER_TLS_CONTEXT_H
#define SERVER_TLS_CONTEXT_H

#include <gnutls/gnutls.h>
#include <stdbool.h>

struct options;
struct tls_context;
struct tls_identity;

enum tls_kind {
	TLS_X509,      /* with our certificate: https, VeNCrypt's X509* */
	TLS_ANONYMOUS, /* without any, TLS 1.2 only: VeNCrypt's TLS* */
};

/* NULL: *error gets a sentence, the caller's. Keeps the options. */
struct tls_context *tls_context_create(
	const struct options *options, char **error);
void tls_context_destroy(struct tls_context *context);

/* The certificate for a connection that begins now; borrowed. */
struct tls_identity *tls_context_identity(struct tls_context *context);

/* Whether such a session may be had here. */
bool tls_context_offers(const struct tls_context *context, enum tls_kind kind);

/* Gives the session what its kind needs, all but the identity kept here. */
void tls_context_equip(struct tls_context *context, enum tls_kind kind,
	gnutls_session_t session, const struct tls_identity *identity);

#endif
