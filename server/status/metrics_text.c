#include "server/status/metrics_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/share/share_list.h"
#include "server/status/status_facts.h"
#include "server/viewer.h"

enum { MOST_KINDS = 64, LABEL_BYTES = 128 };

/* Rows of one name follow each other; the first has the help. */
static const struct counter {
	enum metrics_count what;
	const char *name, *labels, *help;
} counters[] = {
	{ METRICS_CONNECTIONS, "connections_total", "",
		"Connections accepted or made." },
	{ METRICS_LOGINS, "logins_total", "", "Viewers that were let in." },
	{ METRICS_REFUSED_ADDRESS, "refusals_total", "{reason=\"address\"}",
		"Who was turned away, by what for." },
	{ METRICS_REFUSED_PASSWORD, "refusals_total", "{reason=\"password\"}",
		NULL },
	{ METRICS_REFUSED_TOKEN, "refusals_total", "{reason=\"token\"}", NULL },
	{ METRICS_REFUSED_BLOCKED, "refusals_total", "{reason=\"blocked\"}",
		NULL },
	{ METRICS_REFUSED_FULL, "refusals_total", "{reason=\"full\"}", NULL },
	{ METRICS_REFUSED_DECISION, "refusals_total", "{reason=\"decision\"}",
		NULL },
	{ METRICS_DROPPED_UNREAD, "drops_total", "{reason=\"unread\"}",
		"Connections that were cut: they did not read, or too many "
		"had not logged in." },
	{ METRICS_DROPPED_WAITING, "drops_total", "{reason=\"waiting\"}",
		NULL },
	{ METRICS_RECEIVED_BYTES, "received_bytes_total", "",
		"Bytes from all peers, as on the wire." },
	{ METRICS_SENT_BYTES, "sent_bytes_total", "",
		"Bytes to all peers, as on the wire." },
	{ METRICS_UPDATES, "updates_total", "", "Pictures sent to viewers." },
	{ METRICS_UPDATES_SHARED, "updates_shared_total", "",
		"Of these, those that another viewer's encoding served." },
	{ METRICS_CAPTURES_LATE, "captures_late_total", "",
		"Captures put off because all frames were in use." },
	{ METRICS_DISPLAY_LOST, "display_lost_total", "",
		"Times that the X display went away." },
	{ METRICS_DISPLAY_BACK, "display_reconnects_total", "",
		"Times that it was opened again." },
	{ METRICS_RESIZES, "resizes_total", "",
		"Times that the screen's size or monitors changed." },
	{ METRICS_KEYS, "input_events_total", "{kind=\"key\"}",
		"Keys pressed or let go, and pointer messages, of viewers." },
	{ METRICS_POINTERS, "input_events_total", "{kind=\"pointer\"}", NULL },
	{ METRICS_HTTP, "http_requests_total", "", "HTTP requests answered." },
	{ METRICS_HTTP_REFUSED, "http_refusals_total", "",
		"Of these, those with a status of 400 or more." },
	{ METRICS_SCREENSHOTS, "screenshots_total", "",
		"Screenshots encoded." },
};

