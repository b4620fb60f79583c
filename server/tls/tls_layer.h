/* tls_layer.h - TLS between the socket and what is above (GnuTLS).
 *
 * Owner:   the connection; keeps the context.
 * Threads: the loop thread.
 */
#ifndef SERVER_TLS_LAYER_H
#define SERVER_TLS_LAYER_H

#include <stdbool.h>

#include "server/tls/tls_context.h"

struct layer;

/* To be put below a layer that may be in the middle of its work (VeNCrypt).
 * Nothing may be sent through it before it says `ready` to the layer above,
 * once, with the handshake done; one that fails ends the connection. What the
 * peer has already sent of its hello goes to the new layer's `receive`. NULL
 * where the kind is not offered, or GnuTLS cannot make a session. */
struct layer *tls_layer_create(struct tls_context *context, enum tls_kind kind);

/* The other way round: we are the client, of a server that we went to. It
 * shakes hands when it is ready itself. The server's certificate is not looked
 * at: as with websockify's --ssl-target, where nothing is known of it. */
struct layer *tls_layer_create_client(void);

/* The peer offered HTTP by ALPN, as every browser does. */
bool tls_layer_is_browser(const struct layer *layer);

/* The name of the server that the peer asked for (SNI). False: it named none,
 * or one longer than `size`. */
bool tls_layer_server_name(const struct layer *layer, char *name, size_t size);

#endif
