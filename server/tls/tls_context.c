#include "server/tls/tls_context.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/file_stamp.h"
#include "server/options/options.h"
#include "server/tls/machine_names.h"
#include "server/tls/own_certificate.h"
#include "server/tls/self_signed.h"
#include "server/tls/tls_identity.h"

enum {
	LOOK_MS = 1000,     /* least between two looks at the files */
	RENEW_MS = 3600000, /* least between two renewals of our own */
	WATCHED = 4,        /* files */
};

struct tls_context {
	const struct options *options;
	struct tls_files files;
	struct tls_identity *identity;
	struct file_stamp stamps[WATCHED]; /* of what was last tried */
	struct machine_names names; /* of the start, or of the last SIGHUP */
	uint64_t looked_ms;
	uint64_t renewal_ms; /* not before this */
	gnutls_anon_server_credentials_t anonymous;
	gnutls_priority_t priorities[2]; /* enum tls_kind */
	gnutls_datum_t ticket_key;
};

/* ---- what is negotiated ---- */

static bool only_tls13(const struct options *options)
{
	return options->tls_version != NULL &&
	       strcmp(options->tls_version, "tlsv1_3") == 0;
}

/* TLS 1.2 and up; 1.3 has no sessions without a certificate. */
static char *compose(const struct options *options, enum tls_kind kind)
{
	const char *wish = options->tls_priority;
	/* TigerVNC takes a whole text or what to add to its own. */
	bool adds = wish != NULL && strchr("+-!:", wish[0]) != NULL;

	return xasprintf("%s%s%s%s:-VERS-TLS1.0:-VERS-TLS1.1%s%s",
		wish == NULL || adds ? "NORMAL" : "",
		adds && wish[0] != ':' ? ":" : "", wish != NULL ? wish : "",
		options->tls_ciphers != NULL ? options->tls_ciphers : "",
		only_tls13(options) ? ":-VERS-TLS1.2" : "",
		kind == TLS_ANONYMOUS
			? ":-VERS-TLS1.3:-KX-ALL:+ANON-ECDH:+ANON-DH"
			: "");
}

static bool set_priorities(struct tls_context *context, char **error)
{
	int kind;

	for (kind = 0; kind < 2; kind++) {
		char *text = compose(context->options, (enum tls_kind)kind);
		const char *wrong = "";
		int status = gnutls_priority_init(
			&context->priorities[kind], text, &wrong);

		if (status < 0)
			*error = xasprintf(
				"-GnuTLSPriority: GnuTLS does not "
				"understand '%s'",
				wrong);
		free(text);
		if (status < 0)
			return false;
	}
	return true;
}

/* ---- the certificate ---- */

static struct tls_files files_of(const struct options *options)
{
	struct tls_files files = { .certificate = options->certificate,
		.key = options->key,
		.password = options->key_password,
		.authority = options->client_authority,
		.revoked = options->client_revoked };

	if (files.authority == NULL && options->verify_client)
		files.authority = "";
	return files;
}

/* Whether a file is another than the last one tried. */
static bool take_stamps(struct tls_context *context)
{
	const struct tls_files *files = &context->files;
	const char *const paths[WATCHED] = { files->certificate, files->key,
		files->authority, files->revoked };
	bool changed = false;
	int i;

	for (i = 0; i < WATCHED; i++) {
		struct file_stamp now;

		if (paths[i] == NULL)
			continue;
		now = file_stamp_of(paths[i]);
		changed |= !file_stamp_equal(&now, &context->stamps[i]);
		context->stamps[i] = now;
	}
	return changed;
}

static struct tls_identity *make_own(struct tls_context *context, char **error)
{
	const struct options *options = context->options;
	struct tls_identity *identity;
	char *folder = NULL;

	if (!options->certificate_for_once)
		folder = own_certificate_folder(options->certificate_folder);
	identity = own_certificate_get(options->certificate_for_once, folder,
		&context->names, &context->files, error);
	free(folder);
	return identity;
}

static struct tls_identity *load(struct tls_context *context, char **error)
{
	if (tls_context_is_self_signed(context))
		return make_own(context, error);
	return tls_identity_load(&context->files, error);
}

/* On a reload even one that is not valid yet is worse than what we have. */
static void judge_dates(const struct tls_context *context,
	struct tls_identity **identity, char **error)
{
	if (*identity == NULL || (*identity)->begins <= time(NULL))
		return;
	*error = xasprintf("the certificate in %s is not valid yet",
		context->files.certificate);
	tls_identity_unref(*identity);
	*identity = NULL;
}

