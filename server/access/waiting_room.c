#include "server/access/waiting_room.h"

#include <stddef.h>

#include "server/connection.h"
#include "server/server.h"

static bool is_waiting(const struct connection *connection)
{
	return connection->state == CONNECTION_OPEN && !connection->logged_in;
}

static bool same_network(const struct address *a, const struct address *b)
{
	struct address network = address_network(a);
	struct address other = address_network(b);

	return address_equal(&network, &other);
}

struct crowd {
	int count;
	struct connection *oldest;
};

/* Those of one address that wait, or all where `address` is NULL. New ones are
 * at the head of the list, so the last one seen is the oldest. */
static struct crowd count_waiting(
	const struct server *server, const struct address *address)
{
	struct crowd crowd = { 0, NULL };
	struct connection *connection = server->connections;

	for (; connection != NULL; connection = connection->next) {
		if (!is_waiting(connection) ||
			(address != NULL &&
				!same_network(&connection->peer, address)))
			continue;
		crowd.count++;
		crowd.oldest = connection;
	}
	return crowd;
}

/* The oldest of the address that has most waiting: a crowd pays first. Where
 * each has come from an address of its own, the oldest of all: were it the
 * newest, such a crowd would shut everybody out. */
static struct connection *oldest_of_largest(const struct server *server)
{
	struct crowd largest = { 0, NULL };
	struct connection *connection = server->connections;

	for (; connection != NULL; connection = connection->next) {
		struct crowd crowd;

		if (!is_waiting(connection))
			continue;
		crowd = count_waiting(server, &connection->peer);
		if (crowd.count >= largest.count)
			largest = crowd;
	}
	return largest.oldest;
}

static void make_room(struct connection *connection, const char *reason)
{
	metrics_add(&connection->server->metrics, METRICS_DROPPED_WAITING, 1);
	connection_close(connection, reason);
}

void waiting_room_enter(struct server *server, struct connection *connection)
{
	struct crowd here = count_waiting(server, &connection->peer);

	/* Not all that come through a proxy are one. */
	if (here.count > server->options->most_waiting_an_address &&
		!connection_is_proxys_own(connection))
		make_room(here.oldest,
			"made room: too many connections of its address wait");
	else if (count_waiting(server, NULL).count >
		 server->options->most_waiting)
		make_room(oldest_of_largest(server),
			"made room: too many connections wait");
}

void waiting_room_give_way(struct server *server)
{
	struct connection *oldest = oldest_of_largest(server);

	if (oldest != NULL)
		make_room(oldest, "made room: no descriptors left");
}
