#include "server/access/door.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/access/hook.h"
#include "server/broker/broker.h"
#include "server/connection.h"
#include "server/relay/wrap.h"
#include "server/control/control_event.h"
#include "server/display/display_keeper.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/view/look.h"
#include "server/viewer.h"

#define SHUT                                                                   \
	"too many wrong passwords or tokens from this address; try again "     \
	"later"

static void on_due(uv_timer_t *timer);

/* ---- opening ---- */

/* How long a hook may run: long enough for what is meant to be done when
 * somebody comes or goes, not for ever. */
enum { HOOK_TIMEOUT_S = 600, PAM_TIMEOUT_S = 30 };

static bool plan_accept(struct door *door, const struct options *options)
{
	struct broker_plan *plan = &door->plan;
	struct accept_rule *accept = &door->accept;

	if (options->accept == NULL)
		return true;
	if (!accept_rule_parse(accept, options->accept)) {
		log_error(
			"-accept: '%s' is neither popup[:SECONDS][+X+Y], "
			"xmessage, a command, nor yes:0,no:*,view:3 COMMAND",
			options->accept);
		return false;
	}
	if (!accept->popup)
		plan->jobs[BROKER_ACCEPT] =
			(struct broker_command){ accept->command,
				accept->timeout_s, false };
	return true;
}

/* Whether somebody may have to be asked about those who come to it. */
static bool asks_person(const struct options *options)
{
	return options->query_connect || options->hosts_file != NULL;
}

/* The window is one, whether TigerVNC's options or x11vnc's asked for it. */
static void plan_query(struct door *door, const struct options *options)
{
	const struct share *share = door->server->shares;
	struct broker_plan *plan = &door->plan;
	bool popup = door->accept.popup, wanted = popup || asks_person(options);

	for (; share != NULL; share = share->next) {
		wanted |= asks_person(share->options);
		plan->query_view |= !share->options->view_only;
	}
	if (!wanted)
		return;
	plan->jobs[BROKER_QUERY] = (struct broker_command){ "query",
		popup ? door->accept.timeout_s : options->query_timeout_s,
		false };
	plan->query_mouse = !popup || door->accept.mouse;
	plan->query_keys = !popup || door->accept.keys;
	plan->query_placed = door->accept.placed;
	plan->query_x = door->accept.x;
	plan->query_y = door->accept.y;
}

static bool plan_displays(struct door *door)
{
	struct broker_plan *plan = &door->plan;
	struct share *share = door->server->shares;
	unsigned count = 0;

	for (; share != NULL; share = share->next)
		plan->display_count++;
	plan->displays =
		xcalloc(plan->display_count + 1, sizeof(*plan->displays));
	for (share = door->server->shares; share != NULL; share = share->next)
		if (!display_keeper_plan(&share->display_keeper, share->options,
			    plan, count++))
			return false;
	return true;
}

static bool plan_pam(struct door *door)
{
	struct broker_command *job = &door->plan.jobs[BROKER_PAM];
	const struct share *share = door->server->shares;

	for (; share != NULL; share = share->next) {
		const char *service = share->options->pam_service;

		if (service != NULL && job->text != NULL &&
			strcmp(service, job->text) != 0) {
			log_error(
				"-pam: '%s' and '%s': all desktops have the "
				"same service, or none",
				job->text, service);
			return false;
		}
		if (service != NULL)
			*job = (struct broker_command){ service, PAM_TIMEOUT_S,
				false };
	}
	return true;
}

static bool make_plan(struct door *door, const struct options *options)
{
	struct broker_command *jobs = door->plan.jobs;

	if (!plan_accept(door, options))
		return false;
	door->plan.log_file = options->log_file != NULL ? options->log_file
							: options->log_append;
	plan_query(door, options);
	jobs[BROKER_AFTER_ACCEPT] =
		(struct broker_command){ options->after_accept, HOOK_TIMEOUT_S,
			true };
	jobs[BROKER_GONE] =
		(struct broker_command){ options->gone, HOOK_TIMEOUT_S, true };
	return plan_pam(door) &&
	       wrap_plan(&door->server->wrap, door->server, &door->plan) &&
	       plan_displays(door);
}

int door_open(struct door *door, struct server *server)
{
	const struct options *options = server->options;

	door->server = server;
	if (!make_plan(door, options))
		return EXIT_USAGE;
	if (!broker_plan_is_empty(&door->plan)) {
		door->broker = broker_start(&door->plan);
		if (door->broker == NULL) {
			log_error("cannot start the broker process: %s",
				strerror(errno));
			return EXIT_FAULT;
		}
	}
	return host_list_open(&door->hosts, options) ? EXIT_OK : EXIT_FILE;
}

