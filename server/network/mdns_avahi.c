/* mdns.h through Avahi, by sd-bus: calls are only sent, and their answers come
 * with the loop. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <uv.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "config.h"
#include "server/announce.h"
#include "server/network/mdns.h"
#include "server/server.h"
#include "server/share/share.h"

#define AVAHI "org.freedesktop.Avahi"
#define AVAHI_SERVER AVAHI ".Server"
#define AVAHI_GROUP AVAHI ".EntryGroup"

enum {
	NAME_BYTES = 63, /* of a label */
	MOST_ATTEMPTS = 20,
	/* AvahiEntryGroupState */
	GROUP_ESTABLISHED = 2,
	GROUP_COLLISION = 3,
	GROUP_FAILURE = 4,
	/* any network, IPv4 and IPv6 */
	ANY = -1,
};

struct mdns {
	struct server *server;
	sd_bus *bus;
	uv_poll_t poll;
	char *group;      /* the object that holds what is announced, or NULL */
	unsigned attempt; /* names that others had */
};

static void listen_to_bus(struct mdns *mdns);

static void forget_group(struct mdns *mdns)
{
	free(mdns->group);
	mdns->group = NULL;
}

static void complain(const char *what)
{
	log_warning("-avahi: not announced: %s", what);
}

/* NULL: the answer is none of an error. */
static const char *error_text(sd_bus_message *answer)
{
	const sd_bus_error *error = sd_bus_message_get_error(answer);

	if (error == NULL)
		return NULL;
	return error->message != NULL ? error->message : error->name;
}

/* The desktop's, cut between characters, with a number where others have it. */
static void make_name(const struct mdns *mdns, char name[NAME_BYTES + 1])
{
	const struct share *share = mdns->server->shares;
	const char *whole = share != NULL ? share->desktop_name : PACKAGE_NAME;
	size_t length = strlen(whole), most = NAME_BYTES;
	char more[16] = "";

	if (mdns->attempt > 0)
		snprintf(more, sizeof(more), " #%u", mdns->attempt + 1);
	most -= strlen(more);
	if (length > most) {
		length = most;
		while (length > 0 && (whole[length] & 0xC0) == 0x80)
			length--;
	}
	memcpy(name, whole, length);
	strcpy(name + length, more);
}

static void add_service(struct mdns *mdns);

static void try_other_name(struct mdns *mdns)
{
	if (++mdns->attempt >= MOST_ATTEMPTS) {
		complain("others have all the names that were tried");
		return;
	}
	sd_bus_call_method_async(mdns->bus, NULL, AVAHI, mdns->group,
		AVAHI_GROUP, "Reset", NULL, NULL, "");
	add_service(mdns);
}

static int on_added(sd_bus_message *answer, void *context, sd_bus_error *unused)
{
	struct mdns *mdns = context;

	(void)unused;
	if (mdns->group == NULL)
		return 0;
	if (sd_bus_message_is_method_error(answer, AVAHI ".CollisionError")) {
		try_other_name(mdns);
		return 0;
	}
	if (error_text(answer) != NULL)
		complain(error_text(answer));
	else
		sd_bus_call_method_async(mdns->bus, NULL, AVAHI, mdns->group,
			AVAHI_GROUP, "Commit", NULL, NULL, "");
	return 0;
}

/* On every network, in the domain and by the host's name that Avahi has. */
static void add_service(struct mdns *mdns)
{
	char name[NAME_BYTES + 1];

	make_name(mdns, name);
	sd_bus_call_method_async(mdns->bus, NULL, AVAHI, mdns->group,
		AVAHI_GROUP, "AddService", on_added, mdns, "iiussssqaay", ANY,
		ANY, (uint32_t)0, name, "_rfb._tcp", "", "",
		(uint16_t)mdns->server->listener.port, 0);
}

static int on_group(sd_bus_message *answer, void *context, sd_bus_error *unused)
{
	struct mdns *mdns = context;
	const char *path;

	(void)unused;
	if (error_text(answer) != NULL) {
		complain(error_text(answer));
		return 0;
	}
	if (sd_bus_message_read(answer, "o", &path) < 0)
		return 0;
	forget_group(mdns);
	mdns->group = xstrdup(path);
	mdns->attempt = 0;
	add_service(mdns);
	return 0;
}

