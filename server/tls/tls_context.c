#include "server/tls/tls_context.h"

#include <stdlib.h>

#include "base/xmalloc.h"
#include "server/options/options.h"
#include "server/tls/tls_identity.h"

struct tls_context {
	const struct options *options;
	struct tls_identity *identity;
	gnutls_anon_server_credentials_t anonymous;
	gnutls_priority_t priorities[2]; /* enum tls_kind */
	gnutls_datum_t ticket_key;
};

/* TLS 1.2 and up; 1.3 has no sessions without a certificate. */
static const char *const priorities[2] = {
	[TLS_X509] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
	[TLS_ANONYMOUS] =
		"NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ANON-ECDH:+ANON-DH",
};

static void set_up(struct tls_context *context)
{
	int kind;

	for (kind = 0; kind < 2; kind++)
		gnutls_priority_init(
			&context->priorities[kind], priorities[kind], NULL);
	gnutls_anon_allocate_server_credentials(&context->anonymous);
	gnutls_anon_set_server_known_dh_params(
		context->anonymous, GNUTLS_SEC_PARAM_MEDIUM);
	gnutls_session_ticket_key_generate(&context->ticket_key);
}

struct tls_context *tls_context_create(
	const struct options *options, char **error)
{
	struct tls_context *context = xcalloc(1, sizeof(*context));
	struct tls_files files = { .certificate = options->certificate,
		.key = options->key };

	context->options = options;
	set_up(context);
	context->identity = tls_identity_load(&files, error);
	if (context->identity != NULL)
		return context;
	tls_context_destroy(context);
	return NULL;
}

void tls_context_destroy(struct tls_context *context)
{
	int kind;

	if (context == NULL)
		return;
	tls_identity_unref(context->identity);
	for (kind = 0; kind < 2; kind++)
		gnutls_priority_deinit(context->priorities[kind]);
	gnutls_anon_free_server_credentials(context->anonymous);
	gnutls_memset(context->ticket_key.data, 0, context->ticket_key.size);
	gnutls_free(context->ticket_key.data);
	free(context);
}

struct tls_identity *tls_context_identity(struct tls_context *context)
{
	return context->identity;
}

bool tls_context_offers(const struct tls_context *context, enum tls_kind kind)
{
	(void)context;
	(void)kind;
	return true;
}

void tls_context_equip(struct tls_context *context, enum tls_kind kind,
	gnutls_session_t session, const struct tls_identity *identity)
{
	gnutls_priority_set(session, context->priorities[kind]);
	if (kind == TLS_ANONYMOUS) {
		gnutls_credentials_set(
			session, GNUTLS_CRD_ANON, context->anonymous);
		return;
	}
	gnutls_credentials_set(
		session, GNUTLS_CRD_CERTIFICATE, identity->credentials);
	/* A browser opens half a dozen connections: all but the first are
	 * cheap with a ticket. */
	gnutls_session_ticket_enable_server(session, &context->ticket_key);
}