static const struct timing {
	enum metrics_time what;
	const char *name, *help;
} timings[] = {
	{ METRICS_CAPTURE, "capture_seconds",
		"Time to copy what changed from the X server and compare it." },
	{ METRICS_ENCODE, "encode_seconds",
		"Time to encode a part of a picture." },
	{ METRICS_FENCE, "viewer_latency_seconds",
		"Time from a picture's sending to the viewer's answer." },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define PREFIX "x11wsvnc_"

static void write_head(
	struct buffer *to, const char *name, const char *type, const char *help)
{
	buffer_printf(
		to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_counters(const struct server *server, struct buffer *to)
{
	char name[64];
	size_t i;

	for (i = 0; i < COUNT(counters); i++) {
		const struct counter *row = &counters[i];

		snprintf(name, sizeof(name), PREFIX "%s", row->name);
		if (row->help != NULL)
			write_head(to, name, "counter", row->help);
		buffer_printf(to, "%s%s %" PRIu64 "\n", name, row->labels,
			server->metrics.counts[row->what]);
	}
}

/* By whole numbers: a locale may have another decimal point. */
static void write_seconds(struct buffer *to, uint64_t us)
{
	buffer_printf(
		to, "%" PRIu64 ".%06u", us / 1000000, (unsigned)(us % 1000000));
}

static void write_histogram(struct buffer *to, const struct timing *timing,
	const struct metrics_histogram *histogram)
{
	uint64_t below = 0;
	char name[64];
	int i;

	snprintf(name, sizeof(name), PREFIX "%s", timing->name);
	write_head(to, name, "histogram", timing->help);
	for (i = 0; i < METRICS_BUCKETS; i++) {
		below += histogram->buckets[i];
		buffer_printf(to, "%s_bucket{le=\"", name);
		write_seconds(to, metrics_bounds_us[i]);
		buffer_printf(to, "\"} %" PRIu64 "\n", below);
	}
	buffer_printf(to, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n%s_sum ", name,
		histogram->count, name);
	write_seconds(to, histogram->sum_us);
	buffer_printf(to, "\n%s_count %" PRIu64 "\n", name, histogram->count);
}

struct kind {
	char labels[LABEL_BYTES];
	unsigned count;
};

static void count_kind(struct kind *kinds, const char *labels)
{
	int i;

	for (i = 0; i < MOST_KINDS; i++) {
		if (kinds[i].count == 0)
			snprintf(kinds[i].labels, sizeof(kinds[i].labels), "%s",
				labels);
		if (strcmp(kinds[i].labels, labels) != 0)
			continue;
		kinds[i].count++;
		return;
	}
}

static void count_viewers(const struct share *share, struct kind *kinds)
{
	const struct viewer *viewer = share->viewers;
	char transport[64], labels[LABEL_BYTES];

	for (; viewer != NULL; viewer = viewer->next) {
		status_facts_transport(
			viewer->layer.connection, transport, sizeof(transport));
		snprintf(labels, sizeof(labels),
			"{transport=\"%s\",encoding=\"%s\"}", transport,
			session_encoding_name(viewer->session));
		count_kind(kinds, labels);
	}
}

/* Layers and encodings have names of ours, nothing that needs quoting. */
static void write_viewers(const struct server *server, struct buffer *to)
{
	struct kind kinds[MOST_KINDS] = { 0 };
	const struct share *share = server->shares;
	int i;

	for (; share != NULL; share = share->next)
		count_viewers(share, kinds);
	write_head(to, PREFIX "viewers", "gauge",
		"Viewers that have logged in, by kind.");
	for (i = 0; i < MOST_KINDS && kinds[i].count > 0; i++)
		buffer_printf(to, PREFIX "viewers%s %u\n", kinds[i].labels,
			kinds[i].count);
}

static void write_gauge(
	struct buffer *to, const char *name, const char *help, uint64_t value)
{
	write_head(to, name, "gauge", help);
	buffer_printf(to, "%s %" PRIu64 "\n", name, value);
}

static void write_gauges(const struct server *server, struct buffer *to)
{
	struct status_facts facts;

	status_facts_read(server, &facts);
	write_head(to, PREFIX "build_info", "gauge", "1, with the version.");
	buffer_printf(
		to, PREFIX "build_info{version=\"%s\"} 1\n", PACKAGE_VERSION);
	write_gauge(to, PREFIX "connections",
		"Connections that are open, logged in or not.",
		facts.connections);
	write_gauge(to, PREFIX "viewers_connected",
		"Viewers that have logged in, of every kind.",
		(uint64_t)server->viewer_count);
	write_gauge(to, PREFIX "relays_connected",
		"Connections that are relayed to other servers.",
		(uint64_t)(server->lifetime.count - server->viewer_count));
	write_gauge(to, PREFIX "queue_bytes",
		"Bytes that wait for sockets to take them.",
		facts.queued_bytes);
	write_gauge(to, PREFIX "updates_encoding",
		"Viewers whose picture is being encoded now.", facts.encoding);
}

/* Where they have names, whose it is stands in a label. */
static uint64_t is_up(const struct share *share)
{
	return status_facts_screen(share).up;
}

static uint64_t width(const struct share *share)
{
	return (uint64_t)status_facts_screen(share).width;
}

static uint64_t height(const struct share *share)
{
	return (uint64_t)status_facts_screen(share).height;
}

/* Of desktops that have names. */

static uint64_t watching(const struct share *share)
{
	return (uint64_t)share->viewer_count;
}

static uint64_t logins(const struct share *share)
{
	return share->counts[METRICS_LOGINS];
}

static uint64_t updates(const struct share *share)
{
	return share->counts[METRICS_UPDATES];
}

static uint64_t captures(const struct share *share)
{
	return share->counts[METRICS_CAPTURES];
}

static uint64_t sent(const struct share *share)
{
	const struct viewer *viewer = share->viewers;
	uint64_t bytes = share->counts[METRICS_SENT_BYTES];

	for (; viewer != NULL; viewer = viewer->next)
		bytes += viewer->layer.connection->sent_bytes;
	return bytes;
}

static uint64_t received(const struct share *share)
{
	const struct viewer *viewer = share->viewers;
	uint64_t bytes = share->counts[METRICS_RECEIVED_BYTES];

	for (; viewer != NULL; viewer = viewer->next)
		bytes += viewer->layer.connection->received_bytes;
	return bytes;
}

static const struct of_desktop {
	const char *name, *type, *help;
	uint64_t (*get)(const struct share *share);
	bool is_of_several; /* and else nothing new */
} of_desktops[] = {
	{ PREFIX "display_up", "gauge", "Whether the X display is there.",
		is_up, false },
	{ PREFIX "screen_width_pixels", "gauge", "Width of what is shared.",
		width, false },
	{ PREFIX "screen_height_pixels", "gauge", "Height of what is shared.",
		height, false },
	{ PREFIX "desktop_viewers", "gauge",
		"Viewers that have logged in, by desktop.", watching, true },
	{ PREFIX "desktop_logins_total", "counter",
		"Viewers that were let in, by desktop.", logins, true },
	{ PREFIX "desktop_captures_total", "counter",
		"Looks at what changed, by desktop.", captures, true },
	{ PREFIX "desktop_updates_total", "counter",
		"Pictures sent to viewers, by desktop.", updates, true },
	{ PREFIX "desktop_sent_bytes_total", "counter",
		"Bytes to viewers, as on the wire, by desktop.", sent, true },
	{ PREFIX "desktop_received_bytes_total", "counter",
		"Bytes from viewers, as on the wire, by desktop.", received,
		true },
};

/* Their names are letters, digits and "._-". */
static void write_of_desktop(const struct server *server,
	const struct of_desktop *row, struct buffer *to)
{
	const struct share *share = server->shares;

	write_head(to, row->name, row->type, row->help);
	if (!share_list_is_named(server))
		buffer_printf(
			to, "%s %" PRIu64 "\n", row->name, row->get(share));
	else
		for (; share != NULL; share = share->next)
			buffer_printf(to, "%s{desktop=\"%s\"} %" PRIu64 "\n",
				row->name, share->name, row->get(share));
}

static void write_of_desktops(const struct server *server, struct buffer *to)
{
	size_t i;

	for (i = 0; i < COUNT(of_desktops); i++)
		if (!of_desktops[i].is_of_several ||
			share_list_is_named(server))
			write_of_desktop(server, &of_desktops[i], to);
}

static void write_process(const struct server *server, struct buffer *to)
{
	struct process_usage usage;

	process_figures_read(&server->process_figures, &usage);
	write_head(to, "process_cpu_seconds_total", "counter",
		"Processor time used, user and system.");
	buffer_text(to, "process_cpu_seconds_total ");
	write_seconds(to, usage.cpu_us);
	buffer_text(to, "\n");
	write_gauge(to, "process_resident_memory_bytes",
		"Memory in use, with what is shared with the X server.",
		usage.resident_bytes);
	write_gauge(to, "process_virtual_memory_bytes", "Memory mapped.",
		usage.virtual_bytes);
	write_gauge(
		to, "process_open_fds", "Descriptors open.", usage.open_fds);
	write_gauge(to, "process_max_fds", "Descriptors that may be open.",
		usage.most_fds);
	write_gauge(to, "process_start_time_seconds", "Unix time of the start.",
		(uint64_t)server->process_figures.started_s);
}

void metrics_text_write(const struct server *server, struct buffer *to)
{
	size_t i;

	write_gauges(server, to);
	write_of_desktops(server, to);
	write_viewers(server, to);
	write_counters(server, to);
	for (i = 0; i < COUNT(timings); i++)
		write_histogram(to, &timings[i],
			&server->metrics.times[timings[i].what]);
	write_process(server, to);
}
