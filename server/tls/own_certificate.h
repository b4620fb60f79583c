/* own_certificate.h - the self-signed certificate that is made at the first
 * start and kept: certificate and key in one file, so that no moment sees one
 * without the other.
 *
 * Owner:   the identity given is the caller's reference.
 * Threads: the loop thread.
 */
#ifndef SERVER_TLS_OWN_CERTIFICATE_H
#define SERVER_TLS_OWN_CERTIFICATE_H

#include <stdbool.h>

struct machine_names;
struct tls_files;
struct tls_identity;

/* The folder to keep it in: `wish`, else $XDG_CONFIG_HOME/x11wsvnc, else
 * ~/.config/x11wsvnc. The caller's; NULL where there is none. */
char *own_certificate_folder(const char *wish);

/* The kept one, renewed where it must be; a new one where there is none. Where
 * `folder` is NULL or cannot be written it lives in memory only, and one line
 * of the log says so. `for_once`: it is to live in memory only.
 * `files` tells whom to trust. NULL: GnuTLS cannot; *error gets a sentence. */
struct tls_identity *own_certificate_get(bool for_once, const char *folder,
	const struct machine_names *names, const struct tls_files *files,
	char **error);

#endif