static void ask_for_group(struct mdns *mdns)
{
	sd_bus_call_method_async(mdns->bus, NULL, AVAHI, "/", AVAHI_SERVER,
		"EntryGroupNew", on_group, mdns, "");
}

static int on_state(sd_bus_message *signal, void *context, sd_bus_error *unused)
{
	struct mdns *mdns = context;
	char name[NAME_BYTES + 1];
	const char *reason;
	int state;

	(void)unused;
	if (mdns->group == NULL ||
		strcmp(sd_bus_message_get_path(signal), mdns->group) != 0 ||
		sd_bus_message_read(signal, "is", &state, &reason) < 0)
		return 0;
	make_name(mdns, name);
	if (state == GROUP_ESTABLISHED)
		log_info("-avahi: announced as '%s'", name);
	else if (state == GROUP_COLLISION)
		try_other_name(mdns);
	else if (state == GROUP_FAILURE)
		complain(reason);
	return 0;
}

/* Avahi came or went. */
static int on_owner(sd_bus_message *signal, void *context, sd_bus_error *unused)
{
	struct mdns *mdns = context;
	const char *name, *before, *now;

	(void)unused;
	if (sd_bus_message_read(signal, "sss", &name, &before, &now) < 0)
		return 0;
	forget_group(mdns);
	if (now[0] != '\0')
		ask_for_group(mdns);
	return 0;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct mdns *mdns = poll->data;
	int more;

	(void)events;
	do
		more = status < 0 ? status : sd_bus_process(mdns->bus, NULL);
	while (more > 0);
	if (more < 0) {
		complain(strerror(-more));
		uv_poll_stop(poll);
		return;
	}
	listen_to_bus(mdns);
}

static void listen_to_bus(struct mdns *mdns)
{
	int wanted = sd_bus_get_events(mdns->bus);
	int events = UV_READABLE;

	if (wanted > 0 && (wanted & POLLOUT))
		events |= UV_WRITABLE;
	uv_poll_start(&mdns->poll, events, on_poll);
}

static int subscribe(struct mdns *mdns)
{
	int status = sd_bus_add_match_async(mdns->bus, NULL,
		"type='signal',sender='org.freedesktop.DBus',"
		"member='NameOwnerChanged',arg0='" AVAHI "'",
		on_owner, NULL, mdns);

	if (status < 0)
		return status;
	return sd_bus_match_signal_async(mdns->bus, NULL, AVAHI, NULL,
		AVAHI_GROUP, "StateChanged", on_state, NULL, mdns);
}

struct mdns *mdns_open(struct server *server)
{
	struct mdns *mdns;
	int status;

	if (!server->options->avahi)
		return NULL;
	if (server->listener.port <= 0 ||
		announce_is_only_local(server->options)) {
		complain("only this machine can connect");
		return NULL;
	}
	mdns = xcalloc(1, sizeof(*mdns));
	mdns->server = server;
	status = sd_bus_open_system(&mdns->bus);
	if (status >= 0)
		status = subscribe(mdns);
	if (status < 0) {
		log_warning("-avahi: not announced: no system bus: %s",
			strerror(-status));
		sd_bus_unref(mdns->bus);
		free(mdns);
		return NULL;
	}
	ask_for_group(mdns);
	uv_poll_init(&server->loop, &mdns->poll, sd_bus_get_fd(mdns->bus));
	mdns->poll.data = mdns;
	listen_to_bus(mdns);
	return mdns;
}

static void on_closed(uv_handle_t *handle)
{
	struct mdns *mdns = handle->data;

	sd_bus_close(mdns->bus);
	sd_bus_unref(mdns->bus);
	forget_group(mdns);
	free(mdns);
}

void mdns_close(struct mdns *mdns)
{
	if (mdns != NULL)
		uv_close((uv_handle_t *)&mdns->poll, on_closed);
}
