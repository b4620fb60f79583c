#include "server/options/option_check_tls.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/options/options.h"
#include "server/tls/cipher_list.h"

/* x11vnc's [pem], SAVE, SAVE-name, SAVE_PROMPT, SAVE_NOPROMPT, TMP, ANON. */
static bool deal_out_ssl(struct options *options)
{
	const char *ssl = options->ssl;

	if (!options->ssl_given)
		return true;
	options->tls_only = true;
	if (!ssl || !strncmp(ssl, "SAVE", 4))
		return true;
	if (!strcmp(ssl, "TMP")) {
		options->certificate_for_once = true;
		return true;
	}
	if (!strcmp(ssl, "ANON")) {
		log_error(
			"-ssl ANON: not built, because nobody could know whom "
			"he talks to; -ssl TMP needs no file either");
		return false;
	}
	if (options->certificate && strcmp(options->certificate, ssl)) {
		log_error("-ssl %s: -cert names another certificate", ssl);
		return false;
	}
	free(options->certificate);
	options->certificate = xstrdup(ssl);
	return true;
}

static bool check_ciphers(struct options *options)
{
	char *error, *priority;

	if (!options->tls_ciphers)
		return true;
	if (options->tls_priority) {
		log_error(
			"only one of -ssl-ciphers and -GnuTLSPriority can be "
			"given");
		return false;
	}
	priority = cipher_list_translate(options->tls_ciphers, &error);
	if (!priority) {
		log_error("-ssl-ciphers: %s", error);
		free(error);
		return false;
	}
	free(options->tls_ciphers);
	options->tls_ciphers = priority;
	return true;
}

static bool check_clients(struct options *options)
{
	bool verified = options->client_authority || options->verify_client;

	if (verified)
		options->tls_only = true;
	if (!verified && (options->client_names || options->client_revoked)) {
		log_error(
			"-sslcn and -sslCRL need -sslverify: without it no "
			"viewer shows a certificate");
		return false;
	}
	return true;
}

bool option_check_tls(struct options *options)
{
	bool only = options->port_kind && !strcmp(options->port_kind, "tls");

	if (!deal_out_ssl(options) || !check_ciphers(options) ||
		!check_clients(options))
		return false;
	if (!options->tls &&
		(options->tls_only || only || options->certificate)) {
		log_error(
			"-nossl: contradicts the options that ask for TLS "
			"(-cert, -ssl, -sslonly, -sslverify, -only tls)");
		return false;
	}
	if (options->key && !options->certificate) {
		log_error("-key: needs -cert, which certificate is it for?");
		return false;
	}
	if (options->tls_version && !strcmp(options->tls_version, "tlsv1_1"))
		log_warning(
			"-ssl-version: TLS 1.1 is broken and never spoken; "
			"1.2 is the lowest");
	return true;
}
