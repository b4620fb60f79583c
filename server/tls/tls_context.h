/* tls_context.h - what the TLS sessions of all connections share: the
 * certificate in use, what is negotiated, the key of the session tickets.
 *
 * Owner:   tls_context_create() gives; tls_context_destroy() frees, after
 *          every layer made with it and the loop.
 * Threads: the loop thread.
 */
#ifndef SERVER_TLS_CONTEXT_H
#define SERVER_TLS_CONTEXT_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <uv.h>

struct options;
struct tls_context;
struct tls_identity;

enum tls_kind {
	TLS_X509,      /* with our certificate: https, VeNCrypt's X509* */
	TLS_ANONYMOUS, /* without any, TLS 1.2 only: VeNCrypt's TLS* */
};

/* EXIT_OK, or what the program ends with; *error then gets a sentence, the
 * caller's. Keeps the options. */
int tls_context_create(struct tls_context **context,
	const struct options *options, char **error);
void tls_context_destroy(struct tls_context *context);

/* The certificate for a connection that begins now; borrowed. Looks for
 * changed files, once a second at most: nothing is looked at while nobody
 * comes. */
struct tls_identity *tls_context_identity(struct tls_context *context);
/* Reads the files again; our own certificate is renewed where this machine has
 * a name or an address that it had not. What cannot be used is told in the log,
 * and the old one kept. */
void tls_context_reload(struct tls_context *context);
/* We made it ourselves, so browsers will ask. */
bool tls_context_is_self_signed(const struct tls_context *context);
/* Some authority vouches for it, so viewers may be able to verify it. */
bool tls_context_is_vouched_for(const struct tls_context *context);
/* "AB:CD:..." of the certificate's SHA-256. */
enum { TLS_CONTEXT_FINGERPRINT_BYTES = 32 * 3 + 1 };
void tls_context_fingerprint(const struct tls_context *context, char *text);

/* Whether such a session may be had here. Anonymous ones not where viewers
 * must show certificates. */
bool tls_context_offers(const struct tls_context *context, enum tls_kind kind);
/* Whether viewers must show certificates, and with which common names; NULL:
 * any. */
bool tls_context_asks_clients(const struct tls_context *context);
const char *const *tls_context_client_names(const struct tls_context *context);

/* Gives the session what its kind needs. */
void tls_context_equip(struct tls_context *context, enum tls_kind kind,
	gnutls_session_t session, const struct tls_identity *identity);

#endif
