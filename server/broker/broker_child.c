#include "server/broker/broker_child.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "server/broker/pam_check.h"
#include "server/display/display_report.h"
#include "server/display/display_search.h"
#include "server/display/seat.h"
#include "x11/query_window.h"

enum { NOT_RUN = 127 };

static void set_environment(const char *const *strings)
{
	for (; *strings != NULL; strings++)
		if (broker_wire_is_variable(*strings))
			putenv((char *)*strings);
}

static int run_command(const char *command, const char *const *strings)
{
	set_environment(strings);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	return NOT_RUN;
}

static int ask(const struct broker_plan *plan, const char *const *strings)
{
	const char *address, *user;
	struct query_window window = {
		.mouse = plan->query_mouse,
		.keys = plan->query_keys,
		.view = plan->query_view,
		.placed = plan->query_placed,
		.x = plan->query_x,
		.y = plan->query_y,
	};

	set_environment(strings);
	address = getenv("RFB_CLIENT_IP");
	user = getenv("RFB_USERNAME");
	window.address = address != NULL ? address : "?";
	window.user = user != NULL ? user : "";
	return query_window_ask(&window);
}

static int check_password(const char *service, const char *const *strings)
{
	if (strings[0] == NULL || strings[1] == NULL || strings[2] == NULL ||
		strings[0][0] == '\0' || strings[1][0] == '\0')
		return PAM_CHECK_WRONG;
	return (int)pam_check(service, strings[0], strings[1], strings[2]);
}

static int find_display(const struct broker_display *display)
{
	struct display_target found = { NULL, NULL };
	enum display_found answer = display_search_run(display->search, &found);

	if (answer == DISPLAY_FOUND &&
		!display_report_write(display->report, &found))
		return DISPLAY_NONE;
	return (int)answer;
}

/* `seat` NULL: nobody sits there. */
static int work(const struct broker_plan *plan,
	const struct broker_request *request, const struct seat *seat)
{
	const char *strings[BROKER_MOST_STRINGS + 1];
	const char *text = plan->jobs[request->job].text;

	broker_wire_strings(request, strings);
	if (request->job == BROKER_PAM)
		return check_password(text, strings);
	if (request->job == BROKER_DISPLAY)
		return find_display(&plan->displays[request->desktop]);
	if (request->job == BROKER_SEAT)
		return seat_wait(seat) ? 0 : 1;
	if (request->job == BROKER_QUERY)
		return ask(plan, strings);
	return run_command(text, strings);
}

/* All but the two of a report. */
static void close_others(const struct display_report *report)
{
	unsigned first, second;

	if (report == NULL) {
		close_range(3, ~0U, 0);
		return;
	}
	first = (unsigned)report->name;
	second = (unsigned)report->cookies;
	if (first > 3)
		close_range(3, first - 1, 0);
	if (second > first + 1)
		close_range(first + 1, second - 1, 0);
	close_range(second + 1, ~0U, 0);
}

static void become_ordinary(const struct display_report *report)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	close_others(report);
}

pid_t broker_child_start(
	const struct broker_plan *plan, const struct broker_request *request)
{
	struct seat seat;
	bool is_taken = false;
	pid_t pid;

	/* Here and now: a search that is asked for next must not see it sooner
	 * than who waits for another does. */
	if (request->job == BROKER_SEAT)
		is_taken = seat_look(&seat);
	pid = fork();
	if (pid == 0) {
		become_ordinary(
			request->job == BROKER_DISPLAY
				? plan->displays[request->desktop].report
				: NULL);
		_exit(work(plan, request, is_taken ? &seat : NULL));
	}
	return pid;
}
