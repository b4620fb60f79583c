#include "server/access/waiting_room.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/server.h"

/* One that waits, and what it counts for. */
struct waiter {
	struct address network;
	struct connection *connection;
};

static bool is_waiting(const struct connection *connection)
{
	return connection->state == CONNECTION_OPEN && !connection->logged_in;
}

/* Sorts by network, and those of one network from the oldest. */
static int compare(const void *one, const void *other)
{
	const struct waiter *a = one, *b = other;
	int order = memcmp(&a->network, &b->network, sizeof(a->network));

	if (order != 0)
		return order;
	return a->connection->number < b->connection->number ? -1 : 1;
}

static int count_waiting(const struct server *server)
{
	const struct connection *connection = server->connections;
	int count = 0;

	for (; connection != NULL; connection = connection->next)
		count += is_waiting(connection);
	return count;
}

/* How many of the network of `address` wait, and the oldest of them. New ones
 * are at the head of the list. */
static int count_beside(const struct server *server,
	const struct address *address, struct connection **oldest)
{
	const struct address network = address_network(address);
	struct connection *connection = server->connections;
	int count = 0;

	for (; connection != NULL; connection = connection->next) {
		struct address other = address_network(&connection->peer);

		if (!is_waiting(connection) || !address_equal(&other, &network))
			continue;
		count++;
		*oldest = connection;
	}
	return count;
}

/* Sorted: a crowd sends hundreds a turn, so that comparing each with each
 * would keep the loop from everybody else. Freed by the caller. */
static struct waiter *sort_waiting(const struct server *server, int count)
{
	struct waiter *waiters = xcalloc((size_t)count + 1, sizeof(*waiters));
	struct connection *connection = server->connections;
	int i = 0;

	for (; connection != NULL; connection = connection->next)
		if (is_waiting(connection))
			waiters[i++] = (struct waiter){
				address_network(&connection->peer), connection
			};
	qsort(waiters, (size_t)count, sizeof(*waiters), compare);
	return waiters;
}

/* The oldest of the network that has most waiting: a crowd pays first. Where
 * each has come from a network of its own, the oldest of all: were it the
 * newest, such a crowd would shut everybody out. */
static struct connection *oldest_of_largest(const struct server *server)
{
	int count = count_waiting(server);
	struct waiter *waiters = sort_waiting(server, count);
	struct connection *oldest = NULL;
	int largest = 0;
	int start, end;

	for (start = 0; start < count; start = end) {
		struct connection *first = waiters[start].connection;

		for (end = start + 1; end < count; end++)
			if (!address_equal(&waiters[end].network,
				    &waiters[start].network))
				break;
		if (end - start < largest ||
			(end - start == largest &&
				first->number > oldest->number))
			continue;
		largest = end - start;
		oldest = first;
	}
	free(waiters);
	return oldest;
}

static void make_room(struct connection *connection, const char *reason)
{
	metrics_add(&connection->server->metrics, METRICS_DROPPED_WAITING, 1);
	connection_close(connection, reason);
}

void waiting_room_enter(struct server *server, struct connection *connection)
{
	const struct options *options = server->options;
	struct connection *oldest = NULL;

	/* Not all that come through a proxy are one. */
	if (count_beside(server, &connection->peer, &oldest) >
			options->most_waiting_an_address &&
		!connection_is_proxys_own(connection))
		make_room(oldest,
			"made room: too many connections of its address wait");
	else if (count_waiting(server) > options->most_waiting)
		make_room(oldest_of_largest(server),
			"made room: too many connections wait");
}

void waiting_room_give_way(struct server *server)
{
	struct connection *oldest = oldest_of_largest(server);

	if (oldest != NULL)
		make_room(oldest, "made room: no more can be accepted");
}