static void replace(struct tls_context *context)
{
	struct tls_identity *identity;
	char *error = NULL;
	bool own = tls_context_is_self_signed(context);

	identity = load(context, &error);
	if (!own)
		judge_dates(context, &identity, &error);
	if (identity == NULL) {
		log_warning(
			"%s; the certificate read before stays in use", error);
		free(error);
		return;
	}
	tls_identity_unref(context->identity);
	context->identity = identity;
	log_info("TLS certificate %s",
		own ? "renewed" : "read again: new connections get it");
}

static bool own_must_be_renewed(struct tls_context *context)
{
	uint64_t now = clock_ms();

	if (!tls_context_is_self_signed(context) ||
		!self_signed_is_near_end(context->identity->ends, time(NULL)) ||
		now < context->renewal_ms)
		return false;
	context->renewal_ms = now + RENEW_MS;
	return true;
}

static void look(struct tls_context *context)
{
	context->looked_ms = clock_ms();
	if (take_stamps(context) || own_must_be_renewed(context))
		replace(context);
}

/* Whether there is one that the certificate does not have. */
static bool take_names(struct tls_context *context)
{
	struct machine_names now;

	machine_names_init(&now, context->options->listen);
	if (machine_names_cover(&context->names, &now)) {
		machine_names_finish(&now);
		return false;
	}
	machine_names_finish(&context->names);
	context->names = now;
	return true;
}

void tls_context_reload(struct tls_context *context)
{
	take_stamps(context);
	if (!tls_context_is_self_signed(context) || take_names(context))
		replace(context);
}

struct tls_identity *tls_context_identity(struct tls_context *context)
{
	if (clock_ms() - context->looked_ms >= LOOK_MS)
		look(context);
	return context->identity;
}

bool tls_context_is_vouched_for(const struct tls_context *context)
{
	return context->identity != NULL && !context->identity->is_own_issuer;
}

bool tls_context_is_self_signed(const struct tls_context *context)
{
	return context->files.certificate == NULL;
}

void tls_context_fingerprint(const struct tls_context *context, char *text)
{
	const uint8_t *bytes = context->identity->fingerprint;
	size_t i;

	for (i = 0; i < sizeof(context->identity->fingerprint); i++)
		sprintf(text + i * 3, "%02X:", bytes[i]);
	text[i * 3 - 1] = '\0';
}

/* ---- life ---- */

static void set_up(struct tls_context *context)
{
	gnutls_anon_allocate_server_credentials(&context->anonymous);
	gnutls_anon_set_server_known_dh_params(
		context->anonymous, GNUTLS_SEC_PARAM_MEDIUM);
	gnutls_session_ticket_key_generate(&context->ticket_key);
}

static int start(struct tls_context *context, char **error)
{
	if (!set_priorities(context, error))
		return EXIT_USAGE;
	take_stamps(context);
	context->looked_ms = clock_ms();
	context->identity = load(context, error);
	context->files.when = INPUT_FILE_ANY_TIME;
	if (context->identity == NULL)
		return EXIT_FILE;
	if (context->identity->begins > time(NULL) &&
		!tls_context_is_self_signed(context))
		log_warning(
			"the certificate in %s is not valid yet; or is "
			"this machine's clock wrong?",
			context->files.certificate);
	return EXIT_OK;
}

int tls_context_create(struct tls_context **created,
	const struct options *options, char **error)
{
	struct tls_context *context = xcalloc(1, sizeof(*context));
	int status;

	context->options = options;
	context->files = files_of(options);
	machine_names_init(&context->names, options->listen);
	set_up(context);
	status = start(context, error);
	*created = context;
	return status;
}

void tls_context_destroy(struct tls_context *context)
{
	int kind;

	if (context == NULL)
		return;
	tls_identity_unref(context->identity);
	machine_names_finish(&context->names);
	for (kind = 0; kind < 2; kind++)
		if (context->priorities[kind] != NULL)
			gnutls_priority_deinit(context->priorities[kind]);
	gnutls_anon_free_server_credentials(context->anonymous);
	gnutls_memset(context->ticket_key.data, 0, context->ticket_key.size);
	gnutls_free(context->ticket_key.data);
	free(context);
}

/* ---- for a session ---- */

bool tls_context_asks_clients(const struct tls_context *context)
{
	return context->files.authority != NULL;
}

const char *const *tls_context_client_names(const struct tls_context *context)
{
	return (const char *const *)context->options->client_names;
}

bool tls_context_offers(const struct tls_context *context, enum tls_kind kind)
{
	return kind == TLS_X509 || (!tls_context_asks_clients(context) &&
					   !only_tls13(context->options));
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
	 * cheap with a ticket. But nobody is let in by a ticket whose
	 * certificate has been revoked since. */
	if (tls_context_asks_clients(context))
		gnutls_certificate_server_set_request(
			session, GNUTLS_CERT_REQUIRE);
	else
		gnutls_session_ticket_enable_server(
			session, &context->ticket_key);
}
