/* refusal.h - tells a plain viewer why it is not relayed, in the words of RFB,
 * so that its user gets to read it.
 *
 * Version 3.3 serves all: there the server decides, and what it says does not
 * depend on what the viewer answers. So all is said at once, and then waited
 * for the viewer's version, because a connection that is closed with something
 * unread in it may take the last bytes with it.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_RELAY_REFUSAL_H
#define SERVER_RELAY_REFUSAL_H

struct connection;

/* Ends the connection in a moment: its top layer is replaced. Others than plain
 * viewers (WebSockets have their own word for it) are ended with `code`, an
 * enum websocket_code. `reason` is borrowed. */
void refusal_tell(struct connection *connection, int code, const char *reason);

#endif
