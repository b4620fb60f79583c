/* client_certificate.h - whether the certificate a viewer shows lets it in.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_TLS_CLIENT_CERTIFICATE_H
#define SERVER_TLS_CLIENT_CERTIFICATE_H

#include <gnutls/gnutls.h>

/* NULL: it does; else a sentence for the log, the caller's. *name gets the
 * certificate's common name, fit to print, the caller's, where it has one.
 * `names` (ended by NULL) are the common names that may come in; NULL: all. */
char *client_certificate_refusal(
	gnutls_session_t session, const char *const *names, char **name);

#endif
