/* guide.h - the top layer of a plain viewer while it is found out where it
 * wants to: it cannot say ?token=NAME, but
 *
 * - inside TLS it names the server that it means (SNI), and
 * - to an UltraVNC repeater it says a name (repeater_name.h). It is asked for
 *   that with -repeater, and where without a name there is nothing for it.
 *
 * Where there is no source of tokens these are the names of desktops.
 *
 * Then a viewer of our display or a relay takes the guide's place.
 *
 * Owner:   the connection.
 * Threads: the loop thread.
 */
#ifndef SERVER_RELAY_GUIDE_H
#define SERVER_RELAY_GUIDE_H

struct layer;
struct server;
struct share;

/* For one that has come and speaks RFB itself; `share` is the desktop whose own
 * port it came to, or NULL. Where nothing needs to be found
 * out it is the layer that a guide would put in its place. */
struct layer *guide_create(struct server *server, struct share *share);

#endif