void door_init(struct door *door)
{
	uv_timer_init(&door->server->loop, &door->timer);
	door->timer.data = door;
	if (door->broker != NULL)
		broker_attach(door->broker, &door->server->loop);
}

void door_close(struct door *door)
{
	broker_destroy(door->broker);
	free(door->plan.displays);
	host_list_finish(&door->hosts);
}

/* ---- who is listened to ---- */

bool door_admits(struct door *door, const struct address *address)
{
	return host_list_find(&door->hosts, address) != HOST_NO;
}

const char *door_refusal(const struct door *door, const struct address *address)
{
	if (blacklist_remaining(&door->blacklist, address, clock_ms()) > 0)
		return SHUT;
	return NULL;
}

static void count(struct door *door, enum metrics_count what)
{
	metrics_add(&door->server->metrics, what, 1);
}

void door_count_refusal(struct door *door, const struct address *address)
{
	count(door, door_refusal(door, address) != NULL
			    ? METRICS_REFUSED_BLOCKED
			    : METRICS_REFUSED_FULL);
}

static unsigned wrong(
	struct door *door, const struct address *address, uint64_t guess)
{
	const struct options *options = door->server->options;
	const struct blacklist_limits limits = {
		.threshold = (unsigned)options->blacklist_threshold,
		.timeout_s = (unsigned)options->blacklist_timeout_s,
	};
	char text[64];
	uint64_t blocked_ms;
	unsigned delay_ms;

	if (!options->use_blacklist)
		return 0;
	delay_ms = blacklist_wrong(
		&door->blacklist, address, &limits, guess, clock_ms());
	blocked_ms = blacklist_remaining(&door->blacklist, address, clock_ms());
	if (blocked_ms > 0) {
		address_format(address, text);
		log_warning(
			"%s: too many wrong answers, not listened to for %u s",
			text, (unsigned)(blocked_ms + 999) / 1000);
	}
	return delay_ms;
}

unsigned door_wrong(struct door *door, const struct address *address)
{
	count(door, METRICS_REFUSED_PASSWORD);
	return wrong(door, address, 0);
}

/* FNV-1a, never 0: only to be compared with another of the same address. */
static uint64_t digest(const char *token)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *token != '\0'; token++)
		hash = (hash ^ (uint8_t)*token) * 0x100000001b3;
	return hash != 0 ? hash : 1;
}

unsigned door_wrong_token(
	struct door *door, const struct address *address, const char *token)
{
	count(door, METRICS_REFUSED_TOKEN);
	return wrong(door, address, digest(token));
}

/* ---- viewers that wait ---- */

static void wake_in_time(struct door *door)
{
	const struct knock *knock = door->waiting;
	uint64_t now = clock_ms(), due_ms;

	if (knock == NULL) {
		uv_timer_stop(&door->timer);
		return;
	}
	due_ms = knock->due_ms;
	for (; knock != NULL; knock = knock->next)
		if (knock->due_ms < due_ms)
			due_ms = knock->due_ms;
	/* The loop's clock stands still within a turn; ours does not. */
	uv_update_time(&door->server->loop);
	uv_timer_start(
		&door->timer, on_due, due_ms > now ? due_ms - now : 0, 0);
}

static void forget(struct door *door, struct knock *knock)
{
	struct knock **at = &door->waiting;

	if (!knock->waits)
		return;
	while (*at != knock)
		at = &(*at)->next;
	*at = knock->next;
	knock->waits = false;
}

static void on_due(uv_timer_t *timer)
{
	struct door *door = timer->data;
	uint64_t now = clock_ms();
	struct knock *knock, *next;

	for (knock = door->waiting; knock != NULL; knock = next) {
		next = knock->next;
		if (knock->due_ms > now)
			continue;
		forget(door, knock);
		session_turn_away(knock->viewer->session, knock->reason);
	}
	wake_in_time(door);
}

static void turn_away_later(struct door *door, struct viewer *viewer,
	const char *reason, unsigned delay_ms)
{
	struct knock *knock = &viewer->knock;

	*knock = (struct knock){
		.next = door->waiting,
		.viewer = viewer,
		.waits = true,
		.due_ms = clock_ms() + delay_ms,
		.reason = reason,
	};
	door->waiting = knock;
	wake_in_time(door);
}

void door_forget(struct door *door, struct viewer *viewer)
{
	struct knock *knock = &viewer->knock;

	forget(door, knock);
	broker_forget(door->broker, knock->question);
	knock->question = 0;
}

/* ---- those who decide ---- */

enum { DECIDERS = 2 };

static void ask_next(struct door *door, struct knock *knock);

