/* waiting_room.h - how many may be connected that have not logged in.
 *
 * Where the room is full, the one that has waited longest goes: a flood of
 * silent connections pushes out itself, and a real viewer, who logs in at once,
 * still gets through.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_WAITING_ROOM_H
#define SERVER_WAITING_ROOM_H

struct connection;
struct server;

/* Makes room for a new connection, by closing another. */
void waiting_room_enter(struct server *server, struct connection *connection);

/* Closes the one that is missed least, if any waits. */
void waiting_room_give_way(struct server *server);

#endif
