#include "server/display/seat.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-login.h>

/* Also where an event was missed. */
enum { LOOK_AGAIN_MS = 60000 };

/* ":1" */
static int display_of(const char *session)
{
	char *name = NULL, *end;
	long number = -1;

	if (sd_session_get_display(session, &name) >= 0 && name[0] == ':') {
		number = strtol(name + 1, &end, 10);
		if (end == name + 1 || number > 65535)
			number = -1;
	}
	free(name);
	return (int)number;
}

static bool is(int (*get)(const char *session, char **value),
	const char *session, const char *wanted)
{
	char *value = NULL;
	bool found = get(session, &value) >= 0 && strcmp(value, wanted) == 0;

	free(value);
	return found;
}

bool seat_look(struct seat *seat)
{
	char *session = NULL;
	unsigned vt = 0;

	memset(seat, 0, sizeof(*seat));
	if (sd_seat_get_active("seat0", &session, &seat->user) < 0 ||
		session == NULL)
		return false;
	if (sd_session_get_vt(session, &vt) >= 0)
		seat->vt = (int)vt;
	seat->display = display_of(session);
	seat->is_wayland = is(sd_session_get_type, session, "wayland");
	seat->is_greeter = is(sd_session_get_class, session, "greeter");
	free(session);
	return true;
}

static bool is_same(const struct seat *one, const struct seat *other)
{
	return one->vt == other->vt && one->display == other->display &&
	       one->user == other->user;
}

bool seat_wait(const struct seat *before)
{
	sd_login_monitor *monitor = NULL;
	struct seat now;
	bool changed = false;

	if (sd_login_monitor_new(NULL, &monitor) < 0)
		return false;
	while (!changed) {
		struct pollfd waited = { .fd = sd_login_monitor_get_fd(monitor),
			.events = POLLIN };
		bool there = seat_look(&now);

		changed = there && (before == NULL || !is_same(before, &now));
		if (!changed && poll(&waited, 1, LOOK_AGAIN_MS) < 0 &&
			errno != EINTR)
			break;
		sd_login_monitor_flush(monitor);
	}
	sd_login_monitor_unref(monitor);
	return changed;
}