static bool needs_person(struct door *door, const struct knock *knock)
{
	const struct address *address = &knock->viewer->layer.connection->peer;
	struct share *share = knock->viewer->share;

	return share->options->query_connect || door->accept.popup ||
	       host_list_find(&door->hosts, address) == HOST_ASK ||
	       host_list_find(&share->hosts, address) == HOST_ASK;
}

static void deny(struct knock *knock, const char *reason)
{
	count(&knock->viewer->server->door, METRICS_REFUSED_DECISION);
	session_turn_away(knock->viewer->session, reason);
}

static const char *why_denied(enum broker_verdict verdict)
{
	if (verdict == BROKER_DONE)
		return "it was refused at the other end";
	if (verdict == BROKER_TIMED_OUT)
		return "nobody answered at the other end";
	return "the other end could not be asked; see the server's log";
}

static void on_answer(void *context, enum broker_verdict verdict, int status)
{
	struct knock *knock = context;
	struct door *door = &knock->viewer->server->door;
	enum accept_answer answer = ACCEPT_NO;
	/* The window's numbers are those of x11vnc's popup. */
	static const struct accept_rule window = { .yes = 0, .view = 3 };

	knock->question = 0;
	if (verdict == BROKER_DONE)
		answer = accept_rule_answer(
			knock->asked == 0 ? &window : &door->accept, status);
	if (answer == ACCEPT_NO) {
		deny(knock, why_denied(verdict));
		return;
	}
	knock->view_only = knock->view_only || answer == ACCEPT_VIEW;
	knock->asked++;
	ask_next(door, knock);
}

static void ask(struct door *door, struct knock *knock, enum broker_job job)
{
	struct broker_request request;

	hook_request(&request, job, knock->viewer);
	/* The job has a time of its own. */
	connection_set_deadline(knock->viewer->layer.connection, 0, NULL);
	knock->question = broker_ask(door->broker, &request, on_answer, knock);
	if (knock->question == 0)
		deny(knock, why_denied(BROKER_FAILED));
	else
		control_event_viewer(CONTROL_VIEWER_ASKS, knock->viewer);
}

static void let_in(struct knock *knock)
{
	const char *refusal = viewer_refusal(knock->viewer);

	/* Others may have come in while it waited. */
	if (refusal != NULL) {
		door_count_refusal(&knock->viewer->server->door,
			&knock->viewer->layer.connection->peer);
		session_turn_away(knock->viewer->session, refusal);
		return;
	}
	connection_await_login(knock->viewer->layer.connection);
	session_let_in(knock->viewer->session, knock->view_only);
}

static void ask_next(struct door *door, struct knock *knock)
{
	if (knock->asked == 0 && !needs_person(door, knock))
		knock->asked++;
	if (knock->asked == 1 && door->plan.jobs[BROKER_ACCEPT].text == NULL)
		knock->asked++;
	if (knock->asked == DECIDERS)
		let_in(knock);
	else
		ask(door, knock,
			knock->asked == 0 ? BROKER_QUERY : BROKER_ACCEPT);
}

/* Who may only watch could else guess on for the password of those who may do
 * more, with a right answer of his own after every few wrong ones. */
static bool may_all(const struct viewer *viewer)
{
	const struct session_rights *rights = session_rights(viewer->session);

	if (viewer->look != NULL && viewer->look->wish.nothing_else)
		return false;
	/* The same of one of several desktops, and the others' passwords. */
	if (viewer->share->name != NULL)
		return false;
	return viewer->share->options->view_only ||
	       (rights->control && rights->clipboard);
}

bool door_decide(
	struct door *door, struct viewer *viewer, enum accept_answer answer)
{
	struct knock *knock = &viewer->knock;

	if (knock->question == 0)
		return false;
	broker_forget(door->broker, knock->question);
	knock->question = 0;
	if (answer == ACCEPT_NO) {
		deny(knock, why_denied(BROKER_DONE));
		return true;
	}
	knock->view_only = knock->view_only || answer == ACCEPT_VIEW;
	let_in(knock);
	return true;
}

void door_answered(struct door *door, struct viewer *viewer, bool rightly)
{
	const struct address *address = &viewer->layer.connection->peer;
	const char *refusal = door_refusal(door, address);

	/* Many guesses may be under way when the address is blocked: none of
	 * them learns anything, the right one neither. */
	if (refusal != NULL) {
		count(door, METRICS_REFUSED_BLOCKED);
		session_turn_away(viewer->session, refusal);
	} else if (!rightly) {
		turn_away_later(door, viewer, NULL, door_wrong(door, address));
	} else {
		if (may_all(viewer))
			blacklist_right(&door->blacklist, address);
		viewer->knock = (struct knock){ .viewer = viewer };
		ask_next(door, &viewer->knock);
	}
}
