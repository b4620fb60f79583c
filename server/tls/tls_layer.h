/* tls_layer.h - TLS between the socket and what is above (GnuTLS).
 *
 * Owner:   the connection; keeps the identity.
 * Threads: the loop thread.
 */
#ifndef SERVER_TLS_LAYER_H
#define SERVER_TLS_LAYER_H

#include <stdbool.h>

struct layer;
struct tls_identity;

/* NULL when GnuTLS cannot make a session. */
struct layer *tls_layer_create(const struct tls_identity *identity);

/* The peer offered HTTP by ALPN, as every browser does. */
bool tls_layer_is_browser(const struct layer *layer);

#endif
